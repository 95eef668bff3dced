import SQL
import Testing

@Suite("Statements with a time limit")
struct SQLTimeTests {
    /// Counts for hours.
    private static let endless = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000000) SELECT max(i) FROM n
        """

    @Test("a statement ends with its time, and the connection works on without a limit")
    func ends() throws {
        let connection = try SQLConnection(path: ":memory:")
        try connection.script("CREATE TABLE t(v)")
        try connection.begin(.deferred)
        let error = #expect(throws: SQLError.self) {
            try connection.within(.milliseconds(20)) { () throws(SQLError) in
                try connection.run("INSERT INTO t SELECT 1")
                try connection.query(Self.endless) { _ in }
            }
        }
        #expect(error?.kind == .interrupted)
        try connection.rollback()
        #expect(try connection.first("SELECT count(*) FROM t") { $0.integer(0) } == 0)
        // More instructions than lie between two looks at the time, which is over by now.
        let count = try connection.first(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000) SELECT max(i) FROM n"
        ) { $0.integer(0) }
        #expect(count == 50_000)
    }

    @Test("what ends in time is not touched, and no time at all is none")
    func inTime() throws {
        let connection = try SQLConnection(path: ":memory:")
        let one = try connection.within(.seconds(60)) { () throws(SQLError) in
            try connection.first("SELECT 1") { $0.integer(0) }
        }
        #expect(one == 1)
        #expect(throws: SQLError.self) {
            try connection.within(.zero) { () throws(SQLError) in try connection.query(Self.endless) { _ in } }
        }
    }
}
