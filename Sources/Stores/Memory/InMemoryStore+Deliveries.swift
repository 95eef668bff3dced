import Gateway

extension InMemoryStore: DeliveryStore {
    package func open(partition: Int) throws(StoreError) -> Lease {
        guard 0...1023 ~= partition else { throw StoreError(.failed, "there is no partition \(partition)") }
        return read { contents in
            let epoch = (contents.epochs[partition] ?? 0) + 1
            contents.epochs[partition] = epoch
            return Lease(partition: partition, epoch: epoch)
        }
    }

    package func scan(_ lease: Lease, _ visit: (StateRecord) throws(StoreError) -> Void) throws(StoreError) {
        let states = try use { contents throws(StoreError) in
            try contents.check(lease)
            return contents.states.all()
        }
        for state in states where lease.partition == 0 || state.delivery.partition == lease.partition {
            try visit(state)
        }
    }

    package func body(of delivery: RecordID) throws(StoreError) -> (delivery: DeliveryRecord, message: MessageRecord)? {
        try read(.body) { contents in
            guard let delivery = contents.deliveries[delivery], let message = contents.messages[delivery.message] else {
                return nil
            }
            return (delivery, message)
        }
    }

    package func deliveries(ofMessage message: RecordID) throws(StoreError) -> [RecordID] {
        try read(.siblings) { $0.deliveriesOfMessage[message] ?? [] }
    }

    package func lookUp(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID] {
        let key = LookUpKey(kind: kind.rawValue, key: ByteKey(key))
        return try read(.lookUp) { $0.lookUps[key] ?? [] }
    }

    package func answer(_ key: String) throws(StoreError) -> AnswerRecord? {
        try read(.answer) { $0.answers[ByteKey(key)] }
    }

    package func snapshot(_ hash: String) throws(StoreError) -> SnapshotRecord? { read { $0.snapshots[ByteKey(hash)] } }

    package func marks(at now: Timestamp) throws(StoreError) -> [AddressMark] {
        read { $0.marks.all() }.filter { mark in mark.until.map { $0 > now } ?? true }
    }

    package func spends(onDay day: Int64) throws(StoreError) -> [SpendRecord] {
        read { $0.spends.all() }.filter { $0.day == day }
    }

    package func receipts() throws(StoreError) -> [ReceiptRecord] { read { $0.receipts.all() } }

    package func outgoing() throws(StoreError) -> [OutgoingRecord] { read { $0.outgoing.all() } }

    package func highest() throws(StoreError) -> (id: RecordID?, event: Int64) {
        read { contents in
            let ids = [
                contents.messages.lastKey(), contents.deliveries.lastKey(), contents.states.lastKey(),
                contents.closed.lastKey(), contents.reviews.lastKey(), contents.inbound.lastKey(),
                contents.outgoing.lastKey(), contents.mailings.mailings.lastKey(), contents.errors.lastKey(),
                contents.subscriptions.lastKey(), contents.consents.lastKey(), contents.media.lastKey(),
                contents.tasks.lastKey(), contents.conferences.lastKey(), contents.participants.lastKey(),
            ]
            return (ids.compactMap { $0 }.max(), contents.lastEventRow())
        }
    }

    package func openReview(of delivery: RecordID) throws(StoreError) -> ReviewRecord? {
        try read(.openReview) { contents in
            contents.reviews.all().last { $0.isOpen && $0.delivery == delivery }.map(contents.resolved)
        }
    }

    package func commit(_ batch: Batch, _ lease: Lease) throws(StoreError) { try apply(batch, lease) }
}
