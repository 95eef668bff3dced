import Gateway

/// All that an in-memory store holds, as a value.
struct StoreContents: Sendable {
    var messages = SortedTable<RecordID, MessageRecord>()
    var deliveries = SortedTable<RecordID, DeliveryRecord>()
    /// Deliveries by their message, rising.
    var deliveriesOfMessage: [RecordID: [RecordID]] = [:]
    var states = SortedTable<RecordID, StateRecord>()
    var closed = SortedTable<RecordID, StateRecord>()
    var events = SortedTable<Int64, EventRecord>()
    var answers = SortedTable<ByteKey, AnswerRecord>()
    /// Identifiers of a key, rising.
    var lookUps: [LookUpKey: [RecordID]] = [:]
    var reviews = SortedTable<RecordID, ReviewRecord>()
    var inbound = SortedTable<RecordID, InboundRecord>()
    var snapshots = SortedTable<ByteKey, SnapshotRecord>()
    var marks = SortedTable<MarkKey, AddressMark>()
    var consents = SortedTable<RecordID, ConsentStatement>()
    var spends = SortedTable<SpendKey, SpendRecord>()
    var receipts = SortedTable<ReceiptKey, ReceiptRecord>()
    var outgoing = SortedTable<RecordID, OutgoingRecord>()
    var costs = SortedTable<CostKey, CostRecord>()
    var settlements = SortedTable<SettlementKey, SettlementRecord>()
    var recipientCosts = SortedTable<SpendKey, RecipientCost>()
    var warranties = SortedTable<ByteKey, WarrantyRecord>()
    var reminders = SortedTable<StoredReminderKey, ReminderRecord>()
    var mailings = MailingContents()
    var errors = ErrorContents()
    var published = SortedTable<Int64, PublishedRecord>()
    var media = SortedTable<RecordID, MediaRecord>()
    var tasks = SortedTable<RecordID, TaskRecord>()
    var workers = SortedTable<ByteKey, WorkerRecord>()
    var conferences = SortedTable<RecordID, ConferenceRecord>()
    var participants = SortedTable<RecordID, ConferenceParticipant>()
    var details = SortedTable<StoredDetailKey, ReportDetail>()
    /// How far consumers of events have come.
    var consumers: [ConsumerKey: EventPosition] = [:]
    var subscriptions = SortedTable<RecordID, StoredSubscription>()
    var deadLetters = SortedTable<LetterKey, DeadLetter>()
    var contacts = SortedTable<ByteKey, ContactRecord>()
    /// Contacts that were merged, and into which.
    var aliases: [ByteKey: String] = [:]
    var pins: [ByteKey: PINRecord] = [:]
    var boats = SortedTable<ByteKey, BoatRecord>()
    var documents = SortedTable<ByteKey, DocumentRecord>()
    var index = OutsideIndex()
    var keys = SortedTable<ByteKey, KeyRecord>()
    /// The epoch of each partition that was opened.
    var epochs: [Int: Int64] = [:]

    /// Refuses a lease that is not the latest of its partition.
    func check(_ lease: Lease) throws(StoreError) {
        guard let epoch = epochs[lease.partition], epoch == lease.epoch else {
            throw StoreError(.fenced, "partition \(lease.partition) was taken by another gateway")
        }
    }

    /// Applies all of a batch, or throws and leaves everything as it was.
    mutating func apply(_ batch: Batch) throws(StoreError) {
        try checkNew(batch.messages.lazy.map(\.id), "message") { messages[$0] != nil }
        try checkNew(batch.deliveries.lazy.map(\.id), "delivery") { deliveries[$0] != nil }
        try checkNew(batch.events.lazy.map(\.sequence), "event") { events[$0] != nil }
        try checkNew(batch.published.lazy.map(\.sequence), "published event") { published[$0] != nil }
        try checkNew(batch.consentHistory.lazy.map(\.id), "statement") { consents[$0] != nil }
        try checkNew(batch.reminders.lazy.map { StoredReminderKey($0) }, "reminder") { reminders[$0] != nil }
        try checkNew(batch.mailings.lazy.map(\.id), "mailing") { mailings.mailings[$0] != nil }
        try checkNew(batch.mailingOutcomes.lazy.map { PartKey(mailing: $0.mailing, number: $0.part) }, "outcome") {
            mailings.outcomes[$0] != nil
        }
        applyDeliveries(batch)
        applyRecords(batch)
        applyWarranties(batch)
        mailings.apply(batch)
        errors.apply(batch.errors)
        for row in batch.published { published[row.sequence] = row }
        for row in batch.media { media[row.id] = row }
        for id in batch.mediaRemoved { media[id] = nil }
        for row in batch.tasks { tasks[row.id] = row }
        for row in batch.workers { workers[ByteKey(row.name)] = row }
        applyConferences(batch)
        store(batch.details)
    }

    private func checkNew<Key: Hashable>(
        _ keys: some Sequence<Key>, _ table: String, _ isStored: (Key) -> Bool
    ) throws(StoreError) {
        var seen: Set<Key> = []
        for key in keys where !seen.insert(key).inserted || isStored(key) {
            throw StoreError(.failed, "a \(table) was stored twice")
        }
    }

    private mutating func applyDeliveries(_ batch: Batch) {
        for row in batch.messages { messages[row.id] = row }
        for row in batch.deliveries {
            deliveries[row.id] = row
            insert(row.id, into: &deliveriesOfMessage[row.message, default: []])
        }
        for row in batch.states { states[row.delivery] = row }
        for row in batch.closed {
            states[row.delivery] = nil
            closed[row.delivery] = row
        }
        for row in batch.events { events[row.sequence] = row }
    }

    private mutating func applyRecords(_ batch: Batch) {
        for row in batch.answers { answers[ByteKey(row.key)] = row }
        for row in batch.lookUps {
            insert(row.id, into: &lookUps[LookUpKey(kind: row.kind.rawValue, key: ByteKey(row.key)), default: []])
        }
        for row in batch.reviews { reviews[row.id] = row }
        for row in batch.inbound { inbound[row.id] = row }
        for row in batch.snapshots where snapshots[ByteKey(row.hash)] == nil { snapshots[ByteKey(row.hash)] = row }
        for row in batch.marks { apply(row) }
        for row in batch.consentHistory { consents[row.id] = row }
        apply(batch.spends)
        for row in batch.outgoing { outgoing[row.id] = row }
        for id in batch.outgoingDone { outgoing[id] = nil }
        for row in batch.receipts {
            receipts[ReceiptKey(channel: ByteKey(row.channel), country: ByteKey(row.country))] = row
        }
        applyCosts(batch)
    }

    private mutating func apply(_ added: [SpendRecord]) {
        for row in added {
            let key = SpendKey(day: row.day, key: ByteKey(row.key))
            var total = spends[key] ?? SpendRecord(day: row.day, key: row.key, calls: 0, micros: 0)
            total.calls += row.calls
            total.micros += row.micros
            spends[key] = total
        }
        guard let newest = added.map(\.day).max() else { return }
        spends.removeAll { $0.day < SpendRecord.oldest(keptOn: newest) }
    }

    private mutating func apply(_ mark: AddressMark) {
        let key = MarkKey(mark)
        let hasEnded = mark.until.map { $0 <= mark.at } ?? false
        marks[key] = hasEnded ? nil : mark
    }

    private func insert(_ id: RecordID, into ids: inout [RecordID]) {
        let index = ids.partitionIndex { $0 >= id }
        if index < ids.count, ids[index] == id { return }
        ids.insert(id, at: index)
    }

    /// The history that ends with the event which `state` names, oldest first.
    func history(of state: StateRecord) throws(StoreError) -> [EventRecord] {
        try EventHistory.events(endingAt: state) { events[$0] }
    }
}
