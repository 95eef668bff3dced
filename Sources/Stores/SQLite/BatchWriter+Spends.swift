import Gateway
import SQL

extension Database {
    /// Adds to the rows of the day, and removes days that are over for good.
    func store(_ spends: [SpendRecord]) throws(StoreError) {
        for row in spends {
            try run(
                """
                INSERT INTO spend(day, api_key, calls, micros) VALUES (?, ?, ?, ?) ON CONFLICT(day, api_key)
                DO UPDATE SET calls = calls + excluded.calls, micros = micros + excluded.micros
                """, .integer(row.day), .text(row.key), .integer(Int64(row.calls)), .integer(row.micros))
        }
        guard let newest = spends.map(\.day).max() else { return }
        try run("DELETE FROM spend WHERE day < ?", .integer(SpendRecord.oldest(keptOn: newest)))
    }

    /// What keys spent on a day.
    func spends(onDay day: Int64) throws(StoreError) -> [SpendRecord] {
        try all("SELECT api_key, calls, micros FROM spend WHERE day = ? ORDER BY api_key", .integer(day)) { row in
            SpendRecord(day: day, key: row.text(0), calls: Int(row.integer(1)), micros: row.integer(2))
        }
    }
}
