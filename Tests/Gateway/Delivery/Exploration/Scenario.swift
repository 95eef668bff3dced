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
    /// Senders that cannot be used, by their places.
    var ineligible: [Int: SkipReason] = [:]
    /// Steps over which the person was reached as often as anybody may be.
    var overexposed: Set<Int> = []
    /// Places of senders that have consent of their own.
    var ownConsent: Set<Int> = [0, 1, 2, place(0, over: 1), place(1, over: 1)]
    var laneWaits: [Duration] = [.zero, .zero, .zero]
    /// What an attempt of a step costs, in micros.
    var prices: [Int64] = [0, 0, 0]
    /// The same over the second sender of a step.
    var otherPrices: [Int64] = [0, 0, 0]
    /// Places of senders whose receipts turned out to be weak.
    var weakReceipts: Set<Int> = []
    /// Rounds before this one, and their calls.
    var round: UInt8 = 0
    /// Other deliveries wait for calls to the number.
    var hasOthers = false
    var callsBefore: UInt8 = 0
    /// Nothing is sent before somebody approves it.
    var needsReview = false
    /// People also send texts that name no alert.
    var hasReplies = true
    /// A budget beyond the plan's own.
    var shared: DeliveryBudget?

    var description: String { name }

    /// Names a sender of a step; that of a step with one sender is the step.
    static func place(_ step: Int, over sender: Int) -> Int { step + 4 * sender }

    func price(ofStep step: Int, over sender: Int) -> Int64 { sender == 0 ? prices[step] : otherPrices[step] }

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

    func ineligibility(ofStep step: Int, over sender: Int, consentOnly: Bool) -> SkipReason? {
        let place = Scenario.place(step, over: sender)
        if world.stopped & 1 << UInt8(place) != 0 { return .optedOut }
        return scenario.ineligible[place] ?? (consentOnly && !scenario.ownConsent.contains(place) ? .noConsent : nil)
    }

    func hold(ofStep step: Int, over sender: Int) -> HoldReason? {
        world.down & 1 << UInt8(Scenario.place(step, over: sender)) != 0 ? .circuitOpen : nil
    }

    func opening(ofStep step: Int) -> QuietOpening {
        guard world.asleep & 1 << UInt8(step) != 0 else { return .open }
        switch scenario.sleep {
        case .hour: return .closed(until: now + .seconds(3_600))
        case .pastTheEnd: return .closed(until: now + World.horizon + .seconds(1))
        case .skip: return .skip
        }
    }

    func isOverexposed(toStep step: Int) -> Bool { scenario.overexposed.contains(step) }

    func receiptsAreWeak(ofStep step: Int, over sender: Int) -> Bool {
        scenario.weakReceipts.contains(Scenario.place(step, over: sender))
    }

    func laneWait(ofStep step: Int, over sender: Int) -> Duration { scenario.laneWaits[step] }

    var hasBudgets: Bool { scenario.shared != nil }

    func denial(ofStep step: Int, price: Int64) -> BudgetAction? {
        scenario.shared.flatMap { world.state.reserved + price > $0.micros ? $0.action : nil }
    }

    func price(ofStep step: Int, over sender: Int) -> Int64 { scenario.price(ofStep: step, over: sender) }
}
