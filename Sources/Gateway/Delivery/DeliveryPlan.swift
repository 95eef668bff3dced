/// What `decide` needs to know of a policy: steps, clocks and goals, resolved for one recipient's country and one
/// priority. A value that many deliveries share.
public struct DeliveryPlan: Sendable, Hashable {
    /// The policy's name under `policies:`.
    public var policy: String
    public var steps: [PlanStep]
    /// Ends the delivery when nobody must acknowledge.
    public var success: EvidenceLevel
    /// Only an acknowledgement ends the delivery.
    public var ackRequired: Bool
    /// From max(created, `send_at`).
    public var expires: Duration
    /// An overdue clock that is later than this first asks the provider.
    public var catchUpGrace: Duration
    /// Calls to the number over the whole delivery.
    public var maxCalls: Int
    public var onExhausted: ExhaustedAction
    public var onReject: RejectAction

    /// A plan with the defaults of delivery.md.
    public init(policy: String, steps: [PlanStep]) {
        self.policy = policy
        self.steps = steps
        success = .delivered
        ackRequired = false
        expires = .seconds(24 * 3600)
        catchUpGrace = .seconds(60)
        maxCalls = 1
        onExhausted = .nothing
        onReject = .review
    }
}

/// What follows a chain that ended without success.
public enum ExhaustedAction: Sendable, Hashable {
    case nothing
    case review
    /// A name under `webhooks:`… an absolute URL told about it.
    case webhook(String)
    case policy(String)
}

/// What follows 'not me'.
public enum RejectAction: String, Sendable, Hashable, CaseIterable { case review, next }

/// What to do when a request may have been processed.
public enum AmbiguousAction: String, Sendable, Hashable, CaseIterable {
    /// Look it up, and let the clock decide.
    case lookUp = "look_up"
    /// Text only, once: send again and count a possible duplicate.
    case resend
}

/// One entry of `fallback:`.
public struct PlanStep: Sendable, Hashable {
    /// The name under `channels:`.
    public var channel: String
    public var kind: ChannelKind
    public var intrusiveness: Intrusiveness
    public var receipts: ReceiptQuality
    /// Whether the channel reports `sent` apart from acceptance; `deliver_within` then runs from it.
    public var reportsSent: Bool
    public var canPoll: Bool
    public var canLookUp: Bool
    public var canRecall: Bool
    /// There is a template to try when free text is refused outside the window.
    public var hasTemplate: Bool
    public var submitWithin: Duration
    public var laneWithin: Duration?
    public var queueWithin: Duration
    public var deliverWithin: Duration
    public var readWithin: Duration?
    public var ackWithin: Duration
    /// Voice: how long it may ring, seconds to the provider.
    public var ringTimeout: Duration
    /// Voice: the provider's time limit of a call.
    public var maxDuration: Duration
    /// Voice: a redial is never made by itself; text: tries after back-off.
    public var maxTries: Int
    public var onAmbiguous: AmbiguousAction
    public var outcomes: [AttemptOutcome: OutcomeAction]

    /// A step with the defaults of delivery.md for its kind.
    public init(channel: String, kind: ChannelKind) {
        self.channel = channel
        self.kind = kind
        intrusiveness = kind == .voice ? .call : .text
        receipts = .reliable
        reportsSent = true
        canPoll = true
        canLookUp = true
        canRecall = true
        hasTemplate = false
        submitWithin = .seconds(120)
        queueWithin = .seconds(600)
        deliverWithin = kind == .whatsapp ? .seconds(180) : .seconds(120)
        ackWithin = .seconds(900)
        ringTimeout = .seconds(30)
        maxDuration = .seconds(180)
        maxTries = 5
        onAmbiguous = .lookUp
        outcomes = [:]
    }

    /// The best level this step can prove; a weak receipt makes `sent` the best.
    public var bestLevel: EvidenceLevel {
        receipts == .reliable || intrusiveness == .call ? .read : .sent
    }
}
