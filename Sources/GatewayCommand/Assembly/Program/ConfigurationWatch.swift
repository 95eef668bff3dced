import Glibc

/// Notices that a configuration file was replaced: it is looked at every second, through symbolic links.
///
/// It reads the file's place in the file system and not its content, which is cheap and sees every way in which files
/// are replaced: written over, renamed over, and a link that leads elsewhere, as Kubernetes does
/// (docs/decisions/0025-the-configuration-file-is-looked-at.md).
struct ConfigurationWatch {
    /// How often to look.
    static let pause = Duration.seconds(1)

    /// What a file system says about a file; equal ones have the same content for our purposes.
    struct Stamp: Equatable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        /// Nanoseconds, of the content and of the inode.
        var modified: Int64
        var changed: Int64
    }

    private let stamp: () -> Stamp?
    /// What was told last.
    private var settled: Stamp?
    /// What the last look saw.
    private var seen: Stamp?

    /// A watch over what `stamp` says; `nil` while there is no file.
    init(stamp: @escaping () -> Stamp?) { self.stamp = stamp }

    /// A watch over the file that a path leads to.
    init(path: String) { self.init { Self.stamp(of: path) } }

    /// Looks once. `true` when the file is another than it said before (at first: than none) and has stood still since
    /// the last look, so that it is not read while it is written.
    mutating func sawChange() -> Bool {
        let now = stamp()
        defer { seen = now }
        guard let now, now != settled, now == seen else { return false }
        settled = now
        return true
    }

    /// What a path leads to, through symbolic links; `nil` when that is no file.
    static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) }
        return Stamp(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
    }
}
