// Which clock runs for a submitted step, and what happens at its end.

extension Decider {
    /// Sets the clock that fits the evidence so far. A clock that already runs is not restarted, nor one that has ended
    /// and is being asked about: `awaited` is the kind that the evidence called for before.
    mutating func runEvidenceClock(_ step: Int, awaited: ClockKind? = nil) {
        guard let ordinal = state.steps[step].attempt.map(Int.init), state.steps[step].status == .submitted
        else { return }
        if state.steps[step].provenAt == nil, isProven(ordinal) { state.steps[step].provenAt = now }
        guard let next = evidenceClock(step, ordinal), next.kind != state.steps[step].clock?.kind else { return }
        if state.steps[step].clock?.kind == .confirm, next.kind == awaited { return }
        let since = next.kind == .ack ? state.steps[step].provenAt ?? now : now
        state.steps[step].clock = StepClock(kind: next.kind, due: since + next.span)
        state.steps[step].polled = false
    }

    func evidenceClock(_ step: Int, _ ordinal: Int) -> (kind: ClockKind, span: Duration)? {
        plan.steps[step].intrusiveness == .call ? callClock(step, ordinal) : textClock(step, ordinal)
    }

    /// `delivered`, or the best that can be had where receipts are weak or absent.
    private func isProven(_ ordinal: Int) -> Bool {
        let level = state.attempts[ordinal].level
        return level >= .delivered || (level >= .sent && !hasReceipts(ordinal))
    }

    /// Whether the receipts of an attempt can be trusted, by its plan and by what was known when it left.
    func hasReceipts(_ ordinal: Int) -> Bool {
        !state.attempts[ordinal].receiptsAreWeak && traits(of: ordinal).receipts == .reliable
    }

    private func textClock(_ step: Int, _ ordinal: Int) -> (kind: ClockKind, span: Duration)? {
        let entry = traits(of: ordinal)
        let level = state.attempts[ordinal].level
        guard isProven(ordinal) else {
            if level < .sent, entry.reportsSent { return (.queue, entry.queueWithin) }
            return (.deliver, entry.deliverWithin)
        }
        let mayBeRead = level < .read && hasReceipts(ordinal)
        guard plan.ackRequired else { return mayBeRead ? (.read, entry.readWithin ?? entry.ackWithin) : nil }
        if mayBeRead, let readWithin = entry.readWithin, readWithin < entry.ackWithin { return (.read, readWithin) }
        return (.ack, entry.ackWithin)
    }

    private func callClock(_ step: Int, _ ordinal: Int) -> (kind: ClockKind, span: Duration)? {
        let entry = plan.steps[step]
        switch state.attempts[ordinal].call {
        case nil: return (.queue, entry.queueWithin)
        case .ringing: return (.ringing, entry.ringTimeout + .seconds(15))
        case .answered: return (.call, entry.maxDuration + .seconds(60))
        case .ended: return (.afterCall, plan.ackRequired ? .seconds(60) : .zero)
        }
    }

    // MARK: the end of a clock

    mutating func clockEnded(_ timer: ArmedTimer) {
        guard let step = currentStep, state.steps[step].clock?.kind == timer.kind else { return }
        note(.clock(step: step, timer.kind))
        switch timer.kind {
        case .submit: submitEnded(step)
        case .lane: laneEnded(step)
        case .confirm: lapse(step)
        case .afterCall: callEnded(step)
        // Reports are lost while we are down: what seems to wait in a queue may have arrived long ago.
        case .queue, .deliver, .read, .ringing, .call:
            if !poll(step), !lookUpLate(step, timer) { lapse(step) }
        case .ack:
            // An acknowledgement never shows in a query, but after an outage reports may be missing.
            let isLate = now > timer.due + plan.catchUpGrace
            if isLate || isCall(step: step), poll(step) { return }
            lapse(step)
        case .starts, .expires, .wake, .review: break
        }
    }

    /// A clock ended, and the provider had no news.
    mutating func lapse(_ step: Int) {
        let ordinal = state.steps[step].attempt.map(Int.init)
        if isCall(step: step), state.steps[step].status == .ambiguous { openReview(.callUnproven) }
        let awaitsAnswer = ordinal.flatMap { evidenceClock(step, $0)?.kind } == .ack
        conclude(step, awaitsAnswer ? .unacknowledged : .timeout)
    }

    func isCall(step: Int) -> Bool { plan.steps[step].intrusiveness == .call }

    /// One status query a clock, where the provider can be asked.
    private mutating func poll(_ step: Int) -> Bool {
        guard entry(step).canPoll, !state.steps[step].polled,
            let ordinal = state.steps[step].attempt.map(Int.init), !state.attempts[ordinal].providerID.isEmpty
        else { return false }
        state.steps[step].polled = true
        state.steps[step].clock = StepClock(kind: .confirm, due: now + .seconds(5))
        emit(.poll(attempt: ordinal))
        return true
    }

    /// What may have been sent, and whose clock ended while we were down, is looked up once more before it is left.
    private mutating func lookUpLate(_ step: Int, _ timer: ArmedTimer) -> Bool {
        guard state.steps[step].status == .ambiguous, entry(step).canLookUp, !state.steps[step].polled,
            now > timer.due + plan.catchUpGrace, let ordinal = state.steps[step].attempt.map(Int.init),
            state.attempts[ordinal].emptyLookUps < 2
        else { return false }
        state.steps[step].polled = true
        state.steps[step].wakeAt = nil
        state.steps[step].clock = StepClock(kind: .confirm, due: now + .seconds(5))
        emit(.lookUp(attempt: ordinal))
        return true
    }

    /// The answer to a status query was lost with the process.
    mutating func pollAgainAfterRestart(_ step: Int) {
        guard state.steps[step].clock?.kind == .confirm else { return }
        state.steps[step].polled = false
        _ = poll(step)
    }

    /// Only a step that can go takes over; transient reasons alone never end a chain.
    private mutating func submitEnded(_ step: Int) {
        state.steps[step].clock = nil
        state.steps[step].submitIsOver = true
        // In quiet hours it stands still, and a sleeping step hands over to nobody.
        if case .held = state.steps[step].status, case .closed = facts.opening(ofStep: step) {
            resume(step)
        } else {
            advanceIfNextIsUp(step)
        }
    }

    /// Never towards a slower lane, nor from text to a call.
    private mutating func laneEnded(_ step: Int) {
        state.steps[step].clock = nil
        guard let next = readySuccessor(of: step), plan.steps[next].delegation == nil,
            plan.steps[next].intrusiveness <= plan.steps[step].intrusiveness,
            laneWait(next) <= facts.laneWait(ofStep: step, over: sender(of: step))
        else { return }
        advance(from: step, as: .superseded)
    }

    /// The call is over and no key was pressed.
    private mutating func callEnded(_ step: Int) {
        guard let ordinal = state.steps[step].attempt.map(Int.init) else { return }
        let outcome: AttemptOutcome = state.attempts[ordinal].isMachine ? .machine : .humanNoKey
        if state.attempts[ordinal].level < .delivered { state.attempts[ordinal].outcome = outcome }
        note(.outcome(attempt: ordinal, outcome, code: 0))
        conclude(step, outcome)
    }
}
