// What waits for a person's approval: a whole delivery before its first step, or a step that budgets deny.

extension DeliveryState {
    /// The open review asks whether something may go.
    public var awaitsApproval: Bool {
        if phase == .review { return true }
        return phase == .active && current < steps.count && steps[current].status == .held(.budget)
    }
}

extension Decider {
    /// Nothing is sent before somebody approves it.
    mutating func askForApproval() {
        guard let until = state.reviewUntil else { return }
        state.phase = .review
        // From here on `expires` is counted, until the approval moves both.
        state.startsAt = max(state.startsAt, now)
        note(.reviewAsked(until: until))
        openReview(.approval)
    }

    /// A person decides whether the step goes all the same. The question replaces an open review that only informs.
    mutating func askForBudget(_ step: Int) {
        if state.reviewIsOpen {
            state.reviewIsOpen = false
            emit(.closeReview)
        }
        openReview(.budget)
        hold(step, .budget, until: nil)
        state.steps[step].clock = StepClock(kind: .review, due: now + plan.reviewWithin)
    }

    mutating func approve() {
        guard state.awaitsApproval else { return }
        note(.approved)
        withdrawQuestion()
        if state.phase == .review {
            release()
        } else {
            state.steps[state.current].isApproved = true
            state.steps[state.current].clock = nil
            resume(state.current)
        }
    }

    /// `expires` runs from max(created, `send_at`, approved).
    private mutating func release() {
        let span = state.expiresAt - state.startsAt
        state.reviewUntil = nil
        state.startsAt = max(state.startsAt, now)
        state.expiresAt = state.startsAt + span
        state.phase = .scheduled
        if state.startsAt <= now { begin() }
    }

    mutating func dismiss() {
        guard state.reviewIsOpen else { return }
        note(.dismissed)
        if state.phase == .review {
            end(.rejected, by: nil)
        } else if state.awaitsApproval {
            block(state.current)
        } else {
            state.reviewIsOpen = false
            emit(.closeReview)
        }
    }

    /// Nobody answered in time.
    mutating func reviewEnded() {
        if state.phase == .review {
            lapseUnapproved()
        } else if state.awaitsApproval {
            note(.clock(step: state.current, .review))
            block(state.current)
        }
    }

    /// `on_exhausted` follows, but for another policy: what nobody approved is not sent by another way.
    private mutating func lapseUnapproved() {
        end(.expired, by: nil)
        switch plan.onExhausted {
        case .nothing, .policy: break
        case .review: openReview(.exhausted)
        case .webhook: emit(.exhausted(plan.onExhausted))
        }
    }

    /// The step is left for a reason that is a question of its own.
    mutating func forgetQuestion(of step: Int) {
        guard state.awaitsApproval else { return }
        withdrawQuestion()
        state.steps[step].status = .waiting
    }

    /// What it asked for is decided, or not to be decided any more.
    mutating func withdrawQuestion() {
        guard state.reviewIsOpen, state.awaitsApproval else { return }
        state.reviewIsOpen = false
        emit(.closeReview)
    }
}
