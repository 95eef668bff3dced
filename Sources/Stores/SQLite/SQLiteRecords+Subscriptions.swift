import Gateway
import SQL

extension SQLiteRecords {
    package func put(_ subscription: SubscriptionRecord, _ progress: SubscriptionProgress) throws(StoreError) {
        try change { database throws(StoreError) in
            try database.run(
                "INSERT INTO subscription(id, tenant, body, progress) VALUES (?, ?, ?, ?)", .id(subscription.id),
                .text(subscription.tenant), .blob(subscription.encoded), .blob(progress.encoded))
        }
    }

    package func subscriptions() throws(StoreError) -> [(
        record: SubscriptionRecord, progress: SubscriptionProgress
    )] {
        try read { database throws(StoreError) in
            try database.all("SELECT id, tenant, body, progress FROM subscription ORDER BY id") {
                (row) throws(StoreError) in
                (
                    record: try SubscriptionRecord(id: row.id(0), tenant: row.text(1), body: row.blob(2)),
                    progress: try SubscriptionProgress(row.blob(3))
                )
            }
        }
    }

    package func removeSubscription(_ id: RecordID) throws(StoreError) -> Bool {
        try change { database throws(StoreError) in
            try database.run("DELETE FROM dead_letter WHERE subscription = ?", .id(id))
            try database.run("DELETE FROM subscription WHERE id = ?", .id(id))
            return database.changes > 0
        }
    }

    package func save(_ changes: SubscriptionChanges) throws(StoreError) {
        try change { database throws(StoreError) in
            for (id, progress) in changes.progress {
                try database.run(
                    "UPDATE subscription SET progress = ? WHERE id = ?", .blob(progress.encoded), .id(id))
            }
            for letter in changes.letters { try database.store(letter) }
            for letter in changes.lettersDone {
                try database.run(
                    "DELETE FROM dead_letter WHERE subscription = ? AND position = ?", .id(letter.subscription),
                    .integer(letter.position.rawValue))
            }
        }
    }

    package func deadLetters(
        of id: RecordID, after position: EventPosition, limit: Int
    ) throws(StoreError) -> [DeadLetter] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT \(DeadLetter.columns) FROM dead_letter WHERE subscription = ? AND position > ?
                ORDER BY position LIMIT ?
                """, .id(id), .integer(position.rawValue), .limit(limit)
            ) { (row) throws(StoreError) in try DeadLetter(row) }
        }
    }

    package func replayedLetters() throws(StoreError) -> [DeadLetter] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT \(DeadLetter.columns) FROM dead_letter WHERE is_replayed = 1 ORDER BY subscription, position
                """
            ) { (row) throws(StoreError) in try DeadLetter(row) }
        }
    }
}

extension Database {
    /// Inserts or replaces a letter of a subscription that is there.
    fileprivate func store(_ letter: DeadLetter) throws(StoreError) {
        try run(
            """
            REPLACE INTO dead_letter(\(DeadLetter.columns)) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
            WHERE EXISTS (SELECT 1 FROM subscription WHERE id = ?1)
            """, .id(letter.subscription), .integer(letter.position.rawValue), .text(letter.type),
            .text(letter.subject), .integer(Int64(letter.status)), .integer(Int64(letter.tries)), .time(letter.at),
            .flag(letter.isReplayed))
    }
}

extension DeadLetter {
    /// What `init` reads.
    fileprivate static let columns = "subscription, position, type, subject, status, tries, at, is_replayed"

    /// Reads `columns`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        self.init(
            subscription: try row.id(0), position: EventPosition(rawValue: row.integer(1)), type: row.text(2),
            subject: row.text(3), status: Int(row.integer(4)), tries: Int(row.integer(5)), at: row.time(6))
        isReplayed = row.flag(7)
    }
}
