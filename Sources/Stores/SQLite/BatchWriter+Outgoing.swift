import Gateway
import SQL

extension Database {
    /// Inserts and replaces what is to be told, then removes what is done.
    func store(_ outgoing: [OutgoingRecord], done: [RecordID]) throws(StoreError) {
        for row in outgoing {
            try run(
                """
                REPLACE INTO outgoing(id, type, delivery, url, body, created, tries, due, context)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .text(row.type), .id(row.delivery), .text(row.url), .blob(row.body),
                .time(row.created), .integer(Int64(row.tries)), .time(row.due), .blob(row.context))
        }
        for id in done { try run("DELETE FROM outgoing WHERE id = ?", .id(id)) }
    }

    /// Everything that is still to be told.
    func outgoing() throws(StoreError) -> [OutgoingRecord] {
        try all("SELECT id, type, delivery, url, body, created, tries, due, context FROM outgoing ORDER BY id") {
            (row) throws(StoreError) in
            var record = OutgoingRecord(
                id: try row.id(0), type: row.text(1), delivery: try row.id(2), url: row.text(3), body: row.blob(4),
                created: row.time(5))
            record.tries = Int(row.integer(6))
            record.due = row.time(7)
            record.context = row.isNull(8) ? [] : row.blob(8)
            return record
        }
    }
}
