import Gateway
import SQL

/// How a batch becomes rows; within a transaction that the caller has begun.
///
/// What every message needs has a statement that is prepared once; the rest goes by its text.
struct BatchWriter {
    private let database: Database
    private let message: SQLStatement
    private let delivery: SQLStatement
    private let state: SQLStatement
    private let stateEnd: SQLStatement
    private let closed: SQLStatement
    private let event: SQLStatement
    private let lookUps: SQLStatement

    /// Prepares the statements on a connection that writes.
    init(_ database: Database) throws(StoreError) {
        self.database = database
        message = try database.prepare("INSERT INTO message(id, created, body) VALUES (?, ?, ?)")
        delivery = try database.prepare("INSERT INTO delivery(id, message, body) VALUES (?, ?, ?)")
        state = try database.prepare("REPLACE INTO state(delivery, blob) VALUES (?, ?)")
        stateEnd = try database.prepare("DELETE FROM state WHERE delivery = ?")
        closed = try database.prepare("REPLACE INTO closed(delivery, blob) VALUES (?, ?)")
        event = try database.prepare("INSERT INTO event(sequence, delivery, blob) VALUES (?, ?, ?)")
        lookUps = try database.prepare("INSERT INTO lookup_log(entries) VALUES (?)")
    }

    /// Inserts, replaces and moves every row of a batch, table by table.
    /// - Returns: The row of the log that got its look-up keys; `nil` when it has none.
    func store(_ batch: Batch) throws(StoreError) -> LookUpIndex.LogRow? {
        let logged = try storeError { () throws(SQLError) in
            try storeDeliveries(batch)
            try storeStates(batch)
            return try log(batch.lookUps)
        }
        try database.storeRequests(batch)
        try database.storeRecords(batch)
        for mark in batch.marks { try database.store(mark) }
        try database.store(batch.spends)
        try database.store(batch.outgoing, done: batch.outgoingDone)
        return logged
    }

    private func storeDeliveries(_ batch: Batch) throws(SQLError) {
        for row in batch.messages {
            message.bind(row.id.rawValue)
            message.bind(row.created.milliseconds)
            message.bind(row.body)
            try message.run()
        }
        for row in batch.deliveries {
            delivery.bind(row.id.rawValue)
            delivery.bind(row.message.rawValue)
            delivery.bind(row.body)
            try delivery.run()
        }
    }

    private func storeStates(_ batch: Batch) throws(SQLError) {
        for row in batch.states {
            state.bind(row.delivery.rawValue)
            state.bind(row.blob)
            try state.run()
        }
        for row in batch.closed {
            stateEnd.bind(row.delivery.rawValue)
            try stateEnd.run()
            closed.bind(row.delivery.rawValue)
            closed.bind(row.blob)
            try closed.run()
        }
        for row in batch.events {
            event.bind(row.sequence)
            event.bind(row.delivery.rawValue)
            event.bind(row.blob)
            try event.run()
        }
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
    fileprivate func storeRequests(_ batch: Batch) throws(StoreError) {
        for row in batch.answers {
            try run(
                "REPLACE INTO answer(key, body, until) VALUES (?, ?, ?)", .text(row.key), .blob(row.body),
                .time(row.until))
        }
        for row in batch.snapshots {
            try run("INSERT OR IGNORE INTO snapshot(hash, body) VALUES (?, ?)", .text(row.hash), .blob(row.body))
        }
    }

    fileprivate func storeRecords(_ batch: Batch) throws(StoreError) {
        for row in batch.reviews {
            try run(
                "REPLACE INTO review(id, delivery, reason, is_open, created, closed) VALUES (?, ?, ?, ?, ?, ?)",
                .id(row.id), .id(row.delivery), .text(row.reason), .flag(row.isOpen), .time(row.created),
                .time(row.closed))
        }
        for row in batch.inbound {
            try run(
                """
                REPLACE INTO inbound(id, created, channel, sender, recipient, provider_id, contact, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .time(row.created), .text(row.channel), .text(row.from), .text(row.to),
                .text(row.providerID), .text(row.contact), .blob(row.body))
        }
    }

    fileprivate func store(_ mark: AddressMark) throws(StoreError) {
        if let until = mark.until, until <= mark.at {
            try run(
                "DELETE FROM mark WHERE number = ? AND kind = ? AND scope = ?", .text(mark.number),
                .text(mark.kind.rawValue), .text(mark.scope))
        } else {
            try run(
                "REPLACE INTO mark(number, kind, scope, at, until) VALUES (?, ?, ?, ?, ?)", .text(mark.number),
                .text(mark.kind.rawValue), .text(mark.scope), .time(mark.at), .time(mark.until))
        }
    }
}
