import Gateway
import SQL

/// Runs `body` and turns its error into the store's, which tells the caller what to do.
func storeError<Result>(_ body: () throws(SQLError) -> Result) throws(StoreError) -> Result {
    do {
        return try body()
    } catch {
        throw StoreError(error)
    }
}

extension StoreError {
    /// What a caller can do about an error of SQLite. The message names the error and never a value.
    init(_ error: SQLError) {
        switch error.kind {
        case .full: self.init(.full, "the disk or the file's limit is full")
        case .busy: self.init(.busy, "another connection is writing")
        case .corrupt: self.init(.corrupt, "the file is damaged or no store: \(error.message)")
        case .constraint: self.init(.failed, "a row was stored twice or is not allowed: \(error.message)")
        case .interrupted: self.init(.late, "the query took longer than it may")
        case .newer, .foreign: self.init(.failed, error.message)
        default: self.init(.failed, "SQLite cannot do it: \(error)")
        }
    }
}
