import Gateway
import SQL

extension Database {
    /// Inserts or replaces what is known of receipts.
    func store(_ receipts: [ReceiptRecord]) throws(StoreError) {
        for row in receipts {
            try run(
                "REPLACE INTO receipt(channel, country, sent, reported, quality) VALUES (?, ?, ?, ?, ?)",
                .text(row.channel), .text(row.country), .integer(Int64(row.sent)), .integer(Int64(row.reported)),
                .text(row.quality.rawValue))
        }
    }

    /// What is known of receipts. A quality of a later version counts as reliable.
    func receipts() throws(StoreError) -> [ReceiptRecord] {
        try all("SELECT channel, country, sent, reported, quality FROM receipt ORDER BY channel, country") { row in
            ReceiptRecord(
                channel: row.text(0), country: row.text(1), sent: Int(row.integer(2)), reported: Int(row.integer(3)),
                quality: ReceiptQuality(rawValue: row.text(4)) ?? .reliable)
        }
    }
}
