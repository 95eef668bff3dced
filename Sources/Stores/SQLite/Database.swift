import Gateway
import SQL

/// A connection to the store's file whose errors are the store's. One thread at a time may use it.
final class Database {
    private let connection: SQLConnection

    /// What a connection is for.
    enum Role {
        /// Commits and small reads.
        case writer
        /// Reads alone.
        case reader
        /// Changes a file that can be made again.
        case index
    }

    /// Opens a connection of a role to an existing file.
    init(path: String, _ role: Role, _ options: SQLiteOptions) throws(StoreError) {
        var connecting = SQLOptions()
        connecting.access = role == .reader ? .read : .write
        if role == .index { connecting.synchronous = .normal }
        connecting.busyMilliseconds = options.busyTimeout
        connecting.cacheKiB = role == .index ? options.indexCacheKibibytes : options.cacheKibibytes
        connecting.checkpointPages = options.checkpointPages
        connecting.vfs = options.vfs
        connection = try storeError { () throws(SQLError) in try SQLConnection(path: path, options: connecting) }
        if role != .index, let pages = options.maximumPages { try script("PRAGMA max_page_count = \(pages)") }
    }

    /// Brings the file to the newest of its versions; throws for another program's file and a newer gateway's.
    func migrate(_ versions: SQLMigrations) throws(StoreError) {
        try storeError { () throws(SQLError) in _ = try versions.apply(to: connection) }
    }

    /// Throws for another program's file and a newer gateway's, without changing a byte of it.
    static func refuseForeign(
        _ path: String, _ versions: SQLMigrations, _ options: SQLiteOptions
    ) throws(StoreError) {
        var connecting = SQLOptions()
        connecting.access = .read
        connecting.vfs = options.vfs
        try storeError { () throws(SQLError) in
            let connection = try SQLConnection(path: path, options: connecting)
            do throws(SQLError) {
                try versions.apply(to: connection)
            } catch {
                // A file that is ours and older is refused only because this connection cannot write.
                if error.kind != .readonly { throw error }
            }
        }
    }

    /// Prepares a statement for one who runs it often.
    func prepare(_ sql: String) throws(StoreError) -> SQLStatement {
        try storeError { () throws(SQLError) in try connection.prepare(sql) }
    }

    /// Runs statements without values or rows.
    func script(_ sql: String) throws(StoreError) {
        try storeError { () throws(SQLError) in try connection.script(sql) }
    }

    /// Runs a statement that changes rows.
    func run(_ sql: String, _ values: SQLValue...) throws(StoreError) {
        try storeError { () throws(SQLError) in try connection.query(sql, values) { _ in } }
    }

    /// How many rows the last statement changed.
    var changes: Int { connection.changes }

    /// The row id of the last insert into a table that has them.
    var lastRowID: Int64 { connection.lastRowID }

    /// Every row of a query.
    func all<Row>(
        _ sql: String, _ values: SQLValue..., read: (SQLRow) throws(StoreError) -> Row
    ) throws(StoreError) -> [Row] {
        try rows(sql, values, read)
    }

    /// The only row of a query that finds one or none.
    func first<Row>(
        _ sql: String, _ values: SQLValue..., read: (SQLRow) throws(StoreError) -> Row
    ) throws(StoreError) -> Row? {
        try rows(sql, values, read).first
    }

    /// What `read` finds for each identifier, without those that it does not find.
    func each<Row>(
        _ ids: [String], _ read: (Database) -> (String) throws(StoreError) -> Row?
    ) throws(StoreError) -> [Row] {
        var rows: [Row] = []
        for id in ids {
            if let row = try read(self)(id) { rows.append(row) }
        }
        return rows
    }

    private func rows<Row>(
        _ sql: String, _ values: [SQLValue], _ read: (SQLRow) throws(StoreError) -> Row
    ) throws(StoreError) -> [Row] {
        var rows: [Row] = []
        var failure: StoreError?
        try storeError { () throws(SQLError) in
            try connection.query(sql, values) { row in
                guard failure == nil else { return }
                do throws(StoreError) { rows.append(try read(row)) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        return rows
    }

    /// Runs `body` as one transaction that writes: all of it or nothing.
    func change<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try transaction(.immediate, body)
    }

    /// Runs `body` on one state of the file, whatever others commit meanwhile.
    func look<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try transaction(.deferred, body)
    }

    /// Runs `body`, whose queries fail as `late` once a time is over; `nil` for none.
    func within<Result>(
        _ time: Duration?, _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        guard let time else { return try body() }
        return try connection.within(time, body)
    }

    private func transaction<Result>(
        _ kind: SQLConnection.Transaction, _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        // A roll-back that failed leaves the transaction open; the next one must not become part of it.
        try storeError { () throws(SQLError) in
            try connection.rollback()
            try connection.begin(kind)
        }
        do {
            let result = try body()
            try storeError { () throws(SQLError) in try connection.commit() }
            return result
        } catch {
            // The first error is the one to tell.
            try? connection.rollback()
            throw error
        }
    }
}
