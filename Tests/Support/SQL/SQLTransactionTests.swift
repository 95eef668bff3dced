import SQL
import Testing

@Suite("Transactions, migrations and care of the file")
struct SQLTransactionTests {
    private struct Counter {
        let connection: SQLConnection
        func callAsFunction() throws -> Int64? {
            try connection.first("SELECT count(*) FROM t") { $0.integer(0) }
        }
    }

    @Test("a transaction that throws leaves nothing, one that returns leaves all")
    func allOrNothing() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(v UNIQUE)")
        let count = Counter(connection: connection)
        #expect(throws: SQLError.self) {
            try connection.transaction { () throws(SQLError) in
                try connection.run("INSERT INTO t VALUES (1)")
                try connection.run("INSERT INTO t VALUES (1)")
            }
        }
        #expect(try count() == 0)
        #expect(!connection.inTransaction)
        let value = try connection.transaction { () throws(SQLError) in
            try connection.run("INSERT INTO t VALUES (1)")
            return connection.inTransaction
        }
        #expect(value)
        #expect(try count() == 1)
        try connection.begin()
        try connection.run("DELETE FROM t")
        try connection.rollback()
        try connection.rollback()
        #expect(try count() == 1)
    }

    @Test("a commit that fails is rolled back")
    func failedCommit() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script(
            "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(p REFERENCES p DEFERRABLE INITIALLY DEFERRED)")
        let error = #expect(throws: SQLError.self) {
            try connection.transaction { () throws(SQLError) in try connection.run("INSERT INTO t VALUES (9)") }
        }
        #expect(error?.name == "SQLITE_CONSTRAINT_FOREIGNKEY")
        #expect(!connection.inTransaction)
        #expect(try Counter(connection: connection)() == 0)
    }

    @Test("a reader's transaction sees one state whatever is committed meanwhile")
    func snapshot() throws {
        let folder = try TemporaryFolder()
        let writer = try SQLConnection(path: folder.file("s.db"))
        try writer.script("CREATE TABLE t(v); INSERT INTO t VALUES (1)")
        let reader = try SQLConnection(path: folder.file("s.db"))
        let count = Counter(connection: reader)
        try reader.begin(.deferred)
        #expect(try count() == 1)
        try writer.run("INSERT INTO t VALUES (2)")
        #expect(try count() == 1)
        try reader.commit()
        #expect(try count() == 2)
    }

    static let steps = [
        SQLMigrations.Step(1, "CREATE TABLE t(v); INSERT INTO t VALUES (1)"),
        SQLMigrations.Step(2, "ALTER TABLE t ADD COLUMN w; UPDATE t SET w = v + 1"),
    ]

    @Test("migrations run once each, from any version")
    func migrations() throws {
        let folder = try TemporaryFolder()
        let first = SQLMigrations(applicationID: 77, steps: [Self.steps[0]])
        let both = SQLMigrations(applicationID: 77, steps: Self.steps)
        do {
            let connection = try SQLConnection(path: folder.file("m.db"))
            #expect(try first.apply(to: connection) == 0)
            #expect(try first.apply(to: connection) == 1)
        }
        let connection = try SQLConnection(path: folder.file("m.db"))
        #expect(try both.apply(to: connection) == 1)
        #expect(try both.apply(to: connection) == 2)
        #expect(try connection.all("SELECT w FROM t") { $0.integer(0) } == [2])
        let newer = #expect(throws: SQLError.self) { try first.apply(to: connection) }
        #expect(newer?.kind == .newer)
        #expect(newer?.message.contains("version 2") == true)
        let foreign = #expect(throws: SQLError.self) {
            try SQLMigrations(applicationID: 78, steps: Self.steps).apply(to: connection)
        }
        #expect(foreign?.kind == .foreign)
    }

    @Test("a file with tables of nobody is not taken")
    func strangeFile() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE mine(v)")
        let error = #expect(throws: SQLError.self) {
            try SQLMigrations(applicationID: 77, steps: Self.steps).apply(to: connection)
        }
        #expect(error?.kind == .foreign)
    }

    @Test("a step that fails leaves the version before it")
    func failingStep() throws {
        let connection = try SQLConnection(path: ":memory:")
        let broken = SQLMigrations.Step(2, "CREATE TABLE u(v); INSERT INTO missing VALUES (1)")
        #expect(throws: SQLError.self) {
            try SQLMigrations(applicationID: 77, steps: [Self.steps[0], broken]).apply(to: connection)
        }
        let tables = try connection.all("SELECT name FROM sqlite_schema") { $0.text(0) }
        #expect(tables == ["t"])
        #expect(try SQLMigrations(applicationID: 77, steps: Self.steps).apply(to: connection) == 1)
    }

    @Test("a backup holds everything, also what was written while it ran")
    func backup() throws {
        let folder = try TemporaryFolder()
        let connection = try SQLConnection(path: folder.file("a.db"))
        try connection.script("CREATE TABLE t(v)")
        for number in 0..<200 {
            try connection.run("INSERT INTO t VALUES (?)", .blob([UInt8](repeating: UInt8(number), count: 3_000)))
        }
        var pauses = 0
        try connection.backup(to: folder.file("b.db"), pages: 20) { left in
            #expect(left > 0)
            if pauses == 0 { _ = try? connection.run("INSERT INTO t VALUES (?)", "late") }
            pauses += 1
        }
        #expect(pauses > 3)
        let copy = try SQLConnection(path: folder.file("b.db"))
        #expect(try Counter(connection: copy)() == 201)
        #expect(try copy.integrityFindings() == [])
    }

    @Test("a checkpoint empties the log")
    func checkpoint() throws {
        let folder = try TemporaryFolder()
        let connection = try SQLConnection(path: folder.file("w.db"))
        try connection.script("CREATE TABLE t(v); INSERT INTO t VALUES (1)")
        let passive = try connection.checkpoint()
        #expect(passive.logPages > 0)
        #expect(passive.moved == passive.logPages)
        let emptied = try connection.checkpoint(.truncate)
        #expect(emptied.logPages == 0)
    }

    @Test("damage is found")
    func integrity() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(v CHECK (v > 0)); INSERT INTO t VALUES (1)")
        #expect(try connection.integrityFindings(isQuick: true) == [])
        try connection.script("PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES (-1)")
        try connection.script("PRAGMA ignore_check_constraints = OFF")
        #expect(try connection.integrityFindings().count == 1)
    }

    @Test("a connection has the settings it was asked for")
    func settings() throws {
        let folder = try TemporaryFolder()
        var options = SQLOptions()
        options.synchronous = .normal
        options.cacheKiB = 512
        options.checkpointPages = 77
        let connection = try SQLConnection(path: folder.file("o.db"), options: options)
        func setting(_ name: String) throws -> String? { try connection.first("PRAGMA \(name)") { $0.text(0) } }
        #expect(try setting("journal_mode") == "wal")
        #expect(try setting("synchronous") == "1")
        #expect(try setting("cache_size") == "-512")
        #expect(try setting("wal_autocheckpoint") == "77")
        #expect(try setting("foreign_keys") == "1")
        #expect(try setting("page_size") == "4096")
    }
}
