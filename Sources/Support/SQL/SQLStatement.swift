import CSQLite

/// A prepared statement. It is reset after every use, so that it keeps no lock and no value.
final class SQLStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    /// Whether its rows are being read.
    private(set) var isRunning = false

    /// How many blobs are bound in place, one level of the stack each; further ones are copied.
    private static let inPlaceLimit = 32

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
        guard isWhole else { throw SQLError(.misuse, code: SQLITE_MISUSE, "the SQL has more than one statement") }
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds values, hands each row to `row`, and resets.
    func execute(_ values: [SQLValue], _ row: (SQLRow) throws(SQLError) -> Void) throws(SQLError) {
        guard values.count == Int(sqlite3_bind_parameter_count(handle)) else {
            let message = "the SQL wants \(sqlite3_bind_parameter_count(handle)) values and got \(values.count)"
            throw SQLError(.misuse, code: SQLITE_RANGE, message)
        }
        isRunning = true
        defer { isRunning = false }
        try bind(values, from: 0, inPlace: 0) { () throws(SQLError) in
            // Inside, because values bound in place end with this scope.
            defer {
                sqlite3_reset(handle)
                if !values.isEmpty { sqlite3_clear_bindings(handle) }
            }
            try steps(row)
        }
    }

    private func steps(_ row: (SQLRow) throws(SQLError) -> Void) throws(SQLError) {
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try row(SQLRow(statement: handle))
            case SQLITE_DONE: return
            default: throw SQLError(connection)
            }
        }
    }

    private func bind(
        _ values: [SQLValue], from start: Int, inPlace: Int, _ body: () throws(SQLError) -> Void
    ) throws(SQLError) {
        for index in start..<values.count {
            let position = Int32(clamping: index + 1)
            switch values[index] {
            case .null: try check(sqlite3_bind_null(handle, position))
            case .integer(let value): try check(sqlite3_bind_int64(handle, position, value))
            case .real(let value): try check(sqlite3_bind_double(handle, position, value))
            case .text(let text): try bindText(text, position)
            case .blob(let blob):
                if blob.isEmpty {
                    try check(sqlite3_bind_zeroblob(handle, position, 0))
                } else if inPlace >= Self.inPlaceLimit {
                    let copied = gw_sqlite_transient()
                    try check(sqlite3_bind_blob64(handle, position, blob, UInt64(blob.count), copied))
                } else {
                    return try blob.withUnsafeBufferPointer { (bytes) throws(SQLError) in
                        let count = UInt64(bytes.count)
                        try check(sqlite3_bind_blob64(handle, position, bytes.baseAddress, count, nil))
                        try bind(values, from: index + 1, inPlace: inPlace + 1, body)
                    }
                }
            }
        }
        try body()
    }

    private func bindText(_ text: String, _ position: Int32) throws(SQLError) {
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
        try check(result)
    }

    private func check(_ result: Int32) throws(SQLError) {
        guard result == SQLITE_OK else { throw SQLError(connection) }
    }
}
