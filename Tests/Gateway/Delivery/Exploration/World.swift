import Gateway

/// A delivery and everything outside it that can still act on it, with the clock at zero: all times are relative, so
/// that two moments from which the same can happen are the same world.
struct World: Hashable {
    /// What `now` always is: times of the state are shifted to it after every move.
    static let now = Timestamp(milliseconds: 1_000_000_000)
    /// The end stays this far away until the move `expire` brings it.
    static let horizon: Duration = .seconds(7_200)

    /// Whose calls a delivery may share.
    static let leader = AttemptReference.other(0)

    var state: DeliveryState
    /// What the provider really did, one for each attempt.
    var flights: [Flight] = []
    /// The step that has a place in its lane.
    var lane: Int?
    /// The attempt whose look-up is under way.
    var lookUp: Int?
    /// The attempt whose status query is under way.
    var poll: Int?
    /// Places of senders whose circuit is open.
    var down: UInt8 = 0
    /// Places of senders, of steps that have others, to whom the person said STOP.
    var stopped: UInt8 = 0
    /// Steps that are in quiet hours.
    var asleep: UInt8 = 0
    /// Steps that deliveries of their own carry out now.
    var delegates: UInt8 = 0
    /// Another round was opened.
    var hasRound = false
    /// How often somebody approved something.
    var approvals: UInt8 = 0
    var budget: Budget

    init(_ scenario: Scenario) {
        state = DeliveryState(
            steps: scenario.plan.steps.count, startsAt: Self.now + scenario.startsAfter,
            expiresAt: Self.now + Self.horizon)
        state.round = scenario.round
        state.callsBefore = scenario.callsBefore
        if scenario.needsReview { state.reviewUntil = Self.now + scenario.plan.reviewWithin }
        down = scenario.down
        asleep = scenario.asleep
        budget = scenario.budget
    }
}

/// The truth about one attempt.
struct Flight: Hashable {
    /// The answer to its request is under way.
    var isPending = true
    /// Whether the provider has created it; `nil` while nobody can know.
    var exists: Bool?
    /// The reports of the scenario's list that have reached us.
    var told: UInt8 = 0
}

/// How often each kind of misfortune may still happen.
struct Budget: Hashable {
    var attempts = 3
    var reports = 2
    /// Bounds the sum of what follows, down to `pauses`.
    var troubles = 1
    var crashes = 1
    var refusals = 1
    var breaks = 1
    var silences = 1
    /// Circuits and quiet hours that change.
    var changes = 0
    /// Moments between two timers at which time stands, beside those at which something happens.
    var pauses = 0
    var people = 0

    /// Spends one of a kind of trouble.
    mutating func spend(_ kind: WritableKeyPath<Self, Int>) {
        self[keyPath: kind] -= 1
        troubles -= 1
        if troubles == 0 { stopTroubles() }
    }

    /// No more misfortunes.
    mutating func stopTroubles() {
        crashes = 0
        refusals = 0
        breaks = 0
        silences = 0
        changes = 0
        pauses = 0
    }
}

// MARK: - Relative time

extension World {
    /// Shifts all times so that `now` is `World.now` again, and forgets what no rule can tell apart any more.
    mutating func rebase(from now: Timestamp, plan: DeliveryPlan) {
        let shift = Self.now.milliseconds - now.milliseconds
        func moved(_ time: inout Timestamp) { time.milliseconds += shift }
        func moved(_ time: inout Timestamp?) { if let old = time { time = old + .milliseconds(shift) } }
        moved(&state.startsAt)
        moved(&state.askedUntil)
        moved(&state.reviewUntil)
        if var reply = state.reply {
            moved(&reply.at)
            // The next event forgets what is older.
            reply.at = max(reply.at, Self.now + .seconds(-61))
            state.reply = reply
        }
        if let asked = state.askedUntil, asked < Self.now + .seconds(-70) { state.askedUntil = nil }
        for step in state.steps.indices {
            if var clock = state.steps[step].clock {
                moved(&clock.due)
                state.steps[step].clock = clock
            }
            moved(&state.steps[step].wakeAt)
            moved(&state.steps[step].submitSince)
            moved(&state.steps[step].provenAt)
            forget(step, plan.steps[step])
        }
        for attempt in state.attempts.indices {
            guard state.attempts[attempt].ambiguousSince != nil else { continue }
            moved(&state.attempts[attempt].ambiguousSince)
            // Every look-up of the schedule is in the past.
            let oldest = Self.now + .seconds(-200)
            state.attempts[attempt].ambiguousSince = state.attempts[attempt].ambiguousSince.map { max($0, oldest) }
        }
        forgetAttempts()
        if var armed = state.armed {
            moved(&armed.due)
            armed.generation = 1
            if armed.kind == .expires { armed.due = Self.now + Self.horizon }
            state.armed = armed
        }
        state.generation = 1
        state.expiresAt = Self.now + Self.horizon
        if state.phase.isTerminal { state.startsAt = Self.now }
    }

    private mutating func forget(_ step: Int, _ entry: PlanStep) {
        if let since = state.steps[step].submitSince {
            state.steps[step].submitSince = max(since, Self.now + .milliseconds(-entry.submitWithin.milliseconds))
        }
        state.steps[step].submitSpent = min(state.steps[step].submitSpent, entry.submitWithin.milliseconds)
        if !state.steps[step].status.isOpen || state.phase.isTerminal {
            var over = state.steps[step]
            over.refusals = 0
            over.retries = 0
            over.useTemplate = false
            over.resent = false
            over.submitSpent = 0
            over.submitSince = nil
            over.submitIsOver = false
            over.polled = false
            over.provenAt = nil
            over.sender = 0
            over.refusedBy = 0
            over.passed = 0
            state.steps[step] = over
        }
        if let proven = state.steps[step].provenAt {
            state.steps[step].provenAt = max(proven, Self.now + .milliseconds(-entry.ackWithin.milliseconds))
        }
    }

    /// What is only shown to people, and what belongs to attempts that are not looked up any more.
    private mutating func forgetAttempts() {
        for attempt in state.attempts.indices {
            state.attempts[attempt].providerStatus = .unknown
            state.attempts[attempt].intentAt = nil
            state.attempts[attempt].code = 0
            let isLive = state.phase == .active && Int(state.attempts[attempt].step) == state.current
            if !isLive || state.attempts[attempt].status != .ambiguous {
                state.attempts[attempt].ambiguousSince = nil
                state.attempts[attempt].lookUps = 0
            }
            state.attempts[attempt].lookUps = min(state.attempts[attempt].lookUps, 1)
        }
    }
}
