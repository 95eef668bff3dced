import Gateway
import SQL

extension SQLiteRecords {
    package func eventRows(after sequence: Int64, limit: Int) throws(StoreError) -> [EventRow] {
        try read { database throws(StoreError) in
            // Both tables in the order of their key: SQLite merges them, and reads no row more than it returns.
            try database.all(
                """
                SELECT sequence, delivery, blob, NULL, NULL, NULL, NULL FROM event WHERE sequence > ?1
                UNION ALL SELECT sequence, NULL, body, at, type, subject, tenant FROM published WHERE sequence > ?1
                ORDER BY 1 LIMIT ?2
                """, .integer(sequence), .limit(limit)
            ) { (row) throws(StoreError) in try EventRow(row) }
        }
    }

    package func lastEventRow() throws(StoreError) -> Int64 {
        try read { database throws(StoreError) in
            try database.first(
                """
                SELECT max(coalesce((SELECT max(sequence) FROM event), 0),
                    coalesce((SELECT max(sequence) FROM published), 0))
                """
            ) { $0.integer(0) } ?? 0
        }
    }
}

extension SQLiteRecords {
    package func consumer(_ name: String, ofTenant tenant: String) throws(StoreError) -> EventPosition? {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT position FROM consumer WHERE tenant = ? AND name = ?", .text(tenant), .text(name)
            ) { EventPosition(rawValue: $0.integer(0)) }
        }
    }

    package func advance(
        consumer name: String, ofTenant tenant: String, to position: EventPosition
    ) throws(StoreError) -> EventPosition {
        try change { database throws(StoreError) in
            try database.first(
                """
                INSERT INTO consumer(tenant, name, position) VALUES (?, ?, ?) ON CONFLICT(tenant, name)
                DO UPDATE SET position = max(position, excluded.position) RETURNING position
                """, .text(tenant), .text(name), .integer(position.rawValue)
            ) { EventPosition(rawValue: $0.integer(0)) } ?? position
        }
    }
}

extension EventRow {
    /// Reads `sequence, delivery, blob, at, type, subject, tenant`; a row of `event` has nothing from `at` on, one of
    /// `published` no delivery.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        guard row.isNull(1) else {
            self = .delivery(try EventRecord(row))
            return
        }
        self = .published(
            PublishedRecord(
                sequence: row.integer(0), at: row.time(3), type: row.text(4), subject: row.text(5),
                tenant: row.optionalText(6), body: row.blob(2)))
    }
}
