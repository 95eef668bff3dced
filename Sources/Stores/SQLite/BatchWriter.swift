import Gateway
import SQL

/// How a batch becomes rows; within a transaction that the caller has begun.
///
/// What every message needs has a statement that is prepared once; the rest goes by its text.
struct BatchWriter {
    private let database: Database
    private let messages: RowInsertion
    private let deliveries: RowInsertion
    private let states: RowInsertion
    private let stateEnd: SQLStatement
    private let closed: RowInsertion
    private let events: RowInsertion
    private let lookUps: SQLStatement
    private let answers: LateInsertion
    private let inbound: LateInsertion
    private let marks: LateInsertion
    private let published: LateInsertion

    /// Prepares the statements on a connection that writes.
    init(_ database: Database) throws(StoreError) {
        self.database = database
        messages = try RowInsertion("INSERT OR FAIL INTO message(id, created, body)", columns: 3, on: database)
        deliveries = try RowInsertion("INSERT OR FAIL INTO delivery(id, message, body)", columns: 3, on: database)
        states = try RowInsertion("REPLACE INTO state(delivery, blob)", columns: 2, on: database)
        stateEnd = try database.prepare("DELETE FROM state WHERE delivery = ?")
        closed = try RowInsertion("REPLACE INTO closed(delivery, blob)", columns: 2, on: database)
        events = try RowInsertion("INSERT OR FAIL INTO event(sequence, delivery, blob)", columns: 3, on: database)
        lookUps = try database.prepare("INSERT INTO lookup_log(entries) VALUES (?)")
        answers = LateInsertion("REPLACE INTO answer(key, body, until)", columns: 3, on: database)
        inbound = LateInsertion(
            "REPLACE INTO inbound(id, created, channel, sender, recipient, provider_id, contact, body)", columns: 8,
            on: database)
        marks = LateInsertion("REPLACE INTO mark(number, kind, scope, at, until)", columns: 5, on: database)
        published = LateInsertion(
            "INSERT OR FAIL INTO published(sequence, at, type, subject, tenant, body)", columns: 6, on: database)
    }

    /// Inserts, replaces and moves every row of a batch, table by table.
    /// - Returns: The row of the log that got its look-up keys; `nil` when it has none.
    func store(_ batch: Batch) throws(StoreError) -> LookUpIndex.LogRow? {
        let logged = try storeError { () throws(SQLError) in
            try storeDeliveries(batch)
            try storeStates(batch)
            return try log(batch.lookUps)
        }
        try store(batch.answers)
        try database.storeRecords(batch)
        try store(batch.inbound)
        try store(batch.marks)
        try database.store(batch.consentHistory)
        try database.store(batch.spends)
        try database.store(batch.outgoing, done: batch.outgoingDone)
        try database.store(batch.receipts)
        try database.store(batch.costs, batch.recipientCosts)
        try database.store(batch.settlements, done: batch.settlementsDone)
        try database.storeWarranties(batch)
        try database.storeMailings(batch)
        try database.store(batch.errors)
        try store(batch.published)
        try database.store(batch.media)
        try database.removeMedia(batch.mediaRemoved)
        try database.store(batch.tasks)
        try database.store(batch.workers)
        try database.storeConferences(batch)
        try database.store(batch.details)
        return logged
    }

    private func store(_ rows: [AnswerRecord]) throws(StoreError) {
        try answers.run(rows) { statement, row in
            statement.bind(row.key)
            statement.bind(row.body)
            statement.bind(row.until.milliseconds)
        }
    }

    private func store(_ rows: [InboundRecord]) throws(StoreError) {
        try inbound.run(rows) { statement, row in
            statement.bind(row.id.rawValue)
            statement.bind(row.created.milliseconds)
            statement.bind(row.channel)
            statement.bind(row.from)
            statement.bind(row.to)
            statement.bind(row.providerID)
            statement.bind(optional: row.contact)
            statement.bind(row.body)
        }
    }

    /// In their order: one that has ended removes its row.
    private func store(_ rows: [AddressMark]) throws(StoreError) {
        var kept: [AddressMark] = []
        for row in rows {
            guard let until = row.until, until <= row.at else {
                kept.append(row)
                continue
            }
            try replace(kept)
            kept.removeAll(keepingCapacity: true)
            try database.run(
                "DELETE FROM mark WHERE number = ? AND kind = ? AND scope = ?", .text(row.number),
                .text(row.kind.rawValue), .text(row.scope))
        }
        try replace(kept)
    }

    private func replace(_ rows: [AddressMark]) throws(StoreError) {
        try marks.run(rows) { statement, row in
            statement.bind(row.number)
            statement.bind(row.kind.rawValue)
            statement.bind(row.scope)
            statement.bind(row.at.milliseconds)
            if let until = row.until { statement.bind(until.milliseconds) } else { statement.bindNull() }
        }
    }

    private func store(_ rows: [PublishedRecord]) throws(StoreError) {
        try published.run(rows) { statement, row in
            statement.bind(row.sequence)
            statement.bind(row.at.milliseconds)
            statement.bind(row.type)
            statement.bind(row.subject)
            statement.bind(optional: row.tenant)
            statement.bind(row.body)
        }
    }

    private func storeDeliveries(_ batch: Batch) throws(SQLError) {
        try messages.run(batch.messages) { statement, row in
            statement.bind(row.id.rawValue)
            statement.bind(row.created.milliseconds)
            statement.bind(row.body)
        }
        try deliveries.run(batch.deliveries) { statement, row in
            statement.bind(row.id.rawValue)
            statement.bind(row.message.rawValue)
            statement.bind(row.body)
        }
    }

    private func storeStates(_ batch: Batch) throws(SQLError) {
        try states.run(batch.states, Self.bind)
        for row in batch.closed {
            stateEnd.bind(row.delivery.rawValue)
            try stateEnd.run()
        }
        try closed.run(batch.closed, Self.bind)
        try events.run(batch.events) { statement, row in
            statement.bind(row.sequence)
            statement.bind(row.delivery.rawValue)
            statement.bind(row.blob)
        }
    }

    private static func bind(_ statement: SQLStatement, _ row: StateRecord) {
        statement.bind(row.delivery.rawValue)
        statement.bind(row.blob)
    }

    private func log(_ records: [LookUpRecord]) throws(SQLError) -> LookUpIndex.LogRow? {
        guard !records.isEmpty else { return nil }
        let entries = LookUpCodec.encode(records)
        lookUps.bind(entries)
        try lookUps.run()
        return LookUpIndex.LogRow(sequence: database.lastRowID, entries: entries)
    }
}

extension Database {
    fileprivate func storeRecords(_ batch: Batch) throws(StoreError) {
        for row in batch.snapshots {
            try run("INSERT OR IGNORE INTO snapshot(hash, body) VALUES (?, ?)", .text(row.hash), .blob(row.body))
        }
        for row in batch.reviews {
            try run(
                """
                REPLACE INTO review(id, delivery, reason, is_open, created, closed, verdict, closed_by, inbound, reply,
                    contact, draft)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .id(row.delivery), .text(row.reason), .flag(row.isOpen), .time(row.created),
                .time(row.closed), .text(row.verdict?.rawValue), .text(row.closedBy), .id(row.inbound),
                .id(row.reply), .text(row.contact), .text(row.draft))
        }
    }
}

extension SQLStatement {
    /// Binds a text, or NULL.
    fileprivate func bind(optional text: String?) {
        if let text { bind(text) } else { bindNull() }
    }
}
