/// What is fixed about a delivery: the envelope, whom it goes to, and under which policy of which snapshot.
public struct DeliveryJob: Sendable, Hashable {
    /// Names the delivery.
    public var delivery: RecordID
    /// Names the message that it is part of.
    public var message: RecordID
    /// When it was accepted.
    public var created: Timestamp
    /// What is sent.
    public var envelope: Envelope
    /// Whom it goes to.
    public var recipient: ResolvedRecipient
    /// A name under `policies:` of the snapshot.
    public var policy: String
    /// Hash of the configuration that the delivery started with.
    public var snapshot: String
    /// The outbound rule that chose the policy.
    public var rule: String
    /// Where it came from; `nil` for one that a message began with.
    public var lineage: Lineage?
    /// The mailing that its message is one of.
    public var mailing: RecordID?

    /// A delivery of an envelope to one person.
    public init(
        delivery: RecordID, message: RecordID, created: Timestamp, envelope: Envelope, recipient: ResolvedRecipient,
        policy: String, snapshot: String, rule: String
    ) {
        self.delivery = delivery
        self.message = message
        self.created = created
        self.envelope = envelope
        self.recipient = recipient
        self.policy = policy
        self.snapshot = snapshot
        self.rule = rule
    }
}

extension DeliveryJob {
    /// What a person is asked about once, over all rounds and channels.
    var alert: RecordID { lineage?.parent ?? lineage?.root ?? delivery }
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
