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

    private func skipReason(_ step: Int) -> SkipReason? { skipReason(step, under: state.quietCeiling) }

    /// - Parameter sharing: the call of another delivery, which reaches the person anyway.
    private func skipReason(
        _ step: Int, under ceiling: Intrusiveness?, sharing: AttemptReference? = nil
    ) -> SkipReason? {
        // Other people, or deliveries that look for themselves.
        if plan.steps[step].delegation != nil { return nil }
        if state.numberIsBad { return .badNumber }
        let intrusiveness = plan.steps[step].intrusiveness
        if let ceiling, intrusiveness > ceiling { return .quietHours }
        if intrusiveness == .call, callsAreSpent { return .callsSpent }
        if let reason = ineligibility(step) { return reason }
        switch facts.opening(ofStep: step) {
        case .open: return sharing == nil && facts.isOverexposed(toStep: step) ? .exposure : nil
        case .skip: return .quietHours
        case .closed(let until): return until >= state.expiresAt ? .quietHours : nil
        }
    }

    /// No further call to the number is allowed, in this round or over all of them.
    var callsAreSpent: Bool {
        let used = Int(state.callsUsed)
        return used >= plan.maxCalls || used + Int(state.callsBefore) >= plan.maxCallsTotal ?? .max
    }

    /// A step that sleeps past the end of the delivery bars everything more intrusive.
    private func ceiling(_ ceiling: Intrusiveness?, afterSkipping step: Int) -> Intrusiveness? {
        guard case .closed = facts.opening(ofStep: step) else { return ceiling }
        let own = plan.steps[step].intrusiveness
        return min(ceiling ?? own, own)
    }

    private mutating func skip(_ step: Int, _ reason: SkipReason) {
        if reason == .quietHours { state.quietCeiling = ceiling(state.quietCeiling, afterSkipping: step) }
        leave(step, as: .skipped(reason))
    }

    /// Into the lane, or into a hold. Quiet hours come first: no clock but `expires` runs in them.
    private mutating func enter(_ step: Int) {
        guard plan.steps[step].delegation == nil else { return delegate(step) }
        if case .closed(let until) = facts.opening(ofStep: step) {
            hold(step, .quietHours, until: max(until, now + .seconds(1)))
            return
        }
        if let reason = choose(step) {
            let until = reason == .backOff ? now + .seconds(1) : nil
            if state.steps[step].status != .held(reason) { hold(step, reason, until: until) }
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
        } else {
            enter(step)
        }
    }

    mutating func hold(_ step: Int, _ reason: HoldReason, until: Timestamp?) {
        if reason.countsAgainstSubmit {
            runSubmit(step)
        } else {
            pauseSubmit(step)
            state.steps[step].submitIsOver = false
        }
        forgetRefusals(step, reason)
        state.steps[step].wakeAt = until
        guard state.steps[step].status != .held(reason) else { return }
        state.steps[step].status = .held(reason)
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
    /// - Parameter leader: the attempt of another delivery whose call speaks for this one too; `nil` to place one.
    mutating func grant(sharing leader: AttemptReference? = nil) {
        guard let step = currentStep, state.steps[step].status == .ready, leader == nil || isCall(step: step)
        else { return }
        hasLeftLane = true
        if state.expiresAt <= now {
            expire()
            return
        }
        if skipReason(step, under: state.quietCeiling, sharing: leader) != nil || !mayGo(step)
            || facts.opening(ofStep: step) != .open
        {
            resume(step)
            return
        }
        guard state.attempts.count < Int(UInt8.max) else {
            advance(from: step, as: .failed(.failed))
            return
        }
        // Whoever places a call pays for it.
        switch leader == nil ? reserve(step) : .granted(0) {
        case .denied(let action): denied(step, action)
        case .granted(let reserved): intend(step, reserved: reserved, sharing: leader)
        }
    }

    private mutating func intend(_ step: Int, reserved: Int64, sharing leader: AttemptReference?) {
        let attempt = state.attempts.count
        state.attempts.append(AttemptState(step: UInt8(step)))
        state.attempts[attempt].intentAt = now
        state.attempts[attempt].reserved = reserved
        state.attempts[attempt].sender = state.steps[step].sender
        state.attempts[attempt].receiptsAreWeak = facts.receiptsAreWeak(ofStep: step, over: sender(of: step))
        state.attempts[attempt].sharing = leader.map(CallSharing.rides)
        spendApproval(step, attempt)
        state.steps[step].attempt = UInt8(attempt)
        state.steps[step].status = .intent
        state.steps[step].clock = nil
        state.steps[step].wakeAt = nil
        state.steps[step].provenAt = nil
        if plan.steps[step].intrusiveness == .call { state.callsUsed += 1 }
        note(.intent(attempt: attempt))
        if let leader {
            note(.bundled(attempt: attempt, with: [leader.delivery]))
        } else {
            emit(.send(attempt: attempt))
        }
    }

    // MARK: advance

    /// i → i+1: leave the step, disarm its clock, put the next one on its way, try to recall.
    mutating func advance(from step: Int, as status: StepStatus) {
        leave(step, as: status)
        start(from: step + 1)
        recall(step)
    }

    /// Ends a step without starting another.
    mutating func leave(_ step: Int, as status: StepStatus) {
        withdrawQuestion()
        leaveLane(step)
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

    /// A step that was not granted a slot gives up its place.
    mutating func leaveLane(_ step: Int) {
        if state.steps[step].status == .ready, !hasLeftLane { emit(.leaveLane(step: step)) }
    }

    /// Cancels what is queued and ends what rings; a call in conversation is left alone.
    mutating func recall(_ step: Int) {
        guard let ordinal = state.steps[step].attempt.map(Int.init) else { return }
        recallAttempt(ordinal)
    }

    mutating func recallAttempt(_ ordinal: Int) {
        let attempt = state.attempts[ordinal]
        let step = Int(attempt.step)
        guard plan.step(of: attempt).canRecall, !attempt.providerID.isEmpty, !attempt.recalled, attempt.outcome == nil
        else {
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

    // MARK: the step after

    /// The step that would follow if `step` were left now; `nil` when the chain would end.
    func successor(of step: Int) -> Int? {
        var next = step + 1
        var quietCeiling = state.quietCeiling
        while next < plan.steps.count {
            guard let reason = skipReason(next, under: quietCeiling) else { return next }
            if reason == .quietHours { quietCeiling = ceiling(quietCeiling, afterSkipping: next) }
            next += 1
        }
        return nil
    }

    /// The step after `step`, if it could take a request now.
    func readySuccessor(of step: Int) -> Int? {
        guard let next = successor(of: step), isUp(next) else { return nil }
        return next
    }

    private func isUp(_ step: Int) -> Bool {
        if plan.steps[step].delegation != nil { return true }
        return isUp(sendersOf: step) && facts.opening(ofStep: step) == .open
    }

    mutating func advanceIfNextIsUp(_ step: Int) {
        if isUnasked(step) { return }
        if readySuccessor(of: step) != nil {
            if isCall(step: step), state.steps[step].status == .ambiguous { openReview(.callUnproven) }
            advance(from: step, as: .failed(.timeout))
        } else if case .held = state.steps[step].status, state.steps[step].wakeAt == nil {
            lookAgainAtOpening(of: step)
        }
    }

    /// What may have been sent is not left before the provider was asked once.
    private func isUnasked(_ step: Int) -> Bool {
        guard state.steps[step].status == .ambiguous, let ordinal = state.steps[step].attempt else { return false }
        return state.attempts[Int(ordinal)].lookUps == 0
    }

    /// Nobody wakes a held step when quiet hours of the one after it end.
    private mutating func lookAgainAtOpening(of step: Int) {
        guard let next = successor(of: step), plan.steps[next].delegation == nil,
            case .closed(let until) = facts.opening(ofStep: next)
        else { return }
        state.steps[step].wakeAt = max(until, now + .seconds(1))
    }
}
