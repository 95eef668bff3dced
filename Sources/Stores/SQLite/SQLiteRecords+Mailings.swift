import Gateway
import SQL

extension SQLiteRecords {
    package func put(_ parts: [MailingPart]) throws(StoreError) {
        try change { database throws(StoreError) in
            for part in parts {
                try database.run(
                    "INSERT INTO mailing_part(mailing, part, body) VALUES (?, ?, ?)", .id(part.mailing),
                    .integer(Int64(part.number)), .blob(part.body))
            }
        }
    }

    package func removeParts(withoutMailing id: RecordID?) throws(StoreError) {
        try change { database throws(StoreError) in
            guard let id else {
                return try database.run("DELETE FROM mailing_part WHERE mailing NOT IN (SELECT id FROM mailing)")
            }
            try database.run(
                "DELETE FROM mailing_part WHERE mailing = ?1 AND NOT EXISTS (SELECT 1 FROM mailing WHERE id = ?1)",
                .id(id))
        }
    }

    package func mailings(before: RecordID?, limit: Int) throws(StoreError) -> [MailingRecord] {
        try read { database throws(StoreError) in
            try database.all(
                "SELECT id, created, body FROM mailing WHERE id <= ? ORDER BY id DESC LIMIT ?", Self.upTo(before),
                .limit(limit)
            ) { (row) throws(StoreError) in try MailingRecord(row) }
        }
    }

    package func mailing(_ id: RecordID) throws(StoreError) -> MailingRecord? {
        try read { database throws(StoreError) in
            try database.first("SELECT id, created, body FROM mailing WHERE id = ?", .id(id)) {
                (row) throws(StoreError) in try MailingRecord(row)
            }
        }
    }

    package func progress(ofMailing id: RecordID) throws(StoreError) -> MailingProgressRecord? {
        try read { database throws(StoreError) in try database.mailingProgress(id) }
    }

    package func part(_ number: Int, ofMailing id: RecordID) throws(StoreError) -> MailingPart? {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT body FROM mailing_part WHERE mailing = ? AND part = ?", .id(id), .integer(Int64(number))
            ) { row in MailingPart(mailing: id, number: number, body: row.blob(0)) }
        }
    }

    package func outcome(ofPart number: Int, ofMailing id: RecordID) throws(StoreError) -> MailingOutcome? {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT body FROM mailing_outcome WHERE mailing = ? AND part = ?", .id(id), .integer(Int64(number))
            ) { row in MailingOutcome(mailing: id, part: number, body: row.blob(0)) }
        }
    }
}

extension MailingRecord {
    /// Reads `id, created, body`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        self.init(id: try row.id(0), created: row.time(1), body: row.blob(2))
    }
}
