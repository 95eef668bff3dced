import Gateway
import SQL

/// An insertion of many rows into one table, within a transaction: eight in one statement while there are as many,
/// which takes a quarter less than one by one.
struct RowInsertion {
    private let one: SQLStatement
    private let eight: SQLStatement

    /// - Parameter head: The statement up to `VALUES`. An `INSERT` says `OR FAIL`: a row that is refused undoes the
    ///   whole transaction, so that SQLite need not note how to undo the statement alone.
    init(_ head: String, columns: Int, on database: Database) throws(StoreError) {
        let row = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
        one = try database.prepare("\(head) VALUES \(row)")
        eight = try database.prepare("\(head) VALUES " + Array(repeating: row, count: 8).joined(separator: ","))
    }

    /// Inserts rows in their order; `bind` gives the values of one in the order of the columns.
    func run<Row>(_ rows: [Row], _ bind: (SQLStatement, Row) -> Void) throws(SQLError) {
        let whole = rows.count & ~7
        for index in 0..<whole {
            bind(eight, rows[index])
            if index & 7 == 7 { try eight.run() }
        }
        for index in whole..<rows.count {
            bind(one, rows[index])
            try one.run()
        }
    }
}

/// An insertion that is prepared when it is needed for the first time: what many gateways never do costs them no memory.
final class LateInsertion {
    private let head: String
    private let columns: Int
    private let database: Database
    private var insertion: RowInsertion?

    /// - Parameter head: As that of `RowInsertion`.
    init(_ head: String, columns: Int, on database: Database) {
        self.head = head
        self.columns = columns
        self.database = database
    }

    /// Inserts rows in their order; `bind` gives the values of one in the order of the columns.
    func run<Row>(_ rows: [Row], _ bind: (SQLStatement, Row) -> Void) throws(StoreError) {
        guard !rows.isEmpty else { return }
        let prepared: RowInsertion
        if let insertion {
            prepared = insertion
        } else {
            prepared = try RowInsertion(head, columns: columns, on: database)
            insertion = prepared
        }
        try storeError { () throws(SQLError) in try prepared.run(rows, bind) }
    }
}
