// What the provider answered to a create request, a look-up or a status query.

extension Decider {
    mutating func receive(_ result: SendResult, of ordinal: Int) {
        guard isKnown(ordinal), state.attempts[ordinal].status == .intent else { return }
        switch result {
        case .accepted(let providerID, let report):
            state.attempts[ordinal].status = .submitted
            note(.submitted(attempt: ordinal))
            submitted(ordinal, providerID: providerID, report: report)
        case .refused(let failure):
            state.attempts[ordinal].status = .refused
            state.attempts[ordinal].code = failure.code
            note(.refused(attempt: ordinal, failure.failureClass, code: failure.code))
            if isCall(ordinal), state.callsUsed > 0 { state.callsUsed -= 1 }
            refused(ordinal, failure)
        case .ambiguous(let code):
            becomeAmbiguous(ordinal, code: code)
        }
    }

    func isCall(_ ordinal: Int) -> Bool {
        plan.steps[Int(state.attempts[ordinal].step)].intrusiveness == .call
    }

    /// The provider has it. Whatever ended meanwhile is recalled at once.
    private mutating func submitted(_ ordinal: Int, providerID: String, report: AttemptReport) {
        state.attempts[ordinal].providerID = providerID
        if isCurrent(ordinal) {
            let step = state.current
            if state.steps[step].status == .intent || state.steps[step].status == .ambiguous {
                state.steps[step].status = .submitted
                state.steps[step].wakeAt = nil
                state.steps[step].submitSince = nil
                state.steps[step].clock = nil
            }
        }
        receive(report, of: ordinal)
        if isCurrent(ordinal) { runEvidenceClock(state.current) } else { recallIfUnwanted(ordinal) }
    }

    /// An attempt of a step that is over is not wanted any more.
    func isUnwanted(_ ordinal: Int) -> Bool {
        let step = Int(state.attempts[ordinal].step)
        if state.phase.isTerminal { return state.steps[step].status != .done }
        return step != state.current || state.steps[step].attempt.map(Int.init) != ordinal
    }

    mutating func recallIfUnwanted(_ ordinal: Int) {
        if isUnwanted(ordinal) { recallAttempt(ordinal) }
    }

    // MARK: refusals

    private mutating func refused(_ ordinal: Int, _ failure: ProviderFailure) {
        let step = Int(state.attempts[ordinal].step)
        if failure.marksUnfit { emit(.markUnfit(step: step)) }
        guard isCurrent(ordinal), state.steps[step].status == .intent else { return }
        follow(failure, step: step, outcome: .failed, report: false)
    }

    /// Does what the classified error says. `report`: it came in a report, after the provider had accepted.
    mutating func follow(_ failure: ProviderFailure, step: Int, outcome: AttemptOutcome, report: Bool) {
        switch failure.advice {
        case .after(let retryAfter) where !report: backOff(step, retryAfter: retryAfter)
        case .stopSender where !report:
            emit(.stopSender(step: step))
            emit(.tellOperations(.senderStopped))
            hold(step, .senderStopped, until: nil)
        case .hold where !report:
            emit(.tellOperations(.requestFault))
            openReview(.requestFault)
            hold(step, .requestFault, until: nil)
        case .otherAddress:
            state.numberIsBad = true
            emit(.markNumberBad)
            openReview(.badNumber)
            advance(from: step, as: .failed(outcome))
        case .template where plan.steps[step].hasTemplate && !state.steps[step].useTemplate:
            state.steps[step].useTemplate = true
            again(step)
        case .consent:
            state.consentOnly = true
            emit(.withdrawConsent(step: step))
            advance(from: step, as: .failed(outcome))
        case .now, .provider, .template, .after, .hold, .stopSender:
            conclude(step, outcome)
        }
    }

    /// The same step once more, by way of its lane.
    mutating func again(_ step: Int) {
        state.steps[step].polled = false
        resume(step)
    }

    /// Equal jitter below the figures of the requirements: 5 s after a limit, else 1 s·2ⁿ up to 32 s.
    private mutating func backOff(_ step: Int, retryAfter: Duration?) {
        let tries = Int(state.steps[step].refusals)
        state.steps[step].refusals = UInt8(min(tries + 1, 200))
        if tries + 1 >= plan.steps[step].maxTries, nextIsUp(step) {
            advance(from: step, as: .failed(.failed))
            return
        }
        let bound = Double(min(32_000, 1_000 << min(tries, 5)))
        let jittered = Int64(bound / 2 + facts.jitter * bound / 2)
        hold(step, .backOff, until: now + max(.milliseconds(jittered), retryAfter ?? .zero))
    }

    // MARK: ambiguity

    /// Never retried blindly: looked up after 5 s, after `settle` and again, while `submit_within` runs.
    mutating func becomeAmbiguous(_ ordinal: Int, code: Int32) {
        state.attempts[ordinal].status = .ambiguous
        state.attempts[ordinal].ambiguousSince = now
        state.attempts[ordinal].code = code
        note(.ambiguous(attempt: ordinal, code: code))
        guard isCurrent(ordinal), state.steps[state.current].status == .intent else {
            recallIfUnwanted(ordinal)
            return
        }
        let step = state.current
        state.steps[step].status = .ambiguous
        if state.attempts[ordinal].level > .none {
            // A callback came before the request broke: the provider has it.
            state.attempts[ordinal].status = .submitted
            state.steps[step].status = .submitted
            runEvidenceClock(step)
            return
        }
        if plan.steps[step].onAmbiguous == .resend, resend(step, ordinal) { return }
        guard plan.steps[step].canLookUp else {
            state.steps[step].clock = StepClock(kind: .deliver, due: now + assumedSentWithin(step))
            return
        }
        runSubmit(step)
        state.steps[step].wakeAt = now + Self.lookUpDelays[0]
    }

    /// Where there is no look-up, it is assumed sent.
    private func assumedSentWithin(_ step: Int) -> Duration {
        plan.steps[step].intrusiveness == .call ? plan.steps[step].queueWithin : plan.steps[step].deliverWithin
    }

    /// After the request's end: the first look, `settle`, and the second look after it.
    static var lookUpDelays: [Duration] { [.seconds(5), .seconds(60), .seconds(75)] }

    private mutating func resend(_ step: Int, _ ordinal: Int) -> Bool {
        guard plan.steps[step].intrusiveness == .text, !state.steps[step].resent else { return false }
        state.steps[step].resent = true
        note(.possibleDuplicate(attempt: ordinal))
        again(step)
        return true
    }

    mutating func askAgain(_ ordinal: Int) {
        guard state.attempts[ordinal].status == .ambiguous else { return }
        emit(.lookUp(attempt: ordinal))
    }

    mutating func lookedUp(_ ordinal: Int, _ result: LookUpResult) {
        guard isKnown(ordinal), state.attempts[ordinal].status == .ambiguous else { return }
        switch result {
        case .found(let providerID, let report):
            note(.lookedUp(attempt: ordinal, found: true))
            state.attempts[ordinal].status = .submitted
            submitted(ordinal, providerID: providerID, report: report)
        case .absent:
            note(.lookedUp(attempt: ordinal, found: false))
            absent(ordinal)
        case .unanswered:
            note(.lookedUp(attempt: ordinal, found: nil))
            guard isCurrent(ordinal) else { return }
            state.steps[state.current].wakeAt = now + .seconds(15)
        }
    }

    /// The provider answered, and has no such thing: from here `deliver_within` runs.
    private mutating func absent(_ ordinal: Int) {
        guard isCurrent(ordinal), state.steps[state.current].status == .ambiguous,
            let since = state.attempts[ordinal].ambiguousSince
        else { return }
        let step = state.current
        state.attempts[ordinal].lookUps = min(state.attempts[ordinal].lookUps + 1, 200)
        state.steps[step].submitSince = nil
        if state.steps[step].clock?.kind != .deliver {
            state.steps[step].clock = StepClock(kind: .deliver, due: now + assumedSentWithin(step))
        }
        if since + Self.lookUpDelays[1] <= now { state.attempts[ordinal].emptyLookUps += 1 }
        guard state.attempts[ordinal].emptyLookUps >= 2 else {
            let index = since + Self.lookUpDelays[1] <= now ? 2 : 1
            state.steps[step].wakeAt = max(since + Self.lookUpDelays[index], now + .seconds(1))
            return
        }
        if plan.steps[step].intrusiveness == .call {
            openReview(.callUnproven)
            advance(from: step, as: .failed(.timeout))
        } else if !state.steps[step].resent {
            state.steps[step].resent = true
            again(step)
        }
    }

    // MARK: status queries

    mutating func polled(_ ordinal: Int, _ report: AttemptReport?) {
        guard isKnown(ordinal) else { return }
        guard let report else { return }
        let before = state
        receive(report, of: ordinal)
        // An answer without news: the wait is over.
        guard isCurrent(ordinal), state.current == before.current, let step = currentStep,
            state.steps[step].clock?.kind == .confirm
        else { return }
        if report.level <= before.attempts[ordinal].level { conclude(step, .timeout) } else { runEvidenceClock(step) }
    }
}
