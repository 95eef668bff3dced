extension SQLConnection {
    /// When a transaction takes its locks.
    public enum Transaction: String, Sendable, Hashable {
        /// At the first read or write: for reading one state of the file.
        case deferred = "BEGIN DEFERRED"
        /// At once, for writing: so that it waits here and never fails in the middle because another one wrote.
        case immediate = "BEGIN IMMEDIATE"
    }

    /// Begins a transaction.
    public func begin(_ kind: Transaction = .immediate) throws(SQLError) { try run(kind.rawValue) }

    /// Commits. If it throws, the transaction may be open still (`inTransaction`): roll back.
    public func commit() throws(SQLError) { try run("COMMIT") }

    /// Undoes the transaction; nothing to do if SQLite has done it already, as after a full disk.
    public func rollback() throws(SQLError) {
        if inTransaction { try run("ROLLBACK") }
    }

    /// Runs `body` in a transaction: all of it or, if it throws, nothing.
    public func transaction<Value>(
        _ kind: Transaction = .immediate, _ body: () throws(SQLError) -> Value
    ) throws(SQLError) -> Value {
        try begin(kind)
        do {
            let value = try body()
            try commit()
            return value
        } catch {
            // The first error is the one to tell.
            try? rollback()
            throw error
        }
    }
}
