/// How a connection is opened. The defaults suit a writer whose commits must survive a loss of power.
public struct SQLOptions: Sendable, Hashable {
    /// What a connection may do with its file.
    public enum Access: Sendable, Hashable {
        /// Reads and writes, and makes the file if it is missing.
        case create
        /// Reads and writes a file that exists.
        case write
        /// Reads a file that exists.
        case read
    }

    /// When a commit in WAL mode reaches the disk.
    public enum Synchronous: String, Sendable, Hashable {
        /// Before the commit returns.
        case full = "FULL"
        /// At the next checkpoint: a loss of power can lose commits, never the file.
        case normal = "NORMAL"
        /// When the system likes: for tests and files that can be made again.
        case off = "OFF"
    }

    /// What the connection may do.
    public var access: Access = .create
    /// How many milliseconds a statement waits for a lock of another connection.
    public var busyMilliseconds: Int32 = 5_000
    /// When commits reach the disk.
    public var synchronous: Synchronous = .full
    /// The page cache in KiB.
    public var cacheKiB = 16_384
    /// The size of the write-ahead log, in pages of 4 KiB, at which a commit moves it into the file.
    public var checkpointPages = 2_000
    /// Whether foreign keys are checked.
    public var checksForeignKeys = true
    /// The name of the registered VFS (https://sqlite.org/vfs.html) below the connection; `nil` for the system's.
    public var vfs: String?

    /// The defaults.
    public init() {}

    var pragmas: String {
        var text = """
            PRAGMA cache_size = -\(max(0, cacheKiB)); PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;
            PRAGMA foreign_keys = \(checksForeignKeys ? "ON" : "OFF");
            """
        if access != .read {
            text += """
                PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = \(synchronous.rawValue);
                PRAGMA wal_autocheckpoint = \(max(0, checkpointPages)); PRAGMA journal_size_limit = 67108864;
                """
        }
        return text
    }
}
