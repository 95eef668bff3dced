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
