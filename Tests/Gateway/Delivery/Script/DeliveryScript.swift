import Gateway

/// Drives `decide` along a time line: push an event at a second, read the state and the commands.
struct DeliveryScript {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)

    var plan: DeliveryPlan
    var facts = ScriptFacts()
    var state: DeliveryState
    /// Seconds since the start.
    private(set) var clock: Double = 0
    /// What the last event asked for.
    private(set) var last: [DeliveryCommand] = []
    /// What all events asked for.
    private(set) var all: [DeliveryCommand] = []

    init(_ plan: DeliveryPlan, startsAfter wait: Double = 0) {
        self.plan = plan
        let startsAt = Self.time(wait)
        state = DeliveryState(steps: plan.steps.count, startsAt: startsAt, expiresAt: startsAt + plan.expires)
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64(seconds * 1_000))
    }

    /// Feeds one event at a second of the time line; without one, at once.
    @discardableResult
    mutating func push(_ event: DeliveryEvent, at second: Double? = nil) -> [DeliveryCommand] {
        clock = second ?? clock
        last = decide(&state, event, plan: plan, facts: facts, now: Self.time(clock))
        all += last
        return last
    }

    /// Lets time pass until the armed timer is due, or to `second`, and fires it.
    @discardableResult
    mutating func fire(at second: Double? = nil) -> [DeliveryCommand] {
        guard let armed = state.armed else {
            last = []
            return []
        }
        return push(.timer(generation: armed.generation), at: second ?? Self.second(armed.due))
    }

    static func second(_ time: Timestamp) -> Double { Double(time.milliseconds - start.milliseconds) / 1_000 }

    // MARK: what is seen

    /// When the armed timer is due, in seconds.
    var due: Double? { state.armed.map { Self.second($0.due) } }

    var armedKind: ClockKind? { state.armed?.kind }

    func status(_ step: Int) -> StepStatus { state.steps[step].status }

    var sends: [Int] { all.compactMap { if case .send(let attempt) = $0 { attempt } else { nil } } }

    var recalls: [Int] { all.compactMap { if case .recall(let attempt) = $0 { attempt } else { nil } } }

    func asked(_ command: DeliveryCommand) -> Bool { last.contains(command) }

    func everAsked(_ command: DeliveryCommand) -> Bool { all.contains(command) }
}

extension DeliveryScript {
    /// Accepts, and lets the lane grant the first step.
    static func sent(_ plan: DeliveryPlan, facts: ScriptFacts = ScriptFacts()) -> Self {
        var script = DeliveryScript(plan)
        script.facts = facts
        script.push(.accepted)
        script.push(.granted)
        return script
    }

    /// The provider has the newest attempt.
    mutating func accept(at second: Double? = nil) {
        let attempt = state.attempts.count - 1
        push(.result(attempt: attempt, .accepted(providerID: "P\(attempt)", report: .init(.accepted))), at: second)
    }

    /// Grants a slot and lets the provider take the request.
    mutating func send(at second: Double? = nil) {
        push(.granted, at: second)
        accept()
    }

    mutating func refuse(_ failure: ProviderFailure, at second: Double? = nil) {
        push(.result(attempt: state.attempts.count - 1, .refused(failure)), at: second)
    }

    mutating func breakOff(at second: Double? = nil) {
        push(.result(attempt: state.attempts.count - 1, .ambiguous(code: 503)), at: second)
    }

    mutating func lookUp(_ result: LookUpResult, at second: Double? = nil) {
        push(.lookedUp(attempt: state.attempts.count - 1, result), at: second)
    }

    /// A report about the newest attempt, or about the one named.
    mutating func report(_ report: AttemptReport, of attempt: Int? = nil, at second: Double? = nil) {
        push(.report(attempt: attempt ?? state.attempts.count - 1, report), at: second)
    }
}

extension AttemptReport {
    static let sent = Self(.sent, mark: 1, status: .sent)
    static let delivered = Self(.delivered, mark: 2, status: .delivered)
    static let read = Self(.read, mark: 3, status: .read)
    static let failed = Self.failing(.failed, status: .failed)
    static let undelivered = Self.failing(.undelivered, status: .undelivered)
    static let ringing = Self(.sent, mark: 10, status: .ringing, call: .ringing)
    static let answered = Self(.sent, mark: 11, status: .inProgress, call: .answered)
    static let human = Self(.delivered, mark: 12, status: .human)
    static let machine = Self(.sent, mark: 13, status: .machine)
    static let completed = Self(.none, mark: 14, status: .completed, call: .ended)

    init(_ level: EvidenceLevel, mark: UInt8, status: ProviderStatus, call: CallProgress? = nil) {
        self.init(level, status: status)
        self.mark = mark
        self.call = call
        providerID = "P"
    }

    static func failing(
        _ outcome: AttemptOutcome, status: ProviderStatus = .failed, _ failure: ProviderFailure? = nil
    ) -> Self {
        var report = Self(.none, mark: 20 + outcome.rawValue, status: status)
        report.outcome = outcome
        report.failure = failure
        return report
    }

    /// A call that ended without a conversation.
    static func call(_ outcome: AttemptOutcome) -> Self {
        var report = failing(outcome, status: .busy)
        report.call = .ended
        return report
    }
}
