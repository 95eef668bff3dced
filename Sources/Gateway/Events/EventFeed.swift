/// Reads events from the rows that the engine's commits left, in the order of their sequence. It blocks as the store does.
///
/// Nothing is missed: one thread numbers the rows and commits them, so a row that comes later has a greater sequence than
/// every row that a reader has seen. Numbers may be left out, where a commit failed.
public struct EventFeed {
    /// What one look came to.
    public struct Page: Sendable, Hashable {
        /// Wanted events, in order.
        public var events: [GatewayEvent] = []
        /// Everything up to here was looked at: where the next page begins.
        public var end: EventPosition
        /// There was nothing more when it was read.
        public var isAtEnd = false
    }

    private let records: any RecordStore
    private let plan: (DeliveryJob) -> DeliveryPlan?
    private let provider: (_ channel: String) -> String?
    /// Rows that are read at once.
    private static let block = 200

    /// - Parameters:
    ///   - plan: of a delivery, by its snapshot; `nil` where that cannot be read any more.
    ///   - provider: of a channel in the running configuration; `nil` for a channel that is gone.
    public init(
        records: any RecordStore, plan: @escaping (DeliveryJob) -> DeliveryPlan?,
        provider: @escaping (_ channel: String) -> String?
    ) {
        self.records = records
        self.plan = plan
        self.provider = provider
    }

    /// Plans and providers are those that a directory knows.
    public init(records: any RecordStore, directory: any DispatchDirectory) {
        let lanes = directory.lanes
        self.init(
            records: records, plan: { directory.plan(for: $0) },
            provider: { channel in lanes.first { $0.channel == channel }?.provider })
    }

    /// Wanted events after a position.
    /// - Parameters:
    ///   - limit: of events.
    ///   - rows: how many are looked at, at most; with a filter that lets little through a page may be short.
    public func page(
        after start: EventPosition, _ filter: EventFilter, limit: Int, rows: Int = 5_000
    ) throws(StoreError) -> Page {
        var page = Page(end: start)
        var projections = Projections(records: records, plan: plan, provider: provider)
        var left = rows
        // The row of the position may have more to say.
        var after = max(0, start.sequence - 1)
        while left > 0 {
            let wanted = min(left, Self.block)
            let block = try records.eventRows(after: after, limit: wanted)
            for row in block {
                for event in try projections.events(row) where event.position > start && filter.admits(event) {
                    if page.events.count == limit { return page }
                    page.events.append(event)
                    page.end = event.position
                }
                page.end = max(start, .end(ofRow: row.sequence))
                after = row.sequence
            }
            left -= block.count
            page.isAtEnd = block.count < wanted
            if page.isAtEnd { return page }
        }
        return page
    }

    /// The event at a position; `nil` where there is none, or what it was about was erased.
    public func event(at position: EventPosition) throws(StoreError) -> GatewayEvent? {
        guard let row = try records.eventRows(after: position.sequence - 1, limit: 1).first else { return nil }
        var projections = Projections(records: records, plan: plan, provider: provider)
        return try projections.events(row).first { $0.position == position }
    }

    /// Behind the last event that there is.
    public func end() throws(StoreError) -> EventPosition { .end(ofRow: try records.lastEventRow()) }
}

/// What rows tell, with what was read of their deliveries for those before.
private struct Projections {
    let records: any RecordStore
    let plan: (DeliveryJob) -> DeliveryPlan?
    let provider: (_ channel: String) -> String?
    private var known: [RecordID: DeliveryEvents] = [:]
    private static let knownLimit = 256

    init(
        records: any RecordStore, plan: @escaping (DeliveryJob) -> DeliveryPlan?,
        provider: @escaping (_ channel: String) -> String?
    ) {
        self.records = records
        self.plan = plan
        self.provider = provider
    }

    mutating func events(_ row: EventRow) throws(StoreError) -> [GatewayEvent] {
        switch row {
        case .published(let record): return try event(record).map { [$0] } ?? []
        case .delivery(let record):
            let (time, notes) = try EventCodec.decode(record.blob)
            guard DeliveryEvents.tell(notes), let delivery = try projection(of: record.delivery, for: notes) else {
                return []
            }
            return delivery.events(notes, row: record.sequence, at: time)
        }
    }

    /// The engine does not know whose a batch is; its head does.
    private func event(_ record: PublishedRecord) throws(StoreError) -> GatewayEvent? {
        guard var event = PublishedEvents.event(record) else { return nil }
        if record.type == EventType.batchCompleted.rawValue, let id = RecordID(record.subject, .batch),
            let mailing = try records.mailing(id)
        {
            event.tenant = try MailingHead(mailing.body).envelope.tenant
        }
        return event
    }

    /// `nil` for a delivery that was erased. What was read before may know less than a later row.
    private mutating func projection(
        of id: RecordID, for notes: [DeliveryNote]
    ) throws(StoreError) -> DeliveryEvents? {
        if let delivery = known[id], delivery.knows(notes) { return delivery }
        guard let record = try records.delivery(id), let message = try records.message(record.message),
            let row = try records.state(of: id)
        else { return nil }
        let job = try JobCodec.job(record, message)
        let projection = DeliveryEvents(
            job, plan: plan(job), attempts: try StateCodec.decode(row.blob).attempts, provider: provider)
        if known.count == Self.knownLimit { known.removeAll(keepingCapacity: true) }
        known[id] = projection
        return projection
    }
}
