/// What one event does to one delivery. Pure: no I/O, no clock, no randomness of its own.
///
/// - Returns: the commands to carry out after the commit that holds `state`, in order.
public func decide(
    _ state: inout DeliveryState, _ event: DeliveryEvent, plan: consuming DeliveryPlan, facts: some StepFacts,
    now: Timestamp
) -> [DeliveryCommand] {
    // State and plan are moved, not copied: they hold a dozen references.
    let nothing = DeliveryState(steps: 0, startsAt: now, expiresAt: now)
    var decider = Decider(state: nothing, plan: plan, facts: facts, now: now)
    swap(&decider.state, &state)
    decider.handle(event)
    decider.rearm()
    swap(&decider.state, &state)
    return decider.commands
}

/// One run of `decide`: the state under change and the commands so far.
struct Decider<Facts: StepFacts> {
    var state: DeliveryState
    let plan: DeliveryPlan
    let facts: Facts
    let now: Timestamp
    var commands: [DeliveryCommand] = []
    /// The lane granted the current step its slot in this run.
    var hasLeftLane = false

    init(state: DeliveryState, plan: DeliveryPlan, facts: Facts, now: Timestamp) {
        self.state = state
        self.plan = plan
        self.facts = facts
        self.now = now
        commands.reserveCapacity(8)
    }

    mutating func handle(_ event: DeliveryEvent) {
        switch event {
        case .accepted: accept()
        case .granted: grant()
        case .result(let attempt, let result): receive(result, of: attempt)
        case .lookedUp(let attempt, let result): lookedUp(attempt, result)
        case .polled(let attempt, let report): polled(attempt, report)
        case .report(let attempt, let report): receive(report, of: attempt)
        case .timer(let generation): fire(generation)
        case .acknowledged(let attempt): acknowledge(attempt)
        case .replied: reply()
        case .rejected(let attempt): reject(attempt)
        case .optedOut(let channels): optOut(channels)
        case .delegated(let step, let result): delegated(step, result)
        case .cancelled: cancel()
        case .asked(let until): if !state.phase.isTerminal { state.askedUntil = until }
        case .recheck: recheck()
        case .restarted: restart()
        case .joined(let leader): grant(sharing: leader)
        case .leads(let attempt, let riders): lead(attempt, riders)
        case .approved: approve()
        case .dismissed: dismiss()
        case .priced(let attempt, let micros): settlePrice(attempt, micros)
        }
    }

    mutating func emit(_ command: DeliveryCommand) { commands.append(command) }

    mutating func note(_ line: DeliveryNote) { commands.append(.note(line)) }

    /// The step on its way; `nil` when none is left or the delivery is not active.
    var currentStep: Int? {
        state.phase == .active && state.current < state.steps.count ? state.current : nil
    }

    /// Whether an ordinal names an attempt; reports with a forged or outdated one are dropped.
    func isKnown(_ attempt: Int) -> Bool { state.attempts.indices.contains(attempt) }

    /// Whether an attempt is the live one of the step on its way.
    func isCurrent(_ attempt: Int) -> Bool {
        guard let step = currentStep, Int(state.attempts[attempt].step) == step else { return false }
        return state.steps[step].attempt.map(Int.init) == attempt
    }
}

// MARK: - Accept, restart, recheck

extension Decider {
    private mutating func accept() {
        guard state.phase == .scheduled else { return }
        note(.accepted)
        if state.reviewUntil != nil {
            askForApproval()
        } else if state.startsAt <= now {
            begin()
        }
    }

    /// The chain starts.
    mutating func begin() {
        state.phase = .active
        start(from: 0)
    }

    private mutating func restart() {
        let before = currentStep.map { state.steps[$0].status }
        for attempt in state.attempts.indices where state.attempts[attempt].status == .intent {
            becomeAmbiguous(attempt, code: 0)
        }
        forgetOldReply()
        askAboutReply()
        guard let step = currentStep, state.steps[step].status == before else { return }
        switch state.steps[step].status {
        case .ready: emit(.enqueue(step: step))
        // Their own timer ends them.
        case .held(.backOff), .held(.retry): break
        case .held(let reason):
            if reason.countsAgainstSubmit { forgetOutage(step) }
            recheck()
        case .ambiguous: askAgainAfterRestart(step)
        case .submitted: pollAgainAfterRestart(step)
        default: break
        }
    }

    /// A process that starts knows of no open circuit, so that every next step seems to be up: `submit_within` runs anew.
    private mutating func forgetOutage(_ step: Int) {
        guard state.steps[step].submitIsOver else { return }
        state.steps[step].submitIsOver = false
        state.steps[step].submitSpent = 0
        state.steps[step].submitSince = nil
        state.steps[step].refusals = 0
        runSubmit(step)
    }

    /// What is held looks again whether it may go, what is ambiguous whether it can be looked up sooner.
    mutating func recheck() {
        guard let step = currentStep else { return }
        switch state.steps[step].status {
        case .held(.circuitOpen), .held(.senderStopped), .held(.providerRemoved), .held(.senderRemoved),
            .held(.quietHours):
            resume(step)
        // Another sender may be up again.
        case .held(.backOff) where !plan.steps[step].alternatives.isEmpty: resume(step)
        // Their own timer or a person ends them.
        case .held: break
        case .ambiguous:
            lookUpSooner(step)
            // The provider may answer now: the look-up says whether the chain goes on.
            if facts.hold(ofStep: step, over: sender(of: step)) == nil, isToBeAsked(step) { return }
        default: return
        }
        guard currentStep == step, state.steps[step].submitIsOver else { return }
        advanceIfNextIsUp(step)
    }
}

// MARK: - The timer

extension Decider {
    /// Keeps exactly one timer in the heap: the earliest of what is due.
    mutating func rearm() {
        let next = nextTimer()
        guard next?.kind != state.armed?.kind || next?.due != state.armed?.due else { return }
        guard let next else {
            state.armed = nil
            emit(.arm(nil))
            return
        }
        state.generation &+= 1
        let timer = ArmedTimer(kind: next.kind, due: next.due, generation: state.generation)
        state.armed = timer
        emit(.arm(timer))
    }

    private func nextTimer() -> StepClock? {
        if state.phase == .scheduled { return StepClock(kind: .starts, due: state.startsAt) }
        if state.phase == .review { return StepClock(kind: .review, due: state.reviewUntil ?? state.expiresAt) }
        guard state.phase == .active else { return nil }
        var next = StepClock(kind: .expires, due: state.expiresAt)
        guard let step = currentStep else { return next }
        if let clock = state.steps[step].clock {
            let due = max(clock.due, state.askedUntil ?? clock.due)
            if due < next.due { next = StepClock(kind: clock.kind, due: due) }
        }
        if let wake = state.steps[step].wakeAt, wake < next.due { next = StepClock(kind: .wake, due: wake) }
        return next
    }

    private mutating func fire(_ generation: UInt32) {
        guard let timer = state.armed, timer.generation == generation else {
            note(.staleTimer)
            return
        }
        // It left the heap, so it is armed anew if it came too early.
        state.armed = nil
        guard timer.due <= now else { return }
        forgetOldReply()
        switch timer.kind {
        case .starts: begin()
        case .expires: expire()
        case .wake: wake()
        case .review: reviewEnded()
        default: clockEnded(timer)
        }
    }

    private mutating func wake() {
        guard let step = currentStep else { return }
        state.steps[step].wakeAt = nil
        switch state.steps[step].status {
        case .held(.quietHours), .held(.backOff), .held(.retry):
            state.steps[step].refusedBy = 0
            resume(step)
        case .held: recheck()
        case .ambiguous: if let attempt = state.steps[step].attempt { askAgain(Int(attempt)) }
        default: break
        }
    }
}
