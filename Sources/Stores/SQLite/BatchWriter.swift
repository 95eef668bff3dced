import Gateway
import SQL

/// How a batch becomes rows; within a transaction that the caller has begun.
extension Database {
    /// Inserts, replaces and moves every row of a batch, table by table.
    func store(_ batch: Batch) throws(StoreError) {
        try storeDeliveries(batch)
        try storeEvents(batch.events)
        try storeRequests(batch)
        try storeRecords(batch)
        for mark in batch.marks { try store(mark) }
        try store(batch.spends)
        try store(batch.outgoing, done: batch.outgoingDone)
    }

    private func storeDeliveries(_ batch: Batch) throws(StoreError) {
        for row in batch.messages {
            try run(
                "INSERT INTO message(id, created, body) VALUES (?, ?, ?)", .id(row.id), .time(row.created),
                .blob(row.body))
        }
        for row in batch.deliveries {
            try run(
                "INSERT INTO delivery(id, message, body) VALUES (?, ?, ?)", .id(row.id), .id(row.message),
                .blob(row.body))
        }
        for row in batch.states {
            try run("REPLACE INTO state(delivery, blob) VALUES (?, ?)", .id(row.delivery), .blob(row.blob))
        }
        for row in batch.closed {
            try run("DELETE FROM state WHERE delivery = ?", .id(row.delivery))
            try run("REPLACE INTO closed(delivery, blob) VALUES (?, ?)", .id(row.delivery), .blob(row.blob))
        }
    }

    private func storeEvents(_ events: [EventRecord]) throws(StoreError) {
        for row in events {
            try run(
                "INSERT INTO event(sequence, delivery, blob) VALUES (?, ?, ?)", .integer(row.sequence),
                .id(row.delivery), .blob(row.blob))
        }
    }

    private func storeRequests(_ batch: Batch) throws(StoreError) {
        for row in batch.answers {
            try run(
                "REPLACE INTO answer(key, body, until) VALUES (?, ?, ?)", .text(row.key), .blob(row.body),
                .time(row.until))
        }
        for row in batch.lookUps {
            try run(
                "INSERT OR IGNORE INTO lookup(kind, key, id) VALUES (?, ?, ?)", .integer(Int64(row.kind.rawValue)),
                .text(row.key), .id(row.id))
        }
        for row in batch.snapshots {
            try run("INSERT OR IGNORE INTO snapshot(hash, body) VALUES (?, ?)", .text(row.hash), .blob(row.body))
        }
    }

    private func storeRecords(_ batch: Batch) throws(StoreError) {
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

    private func store(_ mark: AddressMark) throws(StoreError) {
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
