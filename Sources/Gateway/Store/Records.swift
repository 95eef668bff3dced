/// A message as the store keeps it: the envelope, encoded once.
public struct MessageRecord: Sendable, Hashable {
    public var id: RecordID
    /// Seconds resolution suffices for lists; milliseconds are kept.
    public var created: Timestamp
    public var body: [UInt8]

    /// A row of `message`.
    public init(id: RecordID, created: Timestamp, body: [UInt8]) {
        self.id = id
        self.created = created
        self.body = body
    }
}

/// A delivery as the store keeps it: recipient, message id and snapshot hash, written once.
public struct DeliveryRecord: Sendable, Hashable {
    public var id: RecordID
    public var message: RecordID
    public var body: [UInt8]

    /// A row of `delivery`.
    public init(id: RecordID, message: RecordID, body: [UInt8]) {
        self.id = id
        self.message = message
        self.body = body
    }
}

/// The encoded state of a delivery; open ones live in `state`, ended ones in `closed`.
public struct StateRecord: Sendable, Hashable {
    public var delivery: RecordID
    public var blob: [UInt8]

    /// A row of `state` or `closed`.
    public init(delivery: RecordID, blob: [UInt8]) {
        self.delivery = delivery
        self.blob = blob
    }
}

/// One transition: ids, codes, levels and times, never a number or text.
public struct EventRecord: Sendable, Hashable {
    /// Rises by one with every event of the store; the engine assigns it.
    public var sequence: Int64
    public var delivery: RecordID
    /// Holds the previous event's sequence, so that a history needs no index.
    public var blob: [UInt8]

    /// A row of `event`.
    public init(sequence: Int64, delivery: RecordID, blob: [UInt8]) {
        self.sequence = sequence
        self.delivery = delivery
        self.blob = blob
    }
}

/// The answer that a repeated webhook or request gets.
public struct AnswerRecord: Sendable, Hashable {
    public var key: String
    public var body: [UInt8]
    /// Kept at least until then.
    public var until: Timestamp

    /// A row of `answer`.
    public init(key: String, body: [UInt8], until: Timestamp) {
        self.key = key
        self.body = body
        self.until = until
    }
}

/// A key under which a delivery or message is found again.
public struct LookUpRecord: Sendable, Hashable {
    /// Which index.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        case idempotencyKey, dedupeKey, recipient, providerID
    }

    public var kind: Kind
    public var key: String
    public var id: RecordID

    /// An entry of an index.
    public init(_ kind: Kind, _ key: String, _ id: RecordID) {
        self.kind = kind
        self.key = key
        self.id = id
    }
}

/// A question for a person.
public struct ReviewRecord: Sendable, Hashable {
    public var id: RecordID
    public var delivery: RecordID?
    public var reason: String
    public var isOpen: Bool
    public var created: Timestamp
    public var closed: Timestamp?

    /// A row of `review`.
    public init(id: RecordID, delivery: RecordID?, reason: String, isOpen: Bool, created: Timestamp) {
        self.id = id
        self.delivery = delivery
        self.reason = reason
        self.isOpen = isOpen
        self.created = created
    }
}

/// A message or call from a person, filed.
public struct InboundRecord: Sendable, Hashable {
    public var id: RecordID
    public var created: Timestamp
    public var channel: String
    /// E.164 with `+`.
    public var from: String
    public var to: String
    public var providerID: String
    public var contact: String?
    /// JSON: text, media, matched rule, actions.
    public var body: [UInt8]

    /// A row of `inbound`.
    public init(id: RecordID, created: Timestamp, channel: String, from: String, to: String, providerID: String) {
        self.id = id
        self.created = created
        self.channel = channel
        self.from = from
        self.to = to
        self.providerID = providerID
        body = []
    }
}
