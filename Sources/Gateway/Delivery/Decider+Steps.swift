// How a step gets on its way: eligibility, holds, the lane, the intent.

extension Decider {
    /// Puts the first usable step from `first` on its way, or ends the chain.
    mutating func start(from first: Int) {
        var step = first
        while step < plan.steps.count {
            if state.expiresAt <= now {
                expire()
                return
            }
            state.current = step
            if let reason = skipReason(step) {
                skip(step, reason)
                step += 1
                continue
            }
            note(.started(step: step))
            enter(step)
            return
        }
        state.current = plan.steps.count
        endChain()
    }

    private func skipReason(_ step: Int) -> SkipReason? {
        let entry = plan.steps[step]
        if state.numberIsBad { return .badNumber }
        if let ceiling = state.quietCeiling, entry.intrusiveness > ceiling { return .quietHours }
        if entry.intrusiveness == .call, Int(state.callsUsed) >= plan.maxCalls { return .callsSpent }
        if let reason = facts.ineligibility(ofStep: step, consentOnly: state.consentOnly) { return reason }
        switch facts.opening(ofStep: step) {
        case .open: return nil
        case .skip: return .quietHours
        case .closed(let until): return until >= state.expiresAt ? .quietHours : nil
        }
    }

    /// A step that sleeps past the end of the delivery bars everything more intrusive.
    private mutating func skip(_ step: Int, _ reason: SkipReason) {
        if reason == .quietHours, case .closed = facts.opening(ofStep: step) {
            let own = plan.steps[step].intrusiveness
            state.quietCeiling = min(state.quietCeiling ?? own, own)
        }
        state.steps[step].status = .skipped(reason)
        state.steps[step].clock = nil
        state.steps[step].wakeAt = nil
        note(.skipped(step: step, reason))
    }

    /// Into the lane, or into a hold.
    private mutating func enter(_ step: Int) {
        if let reason = facts.hold(ofStep: step) {
            hold(step, reason, until: nil)
            return
        }
        if case .closed(let until) = facts.opening(ofStep: step) {
            hold(step, .quietHours, until: until)
            return
        }
        pauseSubmit(step)
        state.steps[step].status = .ready
        state.steps[step].wakeAt = nil
        state.steps[step].submitIsOver = false
        state.steps[step].clock = plan.steps[step].laneWithin.map { StepClock(kind: .lane, due: now + $0) }
        note(.queued(step: step))
        emit(.enqueue(step: step))
    }

    /// A held step looks again whether it may go; what became impossible meanwhile is skipped.
    mutating func resume(_ step: Int) {
        if let reason = skipReason(step) {
            skip(step, reason)
            start(from: step + 1)
            return
        }
        if let reason = facts.hold(ofStep: step) {
            if state.steps[step].status != .held(reason) { hold(step, reason, until: nil) }
            return
        }
        enter(step)
    }

    mutating func hold(_ step: Int, _ reason: HoldReason, until: Timestamp?) {
        if reason.countsAgainstSubmit { runSubmit(step) } else { pauseSubmit(step) }
        state.steps[step].status = .held(reason)
        state.steps[step].wakeAt = until
        note(.held(step: step, reason))
    }

    // MARK: submit_within

    /// `submit_within` runs; it counts back-off and open circuits only.
    mutating func runSubmit(_ step: Int) {
        if state.steps[step].submitSince == nil { state.steps[step].submitSince = now }
        guard !state.steps[step].submitIsOver, let since = state.steps[step].submitSince else {
            state.steps[step].clock = nil
            return
        }
        let left = plan.steps[step].submitWithin.milliseconds - state.steps[step].submitSpent
        state.steps[step].clock = StepClock(kind: .submit, due: since + .milliseconds(max(0, left)))
    }

    mutating func pauseSubmit(_ step: Int) {
        if let since = state.steps[step].submitSince {
            state.steps[step].submitSpent += max(0, (now - since).milliseconds)
        }
        state.steps[step].submitSince = nil
        state.steps[step].clock = nil
    }

    // MARK: the intent

    /// The lane granted a slot: the world may have changed since the step was queued.
    mutating func grant() {
        guard let step = currentStep, state.steps[step].status == .ready else { return }
        if state.expiresAt <= now {
            expire()
            return
        }
        if skipReason(step) != nil || facts.hold(ofStep: step) != nil || facts.opening(ofStep: step) != .open {
            resume(step)
            return
        }
        let attempt = state.attempts.count
        guard attempt < Int(UInt8.max) else { return }
        state.attempts.append(AttemptState(step: UInt8(step)))
        state.steps[step].attempt = UInt8(attempt)
        state.steps[step].status = .intent
        state.steps[step].clock = nil
        state.steps[step].wakeAt = nil
        if plan.steps[step].intrusiveness == .call { state.callsUsed += 1 }
        note(.intent(attempt: attempt))
        emit(.send(attempt: attempt))
    }

    // MARK: advance

    /// i → i+1: leave the step, disarm its clock, put the next one on its way, try to recall.
    mutating func advance(from step: Int, as status: StepStatus) {
        leave(step, as: status)
        recall(step)
        start(from: step + 1)
    }

    /// Ends a step without starting another.
    mutating func leave(_ step: Int, as status: StepStatus) {
        if state.steps[step].status == .ready { emit(.leaveLane(step: step)) }
        state.steps[step].status = status
        state.steps[step].clock = nil
        state.steps[step].wakeAt = nil
        state.steps[step].submitSince = nil
        switch status {
        case .superseded: note(.superseded(step: step))
        case .failed(let outcome): note(.failed(step: step, outcome))
        case .skipped(let reason): note(.skipped(step: step, reason))
        default: break
        }
    }

    /// Cancels what is queued and ends what rings; a call in conversation is left alone.
    mutating func recall(_ step: Int) {
        guard plan.steps[step].canRecall, let ordinal = state.steps[step].attempt.map(Int.init) else { return }
        recallAttempt(ordinal)
    }

    mutating func recallAttempt(_ ordinal: Int) {
        let attempt = state.attempts[ordinal]
        let step = Int(attempt.step)
        guard plan.steps[step].canRecall, !attempt.providerID.isEmpty, !attempt.recalled, attempt.outcome == nil else {
            return
        }
        if plan.steps[step].intrusiveness == .call {
            guard (attempt.call ?? .ringing) < .answered, attempt.level < .delivered else { return }
        } else {
            guard attempt.level < .sent else { return }
        }
        state.attempts[ordinal].recalled = true
        note(.recalled(attempt: ordinal))
        emit(.recall(attempt: ordinal))
    }

    /// Whether the step after `step` could take a request now.
    func nextIsUp(_ step: Int) -> Bool {
        var next = step + 1
        while next < plan.steps.count {
            if skipReason(next) == nil { return facts.hold(ofStep: next) == nil }
            next += 1
        }
        return false
    }

    mutating func advanceIfNextIsUp(_ step: Int) {
        guard nextIsUp(step) else { return }
        advance(from: step, as: .failed(.timeout))
    }
}
