import SQL

/// A connection of another program to a store's file.
final class Outsider {
    private let connection: SQLConnection

    init(_ path: String) throws { connection = try SQLConnection(path: path) }

    /// The version of the schema.
    func version() throws -> Int64 { try connection.first("PRAGMA user_version") { $0.integer(0) } ?? 0 }

    /// How many rows a table has.
    func count(_ table: String) throws -> Int64 {
        try connection.first("SELECT count(*) FROM \(table)") { $0.integer(0) } ?? -1
    }

    /// Runs statements without values or rows.
    func run(_ sql: String) throws { try connection.script(sql) }
}
