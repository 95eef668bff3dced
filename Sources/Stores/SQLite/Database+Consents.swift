import Gateway
import SQL

extension Database {
    /// Inserts what was said about consent.
    func store(_ statements: [ConsentStatement]) throws(StoreError) {
        for row in statements {
            try run(
                """
                INSERT INTO consent_statement(id, number, sender, is_granted, since, at, source, reference, is_ignored)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .text(row.consent.number), .text(row.consent.sender), .flag(row.consent.isGranted),
                .time(row.consent.since), .time(row.at), .text(row.source.word), .text(row.source.reference),
                .flag(row.isIgnored))
        }
    }
}

extension SQLiteRecords {
    package func consentHistory(
        of numbers: [String], after: RecordID?, limit: Int
    ) throws(StoreError) -> [ConsentStatement] {
        try look { database throws(StoreError) in
            var found: [ConsentStatement] = []
            for number in Set(numbers).sorted() {
                found += try database.all(
                    """
                    SELECT id, number, sender, is_granted, since, at, source, reference, is_ignored
                    FROM consent_statement WHERE number = ? AND id > ? ORDER BY id LIMIT ?
                    """, .text(number), .integer(after?.rawValue ?? 0), .limit(limit)
                ) { (row) throws(StoreError) in try ConsentStatement(row) }
            }
            return Array(found.sorted { $0.id < $1.id }.prefix(max(0, limit)))
        }
    }
}

extension ConsentStatement {
    /// Reads `id, number, sender, is_granted, since, at, source, reference, is_ignored`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        guard let source = Source(word: row.text(6), reference: row.text(7)) else {
            throw StoreError(.corrupt, "a stored statement about consent has an unknown source")
        }
        let consent = ConsentRecord(
            number: row.text(1), sender: row.text(2), isGranted: row.flag(3), since: row.time(4))
        self.init(id: try row.id(0), at: row.time(5), consent, from: source, isIgnored: row.flag(8))
    }
}
