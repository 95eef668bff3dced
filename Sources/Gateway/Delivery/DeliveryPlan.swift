/// What `decide` needs to know of a policy: steps, clocks and goals, resolved for one recipient's country and one
/// priority. A value that many deliveries share.
public struct DeliveryPlan: Sendable, Hashable {
    /// The policy's name under `policies:`.
    public var policy: String
    /// In the order in which they are tried.
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
    /// What follows when no step succeeded.
    public var onExhausted: ExhaustedAction
    /// What follows 'not me'.
    public var onReject: RejectAction

    /// A plan with the defaults of docs/delivery.md.
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
    /// The channel's kind.
    public var kind: ChannelKind
    /// How much the channel disturbs.
    public var intrusiveness: Intrusiveness
    /// How far its receipts can be trusted in the recipient's country.
    public var receipts: ReceiptQuality
    /// Whether the channel reports `sent` apart from acceptance; `deliver_within` then runs from it.
    public var reportsSent: Bool
    /// The provider can be asked for a status.
    public var canPoll: Bool
    /// The provider can be asked whether an ambiguous attempt exists.
    public var canLookUp: Bool
    /// The provider can cancel a message that is queued, or end a call.
    public var canRecall: Bool
    /// There is a template to try when free text is refused outside the window.
    public var hasTemplate: Bool
    /// For back-off and open circuits together; then the next step, if its provider is up.
    public var submitWithin: Duration
    /// In the lane; `nil` for as long as it takes.
    public var laneWithin: Duration?
    /// From the provider's acceptance to `sent`.
    public var queueWithin: Duration
    /// From `sent`, or from acceptance where `sent` is not reported, to `delivered`.
    public var deliverWithin: Duration
    /// From `delivered` to `read`; `nil` where reading is not waited for.
    public var readWithin: Duration?
    /// From the first evidence that a person can answer to.
    public var ackWithin: Duration
    /// Voice: how long it may ring, seconds to the provider.
    public var ringTimeout: Duration
    /// Voice: the provider's time limit of a call.
    public var maxDuration: Duration
    /// Voice: a redial is never made by itself; text: tries after back-off.
    public var maxTries: Int
    /// What follows a request that may have been processed.
    public var onAmbiguous: AmbiguousAction
    /// What follows an outcome, where the policy says something else than the default.
    public var outcomes: [AttemptOutcome: OutcomeAction]

    /// A step with the defaults of docs/delivery.md for its kind.
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
