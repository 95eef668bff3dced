import CSQLite

/// A connection to a SQLite file in WAL mode, without a mutex: one thread at a time may use it.
///
/// Statements are prepared once for each SQL text and kept. Values are bound, never written into the text.
public final class SQLConnection {
    let handle: OpaquePointer
    private var cache: [String: SQLStatement] = [:]

    /// How many statements are kept; programs have fewer, so that reaching it means texts that contain values.
    private static let cacheLimit = 512

    // Only before the first use of the library, and only for speed: a failure is no error.
    private static let isPrepared = gw_sqlite_no_memory_statistics() == SQLITE_OK

    /// Opens a file; `:memory:` is a database of its own that goes with the connection.
    ///
    /// Throws `io` if the file cannot be opened, `corrupt` if it is no database, `busy` if another connection holds it.
    public init(path: String, options: SQLOptions = SQLOptions()) throws(SQLError) {
        _ = Self.isPrepared
        let access =
            switch options.access {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .write: SQLITE_OPEN_READWRITE
            case .read: SQLITE_OPEN_READONLY
            }
        var opened: OpaquePointer?
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result = sqlite3_open_v2(path, &opened, flags, options.vfs)
        guard let opened else { throw SQLError(code: result, "there is no memory") }
        handle = opened
        // From here on `deinit` closes the handle, when this throws too.
        guard result == SQLITE_OK else { throw SQLError(handle) }
        sqlite3_busy_timeout(handle, options.busyMilliseconds)
        for (flag, value) in Self.flags { _ = gw_sqlite_set_flag(handle, flag, value) }
        try script(options.pragmas)
    }

    deinit {
        cache.removeAll()
        sqlite3_close_v2(handle)
    }

    /// A damaged file cannot do harm, and "x" is a column and never a string.
    private static let flags: [(Int32, Int32)] = [
        (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
    ]

    /// Prepares a statement for a caller that keeps it and runs it often: no text is looked up and no array made.
    public func prepare(_ sql: String) throws(SQLError) -> SQLStatement { try SQLStatement(sql, on: handle) }

    /// Runs statements without values or rows, separated by semicolons.
    public func script(_ sql: String) throws(SQLError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw SQLError(handle) }
    }

    /// Runs one statement and hands each row to `row`. A row is valid during the call only.
    ///
    /// An error of `row` ends the statement and is thrown. `row` may use the connection, also for the same text.
    public func query(
        _ sql: String, _ values: [SQLValue], _ row: (SQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try statement(sql).execute(values, row)
    }

    /// Runs one statement and hands each row to `row`; see the variant with an array.
    public func query(
        _ sql: String, _ values: SQLValue..., row: (SQLRow) throws(SQLError) -> Void
    ) throws(SQLError) { try query(sql, values, row) }

    /// Runs one statement that gives no rows that matter.
    /// - Returns: How many rows it changed; of a statement that changes none the number of the one before.
    @discardableResult
    public func run(_ sql: String, _ values: SQLValue...) throws(SQLError) -> Int {
        try query(sql, values) { _ in }
        return changes
    }

    /// What `read` makes of the first row, or nil if there is none. Further rows are computed and dropped.
    public func first<Value>(
        _ sql: String, _ values: SQLValue..., read: (SQLRow) throws(SQLError) -> Value
    ) throws(SQLError) -> Value? {
        var value: Value?
        var isFirst = true
        try query(sql, values) { row throws(SQLError) in
            if isFirst { value = try read(row) }
            isFirst = false
        }
        return value
    }

    /// What `read` makes of every row.
    public func all<Value>(
        _ sql: String, _ values: SQLValue..., read: (SQLRow) throws(SQLError) -> Value
    ) throws(SQLError) -> [Value] {
        var all: [Value] = []
        try query(sql, values) { row throws(SQLError) in all.append(try read(row)) }
        return all
    }

    /// How many rows the last INSERT, UPDATE, DELETE or REPLACE changed.
    public var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The row id of the last insert into a table that has them.
    public var lastRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open.
    public var inTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// The kept statement of a text, or a fresh one while that is running.
    private func statement(_ sql: String) throws(SQLError) -> SQLStatement {
        if let kept = cache[sql], !kept.isRunning { return kept }
        let fresh = try SQLStatement(sql, on: handle)
        if cache.count >= Self.cacheLimit { cache.removeAll() }
        cache[sql] = fresh
        return fresh
    }
}
