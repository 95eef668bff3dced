// How a delivery ends, and the few late moves after its end.

extension Decider {
    /// The goal is met by an attempt of any step.
    mutating func satisfy(_ ordinal: Int) {
        switch state.phase {
        case .active: end(.satisfied, by: ordinal)
        case .exhausted, .expired, .blockedBudget: endLate(.satisfied, by: ordinal)
        default: break
        }
    }

    /// One of a step's own deliveries met the goal.
    mutating func satisfy(byStep step: Int) {
        state.steps[step].status = .done
        end(.satisfied, by: nil)
    }

    mutating func acknowledge(_ attempt: Int?) {
        state.reply = nil
        let by = attempt.flatMap { isKnown($0) ? $0 : nil }
        let wasActive = state.phase == .active
        switch state.phase {
        case .active, .scheduled, .review:
            note(.acknowledged(attempt: by))
            prove(by)
            end(.acked, by: by)
            // Answered before its round began, it is done with.
            if let reopenAfter = plan.reopenAfter, wasActive, hasRounds { openRound(after: reopenAfter) }
        case .exhausted, .expired, .blockedBudget, .satisfied:
            note(.acknowledged(attempt: by))
            prove(by)
            endLate(.acked, by: by)
        case .acked, .cancelled, .suppressed, .rejected: break
        }
    }

    private mutating func prove(_ attempt: Int?) {
        guard let attempt else { return }
        if state.attempts[attempt].level < .delivered { state.exposures = min(state.exposures + 1, 200) }
        state.attempts[attempt].level = .acknowledged
    }

    /// 'Not me': the number reaches somebody else.
    mutating func reject(_ attempt: Int?) {
        guard let step = currentStep else { return }
        note(.rejected(attempt: attempt.flatMap { isKnown($0) ? $0 : nil }))
        forgetQuestion(of: step)
        openReview(.notMe)
        // Other people are asked already.
        guard state.steps[step].status != .delegated else { return }
        switch plan.onReject {
        case .next: advance(from: step, as: .failed(.rejected))
        case .review:
            leave(step, as: .failed(.rejected))
            exhaust(.nothing)
        }
    }

    mutating func optOut(_ channels: [String]?) {
        guard !state.phase.isTerminal else { return }
        state.consentOnly = true
        guard let channels else {
            end(.suppressed, by: nil)
            return
        }
        guard let step = currentStep, channels.contains(entry(step).channel) else { return }
        if switchSender(step, barred: channels) { return }
        advance(from: step, as: .skipped(.optedOut))
    }

    mutating func cancel() {
        guard !state.phase.isTerminal else { return }
        end(.cancelled, by: nil)
    }

    mutating func expire() {
        guard !state.phase.isTerminal else { return }
        end(.expired, by: nil)
    }

    /// No step is left.
    mutating func endChain() {
        guard state.phase == .active else { return }
        if isBarredByOptOut {
            end(.suppressed, by: nil)
        } else if let repeats = plan.repeats, hasRounds, !state.numberIsBad {
            end(.exhausted, by: nil)
            openRound(after: repeats.gap)
        } else {
            exhaust(plan.onExhausted)
        }
    }

    /// Whether another round may follow; `reopen_after` alone permits one.
    private var hasRounds: Bool { Int(state.round) < plan.repeats?.times ?? 1 }

    private mutating func openRound(after span: Duration) {
        note(.roundOpened(at: now + span))
        emit(.openRound(after: span))
    }

    /// The steps that were left were barred by a withdrawn consent, or by a topic that is switched off.
    private var isBarredByOptOut: Bool {
        for step in state.steps.reversed() {
            switch step.status {
            case .skipped(.optedOut), .skipped(.topicOff): return true
            case .skipped: continue
            default: return false
            }
        }
        return false
    }

    mutating func exhaust(_ action: ExhaustedAction) {
        guard state.phase == .active else { return }
        let asks = action == .nothing && isSilenced
        end(.exhausted, by: nil)
        if action == .review { openReview(.exhausted) }
        if asks { openReview(.exposure) }
        emit(.exhausted(action))
    }

    /// The next step would cost more than the delivery may.
    mutating func block(_ step: Int) {
        leave(step, as: .skipped(.budget))
        end(.blockedBudget, by: nil)
    }

    mutating func openReview(_ reason: ReviewReason) {
        guard !state.reviewIsOpen else { return }
        state.reviewIsOpen = true
        emit(.openReview(reason))
    }

    // MARK: the end itself

    mutating func end(_ phase: DeliveryPhase, by ordinal: Int?) {
        withdrawQuestion()
        closeSteps(by: ordinal)
        state.phase = phase
        state.askedUntil = nil
        state.reviewUntil = nil
        markDecisive(ordinal)
        note(.ended(phase, late: state.isLate))
        closeReview(phase)
        recallOthers(than: ordinal)
    }

    private mutating func endLate(_ phase: DeliveryPhase, by ordinal: Int?) {
        state.phase = phase
        state.isLate = true
        markDecisive(ordinal)
        note(.ended(phase, late: true))
        closeReview(phase)
        recallOthers(than: ordinal)
    }

    private mutating func markDecisive(_ ordinal: Int?) {
        for attempt in state.attempts.indices { state.attempts[attempt].isDecisive = attempt == ordinal }
    }

    /// An answer closes the question that a person was to look into.
    private mutating func closeReview(_ phase: DeliveryPhase) {
        guard state.reviewIsOpen, phase == .acked || phase == .satisfied else { return }
        state.reviewIsOpen = false
        emit(.closeReview)
    }

    private mutating func closeSteps(by ordinal: Int?) {
        let winner = ordinal.map { Int(state.attempts[$0].step) }
        for step in state.steps.indices where state.steps[step].status.isOpen {
            if state.steps[step].status == .waiting { continue }
            leaveLane(step)
            state.steps[step].status = step == winner ? .done : .superseded
            state.steps[step].clock = nil
            state.steps[step].wakeAt = nil
            state.steps[step].submitSince = nil
        }
        if let winner { state.steps[winner].status = .done }
    }

    /// The call whose own evidence ended the delivery is never ended by it.
    private mutating func recallOthers(than ordinal: Int?) {
        for attempt in state.attempts.indices where attempt != ordinal { recallAttempt(attempt) }
    }
}
