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
    /// Calls to the number over all rounds; `nil` for no further limit.
    public var maxCallsTotal: Int?
    /// Further rounds after a chain that ended without success.
    public var repeats: Repeats?
    /// How long after an acknowledgement the delivery is opened again, as a further round; `nil` for never.
    public var reopenAfter: Duration?
    /// What a delivery may spend; `nil` for no limit.
    public var budget: DeliveryBudget?
    /// What follows when no step succeeded.
    public var onExhausted: ExhaustedAction
    /// What follows 'not me'.
    public var onReject: RejectAction
    /// Between the end of a call with the number, whoever placed it, and the delivery's next one.
    public var cooldown = Duration.seconds(60)
    /// Nothing is sent before somebody approves it.
    public var needsReview = false
    /// How long somebody has to approve the delivery, or a step that budgets deny.
    public var reviewWithin: Duration = .seconds(24 * 3600)

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

/// `repeat:` of a policy.
public struct Repeats: Sendable, Hashable {
    /// Rounds after the first, 1...20.
    public var times: Int
    /// From the end of a round to the start of the next.
    public var gap: Duration

    /// So many rounds, so far apart.
    public init(times: Int, gap: Duration) {
        self.times = times
        self.gap = gap
    }
}

/// What a delivery may spend, and what happens to a step that would cost more.
public struct DeliveryBudget: Sendable, Hashable {
    /// Micros of the gateway's currency.
    public var micros: Int64
    /// What follows a reservation that was denied.
    public var action: BudgetAction

    /// A limit.
    public init(micros: Int64, action: BudgetAction) {
        self.micros = micros
        self.action = action
    }
}

/// `on_budget:` of a policy.
public enum BudgetAction: String, Sendable, Hashable, CaseIterable {
    /// The next step, which may cost less.
    case skip
    /// The delivery ends as `blocked_budget`.
    case block
    /// The step waits for a person, who lets it go or ends the delivery.
    case review
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
    /// Set for a step that is carried out by deliveries of its own.
    public var delegation: Delegation?
    /// The same step over the other senders of its list, in order; empty where there is one sender.
    public var alternatives: [PlanStep] = []

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
        maxTries = StepDefinition.defaultTries
        onAmbiguous = .lookUp
        outcomes = [:]
    }

    /// A step that is carried out by deliveries of its own.
    public init(_ delegation: Delegation) {
        self.init(channel: delegation.name, kind: ChannelKind(rawValue: "delegation"))
        self.delegation = delegation
        canPoll = false
        canLookUp = false
        canRecall = false
    }

    /// How often a text of this step can reach a provider: once over each of its senders, again by `outcomes: retry`,
    /// and once more by `resend`.
    public var submissions: Int {
        let retries = outcomes.values.reduce(0) { most, action in
            guard case .retry(_, let times) = action else { return most }
            return max(most, times)
        }
        return (1 + retries) * senderCount + (onAmbiguous == .resend ? 1 : 0)
    }

    /// The best level this step can prove; a weak receipt makes `sent` the best.
    public var bestLevel: EvidenceLevel { .best(receipts, intrusiveness) }
}

/// Deliveries that carry out a step in place of a request.
public enum Delegation: Sendable, Hashable {
    /// Other people, each under a policy; `within` ends their deliveries before the policy does.
    case target(StepTarget, policy: String, within: Duration?)
    /// The same person over so many channels at once, one delivery for each.
    case broadcast(Int)

    /// The word of timelines, in the place of a channel's name.
    public var name: String {
        switch self {
        case .target(let target, _, _): target.text
        case .broadcast: "broadcast"
        }
    }
}

/// Whom a step reaches in the recipient's place.
public enum StepTarget: Sendable, Hashable {
    /// `contact:ID`.
    case contact(String)
    /// `group:NAME`, under `groups:`.
    case group(String)
    /// `schedule:NAME`, under `schedules:`: whoever is on duty when the step starts.
    case schedule(String)

    /// As channels.yaml writes it.
    public var text: String {
        switch self {
        case .contact(let id): "contact:" + id
        case .group(let name): "group:" + name
        case .schedule(let name): "schedule:" + name
        }
    }

    /// Reads the form of channels.yaml; `nil` for any other.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "contact" where JobCodec.isIdentifier(name): self = .contact(name)
        case "group" where !name.isEmpty: self = .group(name)
        case "schedule" where !name.isEmpty: self = .schedule(name)
        default: return nil
        }
    }
}
