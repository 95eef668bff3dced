import Gateway
import SQL

extension Database {
    /// Inserts and replaces what is to be asked for, then removes what is done.
    func store(_ settlements: [SettlementRecord], done: [SettlementRecord]) throws(StoreError) {
        for row in settlements {
            try run(
                "REPLACE INTO settlement(delivery, attempt, created, due, tries) VALUES (?, ?, ?, ?, ?)",
                .id(row.delivery), .integer(Int64(row.attempt)), .time(row.created), .time(row.due),
                .integer(Int64(row.tries)))
        }
        for row in done {
            try run(
                "DELETE FROM settlement WHERE delivery = ? AND attempt = ?", .id(row.delivery),
                .integer(Int64(row.attempt)))
        }
    }
}

extension SQLiteDeliveries {
    package func settlements(limit: Int) throws(StoreError) -> [SettlementRecord] {
        try database.all(
            "SELECT delivery, attempt, created, due, tries FROM settlement ORDER BY due, delivery, attempt LIMIT ?",
            .limit(limit)
        ) { (row) throws(StoreError) in
            var record = SettlementRecord(
                delivery: try row.id(0), attempt: Int(row.integer(1)), created: row.time(2))
            record.due = row.time(3)
            record.tries = Int(row.integer(4))
            return record
        }
    }
}
