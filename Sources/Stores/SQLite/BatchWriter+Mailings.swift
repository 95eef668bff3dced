import Gateway
import SQL

extension Database {
    /// Inserts mailings and what became of their parts, and replaces how far they are.
    func storeMailings(_ batch: Batch) throws(StoreError) {
        for row in batch.mailings {
            try run(
                "INSERT INTO mailing(id, created, body) VALUES (?, ?, ?)", .id(row.id), .time(row.created),
                .blob(row.body))
        }
        for row in batch.mailingProgress {
            try run(
                "REPLACE INTO mailing_progress(mailing, is_open, blob) VALUES (?, ?, ?)", .id(row.mailing),
                .flag(row.isOpen), .blob(row.blob))
        }
        for row in batch.mailingOutcomes {
            try run(
                "INSERT INTO mailing_outcome(mailing, part, body) VALUES (?, ?, ?)", .id(row.mailing),
                .integer(Int64(row.part)), .blob(row.body))
        }
    }

    /// The progress of every mailing that is open.
    func openMailings() throws(StoreError) -> [MailingProgressRecord] {
        try all("SELECT mailing, is_open, blob FROM mailing_progress WHERE is_open = 1 ORDER BY mailing") {
            (row) throws(StoreError) in try MailingProgressRecord(row)
        }
    }

    /// How far a mailing is.
    func mailingProgress(_ id: RecordID) throws(StoreError) -> MailingProgressRecord? {
        try first("SELECT mailing, is_open, blob FROM mailing_progress WHERE mailing = ?", .id(id)) {
            (row) throws(StoreError) in try MailingProgressRecord(row)
        }
    }
}

extension MailingProgressRecord {
    /// Reads `mailing, is_open, blob`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        self.init(mailing: try row.id(0), blob: row.blob(2), isOpen: row.flag(1))
    }
}
