/// What is fixed about a delivery: the envelope, whom it goes to, and under which policy of which snapshot. A reference,
/// because everything that looks at a delivery takes it along, and copying so many texts would cost more than the look.
public final class DeliveryJob: Sendable {
    /// Names the delivery.
    public let delivery: RecordID
    /// Names the message that it is part of.
    public let message: RecordID
    /// When it was accepted.
    public let created: Timestamp
    /// What is sent.
    public let envelope: Envelope
    /// Whom it goes to.
    public let recipient: ResolvedRecipient
    /// A name under `policies:` of the snapshot.
    public let policy: String
    /// Hash of the configuration that the delivery started with.
    public let snapshot: String
    /// The outbound rule that chose the policy.
    public let rule: String
    /// Where it came from; `nil` for one that a message began with.
    public let lineage: Lineage?
    /// The mailing that its message is one of.
    public let mailing: RecordID?

    /// A delivery of an envelope to one person.
    public init(
        delivery: RecordID, message: RecordID, created: Timestamp, envelope: Envelope, recipient: ResolvedRecipient,
        policy: String, snapshot: String, rule: String, lineage: Lineage? = nil, mailing: RecordID? = nil
    ) {
        self.delivery = delivery
        self.message = message
        self.created = created
        self.envelope = envelope
        self.recipient = recipient
        self.policy = policy
        self.snapshot = snapshot
        self.rule = rule
        self.lineage = lineage
        self.mailing = mailing
    }
}

extension DeliveryJob: Hashable {
    /// Whether both say the same.
    public static func == (one: DeliveryJob, other: DeliveryJob) -> Bool {
        one.delivery == other.delivery && one.message == other.message && one.created == other.created
            && one.envelope == other.envelope && one.recipient == other.recipient && one.policy == other.policy
            && one.snapshot == other.snapshot && one.rule == other.rule && one.lineage == other.lineage
            && one.mailing == other.mailing
    }

    /// By the identifier, which hardly ever belongs to two.
    public func hash(into hasher: inout Hasher) { hasher.combine(delivery) }
}

extension DeliveryJob {
    /// What a person is asked about once, over all rounds and channels.
    var alert: RecordID { lineage?.parent ?? lineage?.root ?? delivery }

    /// A job that comes from this one; what is not given stays.
    func derived(
        _ lineage: Lineage?, id: RecordID? = nil, created: Timestamp? = nil, policy: String? = nil,
        to recipient: ResolvedRecipient? = nil
    ) -> DeliveryJob {
        DeliveryJob(
            delivery: id ?? delivery, message: message, created: created ?? self.created, envelope: envelope,
            recipient: recipient ?? self.recipient, policy: policy ?? self.policy, snapshot: snapshot, rule: rule,
            lineage: lineage, mailing: mailing)
    }
}

/// How a delivery came from another one.
public struct Lineage: Sendable, Hashable {
    /// What the delivery is to the one that it came from.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The same again, after its chain ended or its acknowledgement was long ago.
        case round
        /// Another policy, after its chain ended.
        case followUp = "follow_up"
        /// Somebody else, for a step of it.
        case target
        /// One of its channels at once.
        case branch
    }

    /// What it is to `origin`.
    public var kind: Kind
    /// The delivery that it came from, directly.
    public var origin: RecordID
    /// The first of the rounds and follow-ups that it is one of; a target or branch begins anew.
    public var root: RecordID
    /// The delivery that waits for it, a step of which it carries out; rounds and follow-ups take it over.
    public var parent: RecordID?
    /// The step of `parent` that it carries out.
    public var step: UInt8 = 0
    /// The one entry of `broadcast:` that it is for.
    public var branch: UInt8?
    /// Rounds before it.
    public var round: UInt8 = 0
    /// Calls of the rounds before it.
    public var callsBefore: UInt8 = 0

    /// What a delivery is to another one.
    public init(_ kind: Kind, of origin: RecordID, root: RecordID) {
        self.kind = kind
        self.origin = origin
        self.root = root
    }
}
