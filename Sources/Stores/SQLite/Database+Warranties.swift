import Gateway
import SQL

/// The register of warranties, as both the engine and the API read it.
extension Database {
    /// Inserts and replaces warranties, then removes some, and adds what was reminded of.
    func storeWarranties(_ batch: Batch) throws(StoreError) {
        for row in batch.warranties {
            try run(
                "REPLACE INTO warranty(id, look, body) VALUES (?, ?, ?)", .text(row.id), .time(row.look),
                .blob(WarrantyCodec.encode(row)))
        }
        for id in batch.warrantiesRemoved { try run("DELETE FROM warranty WHERE id = ?", .text(id)) }
        for row in batch.reminders {
            try run(
                "INSERT INTO reminder(warranty, expires, lead, at, message, outcome) VALUES (?, ?, ?, ?, ?, ?)",
                .text(row.warranty), .integer(Int64(row.expires)), .integer(Int64(row.lead)), .time(row.at),
                .id(row.message), .text(row.outcome))
        }
    }

    func warranty(_ id: String) throws(StoreError) -> WarrantyRecord? {
        try first("SELECT id, look, body FROM warranty WHERE id = ?", .text(id)) { (row) throws(StoreError) in
            try WarrantyRecord(row)
        }
    }

    func warranties(after: String?, limit: Int) throws(StoreError) -> [WarrantyRecord] {
        try all(
            "SELECT id, look, body FROM warranty WHERE id > ? ORDER BY id LIMIT ?", .text(after ?? ""), .limit(limit)
        ) { (row) throws(StoreError) in try WarrantyRecord(row) }
    }

    func warranties(dueBy time: Timestamp, limit: Int) throws(StoreError) -> [WarrantyRecord] {
        try all(
            "SELECT id, look, body FROM warranty WHERE look <= ? ORDER BY look, id LIMIT ?", .time(time), .limit(limit)
        ) { (row) throws(StoreError) in try WarrantyRecord(row) }
    }

    func reminders(ofWarranty id: String) throws(StoreError) -> [ReminderRecord] {
        try all(
            """
            SELECT expires, lead, at, message, outcome FROM reminder WHERE warranty = ? ORDER BY expires, lead DESC
            """, .text(id)
        ) { (row) throws(StoreError) in
            var reminder = ReminderRecord(
                warranty: id, expires: Int(row.integer(0)), lead: Int(row.integer(1)), at: row.time(2),
                outcome: row.text(4))
            reminder.message = row.optionalInteger(3).flatMap { RecordID(rawValue: $0) }
            return reminder
        }
    }
}

extension WarrantyRecord {
    /// Reads `id, look, body`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        self = try WarrantyCodec.decode(row.text(0), row.blob(2), look: row.optionalTime(1))
    }
}

extension SQLiteRecords {
    package func warranty(_ id: String) throws(StoreError) -> WarrantyRecord? {
        try look { database throws(StoreError) in try database.warranty(id) }
    }

    package func warranties(after: String?, limit: Int) throws(StoreError) -> [WarrantyRecord] {
        try look { database throws(StoreError) in try database.warranties(after: after, limit: limit) }
    }

    package func warranties(dueBy time: Timestamp, limit: Int) throws(StoreError) -> [WarrantyRecord] {
        try look { database throws(StoreError) in try database.warranties(dueBy: time, limit: limit) }
    }

    package func reminders(ofWarranty id: String) throws(StoreError) -> [ReminderRecord] {
        try look { database throws(StoreError) in try database.reminders(ofWarranty: id) }
    }
}
