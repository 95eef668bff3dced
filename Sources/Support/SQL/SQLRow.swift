import CSQLite

/// The row at hand of a running statement; valid only in the call that got it. Columns count from 0.
///
/// Reads convert as SQLite does: NULL is 0, "" or no bytes, and so is a column that does not exist.
public struct SQLRow {
    let statement: OpaquePointer

    /// How many columns there are.
    public var count: Int32 { sqlite3_column_count(statement) }

    /// Whether a column is NULL.
    public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// A column as an integer.
    public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// A column as a number.
    public func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    /// A column as text; bytes that are no UTF-8 become U+FFFD.
    public func text(_ column: Int32) -> String {
        // The order matters: the length is that of the form asked for last.
        guard let text = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    /// A column as bytes.
    public func blob(_ column: Int32) -> [UInt8] { withBlob(column) { [UInt8]($0) } }

    /// A column as bytes without a copy; they are valid during the call.
    public func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(statement, column)
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// A column in the storage class it has.
    public func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(real(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }
}
