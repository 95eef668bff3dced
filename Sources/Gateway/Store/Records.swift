/// A message as the store keeps it: the envelope, encoded once.
public struct MessageRecord: Sendable, Hashable {
    /// Names the message; rises with time.
    public var id: RecordID
    /// Seconds resolution suffices for lists; milliseconds are kept.
    public var created: Timestamp
    /// The encoded envelope.
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
    /// Names the delivery; the message's id where there is one recipient.
    public var id: RecordID
    /// The message that it is part of.
    public var message: RecordID
    /// The encoded recipient, policy, rule and snapshot hash.
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
    /// Whose state it is.
    public var delivery: RecordID
    /// The encoded `DeliveryState`.
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
    /// Whose history it belongs to.
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
    /// What was recognised: a webhook, a turn of a call, an idempotency key.
    public var key: String
    /// The whole answer.
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
        /// Who wrote or called, to what came in.
        case correspondent
    }

    /// The index.
    public var kind: Kind
    /// The value that is searched; for the API's keys scoped to the tenant.
    public var key: String
    /// The delivery, message or inbound record that it leads to.
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
    /// Names the review.
    public var id: RecordID
    /// What the question is about; `nil` when it is about no delivery.
    public var delivery: RecordID?
    /// Why a person is asked; stable, snake_case.
    public var reason: String
    /// Nobody has answered yet.
    public var isOpen: Bool
    /// When it was opened.
    public var created: Timestamp
    /// When it was answered, or became moot.
    public var closed: Timestamp?
    /// What the person who answered it decided; `nil` while it is open, and for one that became moot.
    public var verdict: Verdict?
    /// The id of the API key with which it was answered.
    public var closedBy: String?
    /// What came in that it is about; `nil` when it is about nothing that did.
    public var inbound: RecordID?
    /// The message with which a person replied.
    public var reply: RecordID?
    /// The contact to which a person linked who had written or called.
    public var contact: String?
    /// An answer that a language model drafted.
    public var draft: String?

    /// What a person decides about a review.
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// What waits for it may go.
        case approved
        /// Nothing comes of it; what waits for it ends.
        case dismissed
        /// Whoever wrote or called was answered.
        case replied
        /// Whoever wrote or called is a contact now.
        case linked
    }

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
    /// Names what came in.
    public var id: RecordID
    /// When it arrived.
    public var created: Timestamp
    /// The channel's kind, such as `sms`.
    public var channel: String
    /// E.164 with `+`.
    public var from: String
    /// The gateway's own number or sender.
    public var to: String
    /// The provider's id of the message or call.
    public var providerID: String
    /// The caller's id of the contact with that number; `nil` when it is unknown.
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
