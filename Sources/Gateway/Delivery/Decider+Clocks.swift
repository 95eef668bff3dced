// Which clock runs for a submitted step, and what happens at its end.

extension Decider {
    /// Sets the clock that fits the evidence so far. A clock that already runs is not restarted.
    mutating func runEvidenceClock(_ step: Int) {
        guard let ordinal = state.steps[step].attempt.map(Int.init), state.steps[step].status == .submitted else { return }
        let next = plan.steps[step].intrusiveness == .call ? callClock(step, ordinal) : textClock(step, ordinal)
        guard let next else { return }
        if let running = state.steps[step].clock, running.kind == next.kind { return }
        state.steps[step].clock = StepClock(kind: next.kind, due: now + next.span)
    }

    private func textClock(_ step: Int, _ ordinal: Int) -> (kind: ClockKind, span: Duration)? {
        let entry = plan.steps[step]
        let level = state.attempts[ordinal].level
        let proves = entry.receipts == .reliable
        if level >= .delivered || (!proves && level >= .sent) {
            if level < .read, let readWithin = entry.readWithin, proves, plan.success == .read || plan.ackRequired {
                if !plan.ackRequired || readWithin < entry.ackWithin { return (.read, readWithin) }
            }
            return plan.ackRequired ? (.ack, entry.ackWithin) : nil
        }
        if level < .sent, entry.reportsSent { return (.queue, entry.queueWithin) }
        return (.deliver, entry.deliverWithin)
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
        case .confirm: confirmEnded(step)
        case .afterCall: callEnded(step)
        case .queue, .deliver, .read, .ringing, .call: askBeforeLeaving(step)
        case .ack:
            if now > timer.due + plan.catchUpGrace, poll(step) { return }
            conclude(step, .unacknowledged)
        case .starts, .expires, .wake: break
        }
    }

    /// One status query where the provider can be polled, then the next step.
    private mutating func askBeforeLeaving(_ step: Int) {
        if poll(step) { return }
        conclude(step, .timeout)
    }

    private mutating func poll(_ step: Int) -> Bool {
        guard plan.steps[step].canPoll, !state.steps[step].polled, let ordinal = state.steps[step].attempt.map(Int.init),
            !state.attempts[ordinal].providerID.isEmpty
        else { return false }
        state.steps[step].polled = true
        state.steps[step].clock = StepClock(kind: .confirm, due: now + .seconds(5))
        emit(.poll(attempt: ordinal))
        return true
    }

    private mutating func confirmEnded(_ step: Int) { conclude(step, .timeout) }

    /// Only a step that can go takes over; transient reasons alone never end a chain.
    private mutating func submitEnded(_ step: Int) {
        state.steps[step].submitIsOver = true
        state.steps[step].clock = nil
        advanceIfNextIsUp(step)
    }

    /// Never towards a slower lane, nor from text to a call.
    private mutating func laneEnded(_ step: Int) {
        state.steps[step].clock = nil
        let next = step + 1
        guard next < plan.steps.count, plan.steps[next].intrusiveness <= plan.steps[step].intrusiveness,
            facts.laneWait(ofStep: next) <= facts.laneWait(ofStep: step), nextIsUp(step)
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
