import CSQLite

/// What SQLite refused. It names tables, columns and errors, never a bound value.
public struct SQLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a caller can do about it.
    public enum Kind: String, Sendable, Hashable {
        /// Another connection holds a lock; try again.
        case busy
        /// The disk or the file's page limit is full; the transaction was rolled back.
        case full
        /// The file is damaged or no database.
        case corrupt
        /// The file or the connection does not allow writing.
        case readonly
        /// A constraint of the schema: unique, not null, check, foreign key, type of a strict table.
        case constraint
        /// Reading or writing the file failed, or it cannot be opened.
        case io
        /// The caller uses the library wrongly: bad SQL, wrong number of values.
        case misuse
        /// The time of a statement was over, or somebody ended it.
        case interrupted
        /// The file has a newer schema than this program knows.
        case newer
        /// The file is another program's database.
        case foreign
        /// Anything else.
        case other
    }

    /// What a caller can do about it.
    public var kind: Kind
    /// SQLite's extended result code, such as 2067.
    public var code: Int32
    /// The cause for a person.
    public var message: String

    /// The name of the code, such as `SQLITE_CONSTRAINT_UNIQUE`; a code without a name here has that of its group.
    public var name: String { Self.names[code] ?? Self.names[code & 0xFF] ?? "SQLITE_\(code)" }

    /// `name: message`.
    public var description: String { "\(name): \(message)" }

    init(_ kind: Kind, code: Int32, _ message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }

    /// The error of a result code.
    init(code: Int32, _ message: String) {
        let kind: Kind =
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readonly
            case SQLITE_CONSTRAINT, SQLITE_MISMATCH: .constraint
            case SQLITE_IOERR, SQLITE_CANTOPEN: .io
            case SQLITE_INTERRUPT: .interrupted
            case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_TOOBIG: .misuse
            default: .other
            }
        self.init(kind, code: code, message)
    }

    /// The last error of a connection.
    init(_ connection: OpaquePointer) {
        self.init(code: sqlite3_extended_errcode(connection), String(cString: sqlite3_errmsg(connection)))
    }

    private static let names: [Int32: String] = [
        SQLITE_ERROR: "SQLITE_ERROR", SQLITE_PERM: "SQLITE_PERM", SQLITE_BUSY: "SQLITE_BUSY",
        SQLITE_LOCKED: "SQLITE_LOCKED", SQLITE_NOMEM: "SQLITE_NOMEM", SQLITE_READONLY: "SQLITE_READONLY",
        SQLITE_INTERRUPT: "SQLITE_INTERRUPT", SQLITE_IOERR: "SQLITE_IOERR", SQLITE_CORRUPT: "SQLITE_CORRUPT",
        SQLITE_FULL: "SQLITE_FULL", SQLITE_CANTOPEN: "SQLITE_CANTOPEN", SQLITE_SCHEMA: "SQLITE_SCHEMA",
        SQLITE_TOOBIG: "SQLITE_TOOBIG", SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT", SQLITE_MISMATCH: "SQLITE_MISMATCH",
        SQLITE_MISUSE: "SQLITE_MISUSE", SQLITE_AUTH: "SQLITE_AUTH", SQLITE_RANGE: "SQLITE_RANGE",
        SQLITE_NOTADB: "SQLITE_NOTADB",
        // The extended codes are macros with a shift, which Swift does not see.
        SQLITE_BUSY | 2 << 8: "SQLITE_BUSY_SNAPSHOT", SQLITE_CONSTRAINT | 1 << 8: "SQLITE_CONSTRAINT_CHECK",
        SQLITE_CONSTRAINT | 3 << 8: "SQLITE_CONSTRAINT_FOREIGNKEY",
        SQLITE_CONSTRAINT | 5 << 8: "SQLITE_CONSTRAINT_NOTNULL",
        SQLITE_CONSTRAINT | 6 << 8: "SQLITE_CONSTRAINT_PRIMARYKEY",
        SQLITE_CONSTRAINT | 7 << 8: "SQLITE_CONSTRAINT_TRIGGER",
        SQLITE_CONSTRAINT | 8 << 8: "SQLITE_CONSTRAINT_UNIQUE", SQLITE_CONSTRAINT | 10 << 8: "SQLITE_CONSTRAINT_ROWID",
        SQLITE_CONSTRAINT | 12 << 8: "SQLITE_CONSTRAINT_DATATYPE", SQLITE_IOERR | 2 << 8: "SQLITE_IOERR_SHORT_READ",
        SQLITE_IOERR | 3 << 8: "SQLITE_IOERR_WRITE", SQLITE_IOERR | 4 << 8: "SQLITE_IOERR_FSYNC",
        SQLITE_READONLY | 4 << 8: "SQLITE_READONLY_DBMOVED",
    ]
}
