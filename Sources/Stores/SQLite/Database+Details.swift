import Gateway
import SQL

extension Database {
    /// Inserts what was said; what was said before stays as it was.
    func store(_ details: [ReportDetail]) throws(StoreError) {
        for row in details {
            try run(
                "INSERT OR IGNORE INTO report_detail(delivery, attempt, status, at, body) VALUES (?, ?, ?, ?, ?)",
                .id(row.delivery), .integer(Int64(row.attempt)), .text(row.status), .time(row.at), .blob(row.body))
        }
    }
}

extension SQLiteRecords {
    package func reportDetails(of delivery: RecordID) throws(StoreError) -> [ReportDetail] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT attempt, status, at, body FROM report_detail WHERE delivery = ? ORDER BY at, attempt, status
                """, .id(delivery)
            ) { row in
                ReportDetail(
                    delivery: delivery, attempt: Int(row.integer(0)), status: row.text(1), at: row.time(2),
                    body: row.blob(3))
            }
        }
    }
}
