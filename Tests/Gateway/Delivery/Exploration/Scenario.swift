import Gateway

/// A plan, what providers may say about its attempts, and how much may go wrong.
struct Scenario: Sendable, CustomStringConvertible {
    var name: String
    var plan: DeliveryPlan
    /// What may be reported about an attempt of a step, by step.
    var rumours: [[Rumour]]
    /// What a provider may refuse a request with.
    var refusals: [ProviderFailure] = [.init(.unavailable, .after(retryAfter: nil))]
    var budget = Budget()
    var startsAfter: Duration = .zero
    var down: UInt8 = 0
    var asleep: UInt8 = 0
    /// What quiet hours say; the time is counted from the question.
    var sleep: Sleep = .hour
    /// Steps that cannot be used.
    var ineligible: [Int: SkipReason] = [:]
    /// Steps that have consent of their own.
    var ownConsent: Set<Int> = [0, 1, 2]
    var laneWaits: [Duration] = [.zero, .zero, .zero]
    /// What an attempt of a step costs, in micros.
    var prices: [Int64] = [0, 0, 0]
    /// Rounds before this one, and their calls.
    var round: UInt8 = 0
    var callsBefore: UInt8 = 0
    /// Nothing is sent before somebody approves it.
    var needsReview = false
    /// A budget beyond the plan's own.
    var shared: DeliveryBudget?

    var description: String { name }

    init(_ name: String, _ plan: DeliveryPlan, _ rumours: [[Rumour]], change: (inout Self) -> Void = { _ in }) {
        self.name = name
        self.plan = plan
        self.rumours = rumours
        change(&self)
    }
}

/// How long quiet hours last.
enum Sleep: Sendable { case hour, pastTheEnd, skip }

/// One report that a provider may send about an attempt, and those it cannot send beside it.
struct Rumour: Sendable {
    var name: String
    var report: AttemptReport
    /// Names of reports that contradict it.
    var excludes: Set<String>

    init(_ name: String, _ report: AttemptReport, not excludes: Set<String> = []) {
        self.name = name
        self.report = report
        self.excludes = excludes
    }

    static let sent = Self("sent", .sent)
    static let delivered = Self("delivered", .delivered, not: ["failed"])
    static let read = Self("read", .read, not: ["failed"])
    static let failed = Self("failed", .undelivered, not: ["delivered", "read"])
    static let ringing = Self("ringing", .ringing)
    static let answered = Self("answered", .answered, not: ["busy"])
    static let human = Self("human", .human, not: ["busy", "machine"])
    static let machine = Self("machine", .machine, not: ["busy", "human"])
    static let completed = Self("completed", .completed, not: ["busy"])
    static let busy = Self("busy", .call(.busy), not: ["answered", "human", "machine", "completed"])

    static func failed(_ failure: ProviderFailure) -> Self {
        Self("failed", .failing(.failed, failure), not: ["delivered", "read"])
    }

    static let text: [Self] = [.sent, .delivered, .failed]
    static let chat: [Self] = [.sent, .delivered, .read, .failed]
    static let call: [Self] = [.ringing, .answered, .human, .machine, .completed, .busy]
}

/// Answers `decide` from a world and its scenario.
struct WorldFacts: StepFacts {
    let world: World
    let scenario: Scenario
    let now: Timestamp

    var jitter: Double { 0 }

    func ineligibility(ofStep step: Int, consentOnly: Bool) -> SkipReason? {
        scenario.ineligible[step] ?? (consentOnly && !scenario.ownConsent.contains(step) ? .noConsent : nil)
    }

    func hold(ofStep step: Int) -> HoldReason? { world.down & 1 << UInt8(step) != 0 ? .circuitOpen : nil }

    func opening(ofStep step: Int) -> QuietOpening {
        guard world.asleep & 1 << UInt8(step) != 0 else { return .open }
        switch scenario.sleep {
        case .hour: return .closed(until: now + .seconds(3_600))
        case .pastTheEnd: return .closed(until: now + World.horizon + .seconds(1))
        case .skip: return .skip
        }
    }

    func laneWait(ofStep step: Int) -> Duration { scenario.laneWaits[step] }

    var hasBudgets: Bool { scenario.shared != nil }

    func denial(ofStep step: Int, price: Int64) -> BudgetAction? {
        scenario.shared.flatMap { world.state.reserved + price > $0.micros ? $0.action : nil }
    }

    func price(ofStep step: Int) -> Int64 { scenario.prices[step] }
}
