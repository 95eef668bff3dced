import CSQLite

/// A prepared statement, to be run often. One thread at a time may use it, and only while its connection is open.
///
/// Every run binds all values anew, in their order, and ends with a reset, so that it keeps no lock.
public final class SQLStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let parameters: Int32
    private var bound: Int32 = 0
    /// Why a value of the coming run could not be bound.
    private var failure: SQLError?
    /// Whether its rows are being read.
    private(set) var isRunning = false

    /// Prepares the one statement of a text.
    init(_ sql: String, on connection: OpaquePointer) throws(SQLError) {
        self.connection = connection
        var sql = sql
        var prepared: OpaquePointer?
        let (result, isWhole) = sql.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { text in
                var tail: UnsafePointer<CChar>?
                let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
                let length = Int32(clamping: text.count)
                let result = sqlite3_prepare_v3(connection, text.baseAddress, length, flags, &prepared, &tail)
                let rest = tail.map { tail in text.baseAddress.map { text.count - (tail - $0) } ?? 0 } ?? 0
                return (result, text.suffix(rest).allSatisfy { [0x20, 0x09, 0x0A, 0x0D, 0x3B].contains($0) })
            }
        }
        guard result == SQLITE_OK else { throw SQLError(connection) }
        guard let prepared else { throw SQLError(.misuse, code: SQLITE_MISUSE, "the SQL has no statement") }
        handle = prepared
        parameters = sqlite3_bind_parameter_count(prepared)
        guard isWhole else { throw SQLError(.misuse, code: SQLITE_MISUSE, "the SQL has more than one statement") }
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs with the values that were bound since the last run.
    ///
    /// Throws when there are too few or too many of them or one was refused; that ends the run before anything is done.
    public func run() throws(SQLError) { try query { _ in } }

    /// As `run`, and hands each row to `row`. A row is valid during the call only.
    public func query(_ row: (SQLRow) throws(SQLError) -> Void) throws(SQLError) {
        defer { unbind() }
        guard bound == parameters else {
            let message = "the SQL wants \(parameters) values and got \(bound)"
            throw SQLError(.misuse, code: SQLITE_RANGE, message)
        }
        if let failure { throw failure }
        guard !isRunning else { throw SQLError(.misuse, code: SQLITE_MISUSE, "the statement runs already") }
        isRunning = true
        defer {
            sqlite3_reset(handle)
            isRunning = false
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try row(SQLRow(statement: handle))
            case SQLITE_DONE: return
            default: throw SQLError(connection)
            }
        }
    }

    /// Binds values, hands each row to `row`, and forgets the values.
    func execute(_ values: [SQLValue], _ row: (SQLRow) throws(SQLError) -> Void) throws(SQLError) {
        defer { if !values.isEmpty { sqlite3_clear_bindings(handle) } }
        for value in values { bind(value) }
        try query(row)
    }

    private func unbind() {
        bound = 0
        failure = nil
    }

    private func bind(_ value: SQLValue) {
        switch value {
        case .null: bindNull()
        case .integer(let value): bind(value)
        case .real(let value): note(sqlite3_bind_double(handle, next(), value))
        case .text(let text): bind(text)
        case .blob(let bytes): bind(bytes)
        }
    }

    private func next() -> Int32 {
        bound += 1
        return bound
    }

    private func note(_ result: Int32) {
        if result != SQLITE_OK, failure == nil { failure = SQLError(connection) }
    }
}

// Bytes and texts are copied: binding in place saves one copy of a few hundred bytes, and a pointer into an array that
// has gone must never be left behind.
extension SQLStatement {
    /// Binds an integer as the next value.
    public func bind(_ value: Int64) { note(sqlite3_bind_int64(handle, next(), value)) }

    /// Binds nothing as the next value.
    public func bindNull() { note(sqlite3_bind_null(handle, next())) }

    /// Binds bytes as the next value.
    public func bind(_ bytes: [UInt8]) {
        let position = next()
        // NULL as an address would be NULL as a value.
        guard !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(handle, position, 0)) }
        note(sqlite3_bind_blob64(handle, position, bytes, UInt64(bytes.count), gw_sqlite_transient()))
    }

    /// Binds text as the next value.
    public func bind(_ text: String) {
        let position = next()
        var text = text
        let result = text.withUTF8 { bytes in
            // NULL as an address would be NULL as a value.
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(handle, position, "", 0, gw_sqlite_transient())
            }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                let encoding = UInt8(truncatingIfNeeded: SQLITE_UTF8)
                return sqlite3_bind_text64(handle, position, $0, UInt64(bytes.count), gw_sqlite_transient(), encoding)
            }
        }
        note(result)
    }
}
