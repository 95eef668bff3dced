import SQL
import Testing

@Suite("Binding and reading values")
struct SQLBindingTests {
    static let values: [SQLValue] = [
        nil, 0, -1, .integer(.max), .integer(.min), 0.5, -0.0, .real(.infinity), .real(.leastNonzeroMagnitude), "", "a",
        "é😀", "with \u{0} inside", "it's; DROP TABLE x --", .blob([]), .blob([0]), .blob([0, 255, 0]),
        .blob([UInt8](repeating: 7, count: 100_000)), .text(String(repeating: "é", count: 50_000)),
    ]

    @Test("a value comes back as it was bound, with its storage class", arguments: values)
    func roundTrip(value: SQLValue) throws {
        let connection = try SQLConnection(path: ":memory:")
        #expect(try connection.first("SELECT ?", value) { $0.value(0) } == value)
        try connection.script("CREATE TABLE t(v)")
        try connection.run("INSERT INTO t VALUES (?)", value)
        #expect(try connection.first("SELECT v FROM t") { $0.value(0) } == value)
        #expect(try connection.first("SELECT count(*) FROM t WHERE v IS ?", value) { $0.integer(0) } == 1)
    }

    @Test("typed reads give the value, and nothing for NULL and columns that are not there")
    func typedReads() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.query("SELECT 7, 2.5, 'text', x'0102', NULL") { row in
            #expect(row.count == 5)
            #expect(row.integer(0) == 7)
            #expect(row.real(1) == 2.5)
            #expect(row.text(2) == "text")
            #expect(row.blob(3) == [1, 2])
            #expect(row.withBlob(3) { $0.count } == 2)
            #expect(!row.isNull(0))
            for column: Int32 in [4, 5, -1] {
                #expect(row.isNull(column))
                #expect(row.integer(column) == 0)
                #expect(row.text(column).isEmpty)
                #expect(row.blob(column).isEmpty)
                #expect(row.value(column) == .null)
            }
        }
    }

    @Test("NaN is stored as NULL")
    func notANumber() throws {
        let connection = try SQLConnection(path: ":memory:")
        #expect(try connection.first("SELECT ?", .real(.nan)) { $0.isNull(0) } == true)
    }

    @Test("many blobs keep their order and content", arguments: [31, 32, 33, 500])
    func manyBlobs(count: Int) throws {
        let connection = try SQLConnection(path: ":memory:")
        let values = (0..<count).map { SQLValue.blob([UInt8](repeating: UInt8($0 % 251), count: $0 % 9)) }
        let marks = values.map { _ in "?" }.joined(separator: ",")
        try connection.query("SELECT \(marks)", values) { row in
            for index in values.indices { #expect(row.value(Int32(index)) == values[index]) }
        }
    }

    @Test("a wrong number of values is refused before anything runs")
    func wrongCount() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(a, b)")
        for values in [[], [1], [1, 2, 3]] as [[SQLValue]] {
            let error = #expect(throws: SQLError.self) {
                try connection.query("INSERT INTO t VALUES (?, ?)", values) { _ in }
            }
            #expect(error?.kind == .misuse)
        }
        #expect(try connection.first("SELECT count(*) FROM t") { $0.integer(0) } == 0)
    }

    @Test("values of one run do not reach the next")
    func cleared() throws {
        let connection = try SQLConnection(path: ":memory:")
        #expect(try connection.first("SELECT ?1", "secret") { $0.text(0) } == "secret")
        #expect(try connection.first("SELECT ?1", nil) { $0.isNull(0) } == true)
    }

    @Test("a row's reader may run the same statement again")
    func nested() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(v); INSERT INTO t VALUES (1), (2), (3)")
        let sql = "SELECT v FROM t ORDER BY v"
        var seen: [Int64] = []
        try connection.query(sql) { outer throws(SQLError) in
            seen.append(outer.integer(0))
            try connection.query(sql) { inner in seen.append(inner.integer(0) * 10) }
        }
        #expect(seen == [1, 10, 20, 30, 2, 10, 20, 30, 3, 10, 20, 30])
    }

    @Test("an error of a row's reader ends the statement and leaves it usable")
    func readerThrows() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(v); INSERT INTO t VALUES (1), (2)")
        #expect(throws: SQLError.self) {
            try connection.query("SELECT v FROM t") { _ throws(SQLError) in try connection.script("nonsense") }
        }
        #expect(try connection.all("SELECT v FROM t") { $0.integer(0) } == [1, 2])
        try connection.script("DROP TABLE t")
    }

    @Test("the number of changed rows and the last row id are those of the statement")
    func counts() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(id INTEGER PRIMARY KEY, v)")
        #expect(try connection.run("INSERT INTO t(v) VALUES (1), (2), (3)") == 3)
        #expect(connection.lastRowID == 3)
        #expect(try connection.run("UPDATE t SET v = 0 WHERE id > ?", 1) == 2)
        #expect(try connection.run("DELETE FROM t WHERE id = ?", 9) == 0)
        #expect(connection.changes == 0)
    }

    @Test("more texts than are kept work as well")
    func manyTexts() throws {
        let connection = try SQLConnection(path: ":memory:")
        for number in 0..<1_200 {
            #expect(try connection.first("SELECT \(number)") { $0.integer(0) } == Int64(number))
        }
    }

    @Test("a kept statement runs with new values each time")
    func kept() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(id INTEGER PRIMARY KEY, name, body)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?, ?)")
        let rows: [(Int64, String, [UInt8])] = [(1, "", []), (2, "é\u{0}", [0, 255]), (3, "z", [7])]
        for row in rows {
            insert.bind(row.0)
            insert.bind(row.1)
            insert.bind(row.2)
            try insert.run()
        }
        insert.bind(4)
        insert.bindNull()
        insert.bindNull()
        try insert.run()

        let select = try connection.prepare("SELECT id, name, body FROM t WHERE id >= ? ORDER BY id")
        for start in [Int64(1), 3, 1] {
            var read: [[SQLValue]] = []
            select.bind(start)
            try select.query { row in read.append([row.value(0), row.value(1), row.value(2)]) }
            let all: [[SQLValue]] = rows.map { [.integer($0.0), .text($0.1), .blob($0.2)] } + [[4, nil, nil]]
            #expect(read == Array(all.suffix(5 - Int(start))))
        }
    }

    @Test("a kept statement refuses too few and too many values, and works afterwards", arguments: [0, 1, 3])
    func keptCount(count: Int) throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(a, b)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?)")
        insert.bind(1)
        insert.bind("of the run before")
        try insert.run()
        for _ in 0..<count { insert.bind(2) }
        let error = #expect(throws: SQLError.self) { try insert.run() }
        #expect(error?.kind == .misuse)
        insert.bind(3)
        insert.bind(4)
        try insert.run()
        #expect(try connection.all("SELECT a FROM t ORDER BY a") { $0.integer(0) } == [1, 3])
    }

    @Test("a kept statement that failed runs again, and holds no lock")
    func keptFails() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(id INTEGER PRIMARY KEY)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?)")
        insert.bind(1)
        try insert.run()
        insert.bind(1)
        let error = #expect(throws: SQLError.self) { try insert.run() }
        #expect(error?.kind == .constraint)
        insert.bind(2)
        try insert.run()
        #expect(try connection.first("SELECT count(*) FROM t") { $0.integer(0) } == 2)
        try connection.script("DROP TABLE t")
    }

    @Test("a kept statement cannot be run by the reader of its rows")
    func keptNested() throws {
        let connection = try SQLConnection(path: ":memory:")
        let select = try connection.prepare("SELECT 1 UNION ALL SELECT 2")
        var seen: [Int64] = []
        try select.query { row in
            seen.append(row.integer(0))
            let error = #expect(throws: SQLError.self) { try select.run() }
            #expect(error?.kind == .misuse)
        }
        #expect(seen == [1, 2])
    }

    @Test("a kept statement follows a change of the schema")
    func keptSchema() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(a)")
        let insert = try connection.prepare("INSERT INTO t(a) VALUES (?)")
        insert.bind([1])
        try insert.run()
        try connection.script("ALTER TABLE t ADD COLUMN b DEFAULT 5")
        insert.bind([2])
        try insert.run()
        #expect(try connection.all("SELECT a FROM t ORDER BY a") { $0.blob(0) } == [[1], [2]])
    }
}
