import Gateway

/// A row of a store, or its answer to a question.
enum StoredRow: Hashable {
    case message(MessageRecord)
    case delivery(DeliveryRecord)
    case state(StateRecord?)
    case event(EventRecord)
    case review(ReviewRecord)
    case inbound(InboundRecord)
    case mark(AddressMark)
    case outgoing(OutgoingRecord)
    case spend(SpendRecord)
    case receipts(ReceiptRecord)
    case answer(key: String, AnswerRecord?)
    case snapshot(SnapshotRecord?)
    case found(LookUpRecord.Kind, key: String, [RecordID])
    case highest(RecordID?, event: Int64)
    case warranty(WarrantyRecord)
    case reminder(ReminderRecord)
    case mailing(MailingRecord, MailingProgressRecord?)
    case part(MailingPart?, MailingOutcome?)
    case error(ErrorRecord)
}

/// What batches put into a store, so that two stores can be compared.
struct StoreWitnesses {
    private var answers: Set<String> = []
    private var snapshots: Set<String> = []
    private var days: Set<Int64> = []
    private var keys: [LookUpRecord.Kind: Set<String>] = [:]

    /// Keys of a batch, which no store can list.
    mutating func note(_ batch: Batch) {
        for row in batch.answers { answers.insert(row.key) }
        for row in batch.snapshots { snapshots.insert(row.hash) }
        for row in batch.spends { days.insert(row.day) }
        for row in batch.lookUps { keys[row.kind, default: []].insert(row.key) }
    }

    /// Everything that a store holds, in an order that is always the same.
    func rows(_ store: any DeliveryStore, _ records: any RecordStore) throws -> [StoredRow] {
        var rows: [StoredRow] = []
        for message in try records.messages(before: nil, limit: .max) {
            rows.append(.message(message))
            for delivery in try records.deliveries(ofMessage: message.id) {
                rows.append(.delivery(delivery))
                rows.append(.state(try records.state(of: delivery.id)))
                rows += try records.events(of: delivery.id).map(StoredRow.event)
            }
        }
        rows += try records.reviews(openOnly: false, after: nil, limit: .max).map(StoredRow.review)
        rows += try records.inbound(before: nil, limit: .max).map(StoredRow.inbound)
        rows += try store.marks(at: Timestamp(milliseconds: 0)).map(StoredRow.mark)
        rows += try store.outgoing().map(StoredRow.outgoing)
        rows += try store.receipts().map(StoredRow.receipts)
        rows += try records.errors(ErrorQuery(), before: nil, limit: .max).map(StoredRow.error)
        for warranty in try records.warranties(after: nil, limit: .max) {
            rows.append(.warranty(warranty))
            rows += try records.reminders(ofWarranty: warranty.id).map(StoredRow.reminder)
        }
        let (id, event) = try store.highest()
        rows.append(.highest(id, event: event))
        return try rows + mailings(records) + keyed(store)
    }

    private func mailings(_ records: any RecordStore) throws -> [StoredRow] {
        var rows: [StoredRow] = []
        for mailing in try records.mailings(before: nil, limit: .max) {
            rows.append(.mailing(mailing, try records.progress(ofMailing: mailing.id)))
            for number in 0...(try MailingHead(mailing.body).recipients / MailingHead.usualPartSize) {
                let outcome = try records.outcome(ofPart: number, ofMailing: mailing.id)
                rows.append(.part(try records.part(number, ofMailing: mailing.id), outcome))
            }
        }
        return rows
    }

    private func keyed(_ store: any DeliveryStore) throws -> [StoredRow] {
        var rows: [StoredRow] = []
        for key in answers.sorted() { rows.append(.answer(key: key, try store.answer(key))) }
        for hash in snapshots.sorted() { rows.append(.snapshot(try store.snapshot(hash))) }
        for day in days.sorted() { rows += try store.spends(onDay: day).map(StoredRow.spend) }
        for kind in LookUpRecord.Kind.allCases {
            for key in keys[kind, default: []].sorted() {
                rows.append(.found(kind, key: key, try store.lookUp(kind, key)))
            }
        }
        return rows
    }
}
