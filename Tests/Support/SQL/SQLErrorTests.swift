import Glibc
import SQL
import Testing

@Suite("What SQLite refuses")
struct SQLErrorTests {
    static let schema = """
        CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER CHECK (age >= 0)) STRICT;
        CREATE TABLE c(p INTEGER NOT NULL REFERENCES p(id)) STRICT;
        INSERT INTO p VALUES (1, 'a', 3);
        """

    @Test(
        "a broken constraint is named with its kind",
        arguments: [
            ("INSERT INTO p VALUES (1, 'b', 1)", "SQLITE_CONSTRAINT_PRIMARYKEY"),
            ("INSERT INTO p VALUES (2, 'a', 1)", "SQLITE_CONSTRAINT_UNIQUE"),
            ("INSERT INTO p VALUES (2, NULL, 1)", "SQLITE_CONSTRAINT_NOTNULL"),
            ("INSERT INTO p VALUES (2, 'b', -1)", "SQLITE_CONSTRAINT_CHECK"),
            ("INSERT INTO p VALUES (2, 'b', 'old')", "SQLITE_CONSTRAINT_DATATYPE"),
            ("INSERT INTO c VALUES (7)", "SQLITE_CONSTRAINT_FOREIGNKEY"),
        ])
    func constraints(sql: String, name: String) throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script(Self.schema)
        let error = #expect(throws: SQLError.self) { try connection.run(sql) }
        #expect(error?.kind == .constraint)
        #expect(error?.name == name)
        #expect(try connection.first("SELECT count(*) FROM p") { $0.integer(0) } == 1)
    }

    @Test("an error never contains a bound value")
    func discretion() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script(Self.schema)
        try connection.run("INSERT INTO p VALUES (?, ?, ?)", 2, "+447700900123", 1)
        let error = #expect(throws: SQLError.self) {
            try connection.run("INSERT INTO p VALUES (?, ?, ?)", 3, "+447700900123", 1)
        }
        #expect(error.map { "\($0)".contains("447700900123") } == false)
        #expect(error?.message.contains("p.name") == true)
    }

    @Test(
        "wrong use is misuse",
        arguments: [
            "SELEC 1", "SELECT 1; SELECT 2", "", "  -- note", "SELECT \"string\"", "SELECT nothing FROM nowhere",
        ])
    func misuse(sql: String) throws {
        let connection = try SQLConnection(path: ":memory:")
        let error = #expect(throws: SQLError.self) { try connection.query(sql) { _ in } }
        #expect(error?.kind == .misuse)
        #expect(try connection.first("SELECT 1; ") { $0.integer(0) } == 1)
    }

    @Test("a full database says so, rolls back, and stays usable with what it had")
    func full() throws {
        let folder = try TemporaryFolder()
        let connection = try SQLConnection(path: folder.file("full.db"))
        try connection.script("CREATE TABLE t(v BLOB); INSERT INTO t VALUES (x'01')")
        try connection.script("PRAGMA max_page_count = 20")
        let error = #expect(throws: SQLError.self) {
            try connection.transaction { () throws(SQLError) in
                for _ in 0..<100 {
                    try connection.run("INSERT INTO t VALUES (?)", .blob([UInt8](repeating: 1, count: 4_000)))
                }
            }
        }
        #expect(error?.kind == .full)
        #expect(!connection.inTransaction)
        #expect(try connection.first("SELECT count(*) FROM t") { $0.integer(0) } == 1)
        try connection.script("PRAGMA max_page_count = 1000")
        try connection.run("INSERT INTO t VALUES (?)", .blob([2]))
        #expect(try connection.integrityFindings() == [])
    }

    @Test("a second writer is told that the file is busy")
    func busy() throws {
        let folder = try TemporaryFolder()
        var options = SQLOptions()
        options.busyMilliseconds = 0
        let one = try SQLConnection(path: folder.file("busy.db"), options: options)
        try one.script("CREATE TABLE t(v)")
        let other = try SQLConnection(path: folder.file("busy.db"), options: options)
        try one.begin()
        let error = #expect(throws: SQLError.self) { try other.begin() }
        #expect(error?.kind == .busy)
        #expect(try other.first("SELECT count(*) FROM t") { $0.integer(0) } == 0)
        try one.rollback()
        try other.begin()
        try other.commit()
    }

    @Test("a read-only connection reads and cannot write")
    func readOnly() throws {
        let folder = try TemporaryFolder()
        let writer = try SQLConnection(path: folder.file("r.db"))
        try writer.script("CREATE TABLE t(v); INSERT INTO t VALUES (5)")
        var options = SQLOptions()
        options.access = .read
        let reader = try SQLConnection(path: folder.file("r.db"), options: options)
        #expect(try reader.first("SELECT v FROM t") { $0.integer(0) } == 5)
        let error = #expect(throws: SQLError.self) { try reader.run("INSERT INTO t VALUES (6)") }
        #expect(error?.kind == .readonly)
    }

    @Test("a file that is missing or no database is refused")
    func badFiles() throws {
        let folder = try TemporaryFolder()
        var options = SQLOptions()
        options.access = .write
        let missing = #expect(throws: SQLError.self) { try SQLConnection(path: folder.file("no.db"), options: options) }
        #expect(missing?.kind == .io)
        let file = try #require(fopen(folder.file("text.db"), "w"))
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 8_192)
        #expect(fwrite(text, 1, text.count, file) == text.count)
        fclose(file)
        let damaged = #expect(throws: SQLError.self) { try SQLConnection(path: folder.file("text.db")) }
        #expect(damaged?.kind == .corrupt)
    }
}
