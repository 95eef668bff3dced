/// Something that happened and is no transition of a delivery: kept in the commit of its cause, for those who consume
/// events. Ids, codes, counts and times, never a text or a whole number.
public struct PublishedRecord: Sendable, Hashable {
    /// From the one sequence that deliveries' events have too; the engine assigns it.
    public var sequence: Int64
    /// When it happened.
    public var at: Timestamp
    /// What happened: the raw value of an `EventType`.
    public var type: String
    /// The public id of what it is about.
    public var subject: String
    /// Whose it is; `nil` for what belongs to no tenant.
    public var tenant: String?
    /// A JSON object: the event's `data`.
    public var body: [UInt8]

    /// A row of `published`.
    public init(sequence: Int64, at: Timestamp, type: String, subject: String, tenant: String?, body: [UInt8]) {
        self.sequence = sequence
        self.at = at
        self.type = type
        self.subject = subject
        self.tenant = tenant
        self.body = body
    }
}

/// A row of one of the two tables that events are read from, in the order of their sequence.
public enum EventRow: Sendable, Hashable {
    /// A transition of a delivery.
    case delivery(EventRecord)
    /// Anything else.
    case published(PublishedRecord)

    /// Unique over both tables.
    public var sequence: Int64 {
        switch self {
        case .delivery(let record): record.sequence
        case .published(let record): record.sequence
        }
    }
}
