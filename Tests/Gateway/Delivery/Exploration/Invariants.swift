import Gateway

/// What must hold in every state and of every move. Each returns what is wrong.
///
/// The invariants of docs/delivery.md by their names: I1 `phases`, `sending` · I2 `calls` · I3 `sending`, `repeats` ·
/// I4 `leaving` · I5 `wakeUp`, the probe `quarantined`, and the engine's `audit` (`AuditStories`) · I6 `spent` · I7 the probe
/// `sameAgain`, and over whole stories `DeterminismTests` · I8 `ladder` · I9 `Explorer.checkTimes` and `copies` · I10 the
/// probe `timersOnly`, and over whole stories `RandomStories` and `CrashStories` · I11 `AnswerStories`.
struct Invariants {
    let scenario: Scenario

    var plan: DeliveryPlan { scenario.plan }

    func violation(of transition: Transition, in world: World) -> String? {
        commands(transition) ?? phases(transition) ?? ladder(transition) ?? leaving(transition) ?? sending(transition)
            ?? recalls(transition) ?? answers(transition)
    }

    func violation(in world: World) -> String? {
        shape(world) ?? wakeUp(world) ?? unwanted(world) ?? repeats(world) ?? calls(world)
            ?? copies(world) ?? spent(world) ?? senders(world)
    }

    // MARK: commands

    private func commands(_ transition: Transition) -> String? {
        var armed = transition.before.state.armed
        if case .timer = transition.event { armed = nil }
        var told = false
        var lane = transition.move.emptiesLane ? nil : transition.before.lane
        var reviewIsOpen = transition.before.state.reviewIsOpen
        if let wrong = successions(transition) { return wrong }
        for command in transition.commands {
            switch command {
            case .arm(let timer):
                if told { return "the timer is armed twice" }
                told = true
                armed = timer
            case .enqueue(let step):
                if lane != nil { return "step \(step) is queued although a step is in its lane" }
                lane = step
            case .leaveLane(let step):
                if lane != step { return "step \(step) leaves a lane it is not in" }
                lane = nil
            case .openReview:
                if reviewIsOpen { return "a second review is opened" }
                reviewIsOpen = true
            case .closeReview:
                if !reviewIsOpen { return "a review is closed that is not open" }
                reviewIsOpen = false
            case .lookUp(let attempt), .poll(let attempt), .recall(let attempt), .send(let attempt):
                if !transition.after.attempts.indices.contains(attempt) { return "attempt \(attempt) is unknown" }
            default: break
            }
        }
        if reviewIsOpen != transition.after.reviewIsOpen { return "the review's state was not told" }
        let isRebased = transition.event == .timer(generation: transition.before.state.generation)
        if armed != transition.after.armed, told || !isRebased { return "the armed timer was not told" }
        return nil
    }

    // MARK: what comes of a delivery

    /// A step's deliveries are started once, and an end is followed by a round or by `on_exhausted`, never by both.
    private func successions(_ transition: Transition) -> String? {
        var successors = transition.before.hasRound ? 1 : 0
        for command in transition.commands {
            switch command {
            case .delegate(let step):
                if transition.before.delegates & 1 << UInt8(step) != 0 { return "step \(step) is delegated twice" }
                if transition.after.steps[step].status != .delegated { return "step \(step) is delegated and left" }
            case .openRound, .exhausted: successors += 1
            default: break
            }
        }
        if successors > 1 { return "the end is followed twice" }
        let isOpened = transition.commands.contains { if case .openRound = $0 { true } else { false } }
        let limit = plan.repeats?.times ?? (plan.reopenAfter == nil ? 0 : 1)
        if isOpened, Int(transition.after.round) >= limit { return "a round too many" }
        return nil
    }

    // MARK: phases (late moves, I1)

    private func phases(_ transition: Transition) -> String? {
        let before = transition.before.state.phase
        let after = transition.after.phase
        if before.isTerminal {
            for command in transition.commands {
                switch command {
                // A late answer may still have to be looked into.
                case .poll where transition.after.reply != nil: break
                case .enqueue, .send, .lookUp, .poll: return "\(command) after the end"
                default: break
                }
            }
        }
        guard before != after else { return nil }
        if transition.after.isLate != before.isTerminal { return "late is \(transition.after.isLate) after \(before)" }
        switch (before, after) {
        case (.scheduled, .review): return transition.event == .accepted ? nil : "asked for an approval later"
        case (.review, .scheduled), (.review, .active): return transition.event == .approved ? nil : "not approved"
        case (.scheduled, _), (.active, _): return after == .scheduled ? "back to scheduled" : nil
        case (.review, _): return nil
        case (.exhausted, .satisfied), (.expired, .satisfied), (.blockedBudget, .satisfied): return nil
        case (.exhausted, .acked), (.expired, .acked), (.blockedBudget, .acked), (.satisfied, .acked): return nil
        default: return "\(before) became \(after)"
        }
    }

    // MARK: the ladder (I8)

    private func ladder(_ transition: Transition) -> String? {
        for (before, after) in zip(transition.before.state.attempts, transition.after.attempts) {
            if after.level < before.level { return "the level fell" }
            if after.seen & before.seen != before.seen { return "a seen report was forgotten" }
            if let call = before.call, (after.call ?? call) < call { return "a call went backwards" }
            if before.outcome != nil, after.outcome != before.outcome { return "an outcome changed" }
        }
        if transition.after.exposures < transition.before.state.exposures { return "an exposure was forgotten" }
        return nil
    }

    // MARK: leaving a step (I4)

    private func leaving(_ transition: Transition) -> String? {
        let before = transition.before.state
        let after = transition.after
        guard before.phase == .active, before.current < before.steps.count else { return nil }
        if after.current < before.current { return "the chain went backwards" }
        let status = after.steps[before.current].status
        guard status != before.steps[before.current].status, !status.isOpen else { return nil }
        if [.acked, .cancelled, .suppressed, .expired, .satisfied].contains(after.phase) { return nil }
        return mayLeave(transition) ? nil : "step \(before.current) was left as \(status) by \(transition.event)"
    }

    private func mayLeave(_ transition: Transition) -> Bool {
        let before = transition.before.state
        let step = before.steps[before.current]
        let own = step.attempt.map(Int.init)
        switch transition.event {
        case .report(let attempt, let report): return attempt == own && report.outcome != nil
        case .polled(let attempt, let report):
            return attempt == own && report != nil && (report?.outcome != nil || step.clock?.kind == .confirm)
        case .result(let attempt, let result):
            if case .refused = result { return attempt == own }
            return false
        case .lookedUp(let attempt, let result):
            let isClockOver = step.clock?.kind == .confirm && result == .absent
            return attempt == own && (isClockOver || result == .unanswered && step.submitIsOver)
        case .timer:
            guard let armed = before.armed, armed.due <= transition.now else { return false }
            return armed.kind == step.clock?.kind && armed.due >= (step.clock?.due ?? .distantFuture)
                || armed.kind == .wake && armed.due == step.wakeAt
        case .granted, .joined: return transition.after.steps[before.current].status.isSkipped
        case .recheck, .restarted: return transition.after.steps[before.current].status.isSkipped || step.submitIsOver
        case .delegated(let delegate, let result): return delegate == before.current && result != .satisfied
        case .optedOut, .rejected, .acknowledged, .replied, .cancelled, .dismissed: return true
        case .approved: return transition.after.steps[before.current].status.isSkipped
        case .accepted, .asked, .leads, .priced: return false
        }
    }

    // MARK: sending (I1, I3, †)

    private func sending(_ transition: Transition) -> String? {
        let sends = transition.commands.compactMap { if case .send(let attempt) = $0 { attempt } else { nil } }
        let before = transition.before.state
        let created = transition.after.attempts.count - before.attempts.count
        // The request is that of the delivery whose call it shares.
        if case .joined = transition.event { return joining(transition, created: created, sends: sends) }
        if sends.count != created { return "\(sends.count) requests for \(created) intents" }
        guard let attempt = sends.first else { return nil }
        if sends != [before.attempts.count] { return "attempt \(attempt) is sent again" }
        if transition.event != .granted { return "sent without a slot" }
        if scenario.needsReview, transition.before.approvals == 0 { return "sent without an approval" }
        let step = Int(transition.after.attempts[attempt].step)
        if step != transition.after.current { return "sent for a step that is not on its way" }
        if let reason = wrongSender(transition, attempt) { return reason }
        for (ordinal, earlier) in before.attempts.enumerated() where Int(earlier.step) == step {
            if let reason = blindRepeat(earlier, transition.before.flights[ordinal], step) { return reason }
        }
        return nil
    }

    /// A sender that may be used and is up; for a call no other one than that which may have placed it.
    private func wrongSender(_ transition: Transition, _ attempt: Int) -> String? {
        let sent = transition.after.attempts[attempt]
        let (step, sender) = (Int(sent.step), Int(sent.sender))
        let facts = WorldFacts(world: transition.before, scenario: scenario, now: transition.now)
        if facts.hold(ofStep: step, over: sender) != nil { return "sent over a sender that is down" }
        let consentOnly = transition.before.state.consentOnly
        if let reason = facts.ineligibility(ofStep: step, over: sender, consentOnly: consentOnly) {
            return "sent over a sender that may not be used: \(reason)"
        }
        guard plan.steps[step].intrusiveness == .call else { return nil }
        for (ordinal, earlier) in transition.before.state.attempts.enumerated()
        where earlier.step == sent.step && earlier.sender != sent.sender {
            if earlier.status != .refused || transition.before.flights[ordinal].exists != false {
                return "a call goes over another sender although the first may have placed it"
            }
        }
        return nil
    }

    private func joining(_ transition: Transition, created: Int, sends: [Int]) -> String? {
        if !sends.isEmpty { return "a call is placed by one that shares another's" }
        guard created > 0, let joined = transition.after.attempts.last else { return nil }
        if joined.sharing != .rides(World.leader) { return "nobody knows whose call it shares" }
        if joined.reserved != 0 { return "a shared call is paid for twice" }
        return created > 1 ? "\(created) attempts share one call" : nil
    }

    private func blindRepeat(_ earlier: AttemptState, _ flight: Flight, _ step: Int) -> String? {
        if earlier.status == .refused || earlier.outcome != nil { return nil }
        if plan.steps[step].onAmbiguous == .resend, plan.steps[step].intrusiveness == .text { return nil }
        if earlier.status == .submitted {
            if case .retry = plan.steps[step].outcomes[.timeout] { return nil }
            if case .retry = plan.steps[step].outcomes[.unacknowledged] { return nil }
            return "a step that has been submitted is sent again"
        }
        if flight.exists == true { return "a step that may have been processed is sent again" }
        return earlier.emptyLookUps >= 2 ? nil : "an ambiguous step is sent again without proof"
    }

    // MARK: recalls

    private func recalls(_ transition: Transition) -> String? {
        for case .recall(let attempt) in transition.commands {
            let state = transition.after.attempts[attempt]
            if state.isDecisive { return "the attempt whose evidence ended the delivery is recalled" }
            if transition.before.state.attempts.indices.contains(attempt),
                transition.before.state.attempts[attempt].recalled
            {
                return "attempt \(attempt) is recalled twice"
            }
            if state.providerID.isEmpty { return "an attempt without an id is recalled" }
            if let call = state.call, call >= .answered { return "a call in conversation is ended" }
            let isText = plan.steps[Int(state.step)].intrusiveness == .text
            if isText, state.level >= .sent { return "what is sent cannot be recalled" }
        }
        return nil
    }
}

extension Move {
    /// The step is not in its lane any more when `decide` hears of it.
    var emptiesLane: Bool {
        switch self {
        case .grant, .grantTooLate, .join, .crash: true
        default: false
        }
    }
}

extension StepStatus {
    var isSkipped: Bool { if case .skipped = self { true } else { false } }
}
