import SQL

/// A connection of another program to a store's file.
final class Outsider {
    private let connection: SQLConnection

    init(_ path: String) throws { connection = try SQLConnection(path: path) }

    /// Runs statements without values or rows.
    func run(_ sql: String) throws { try connection.script(sql) }
}
