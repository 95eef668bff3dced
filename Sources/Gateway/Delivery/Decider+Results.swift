// What the provider answered to a create request, a look-up or a status query.

extension Decider {
    mutating func receive(_ result: SendResult, of ordinal: Int) {
        guard isKnown(ordinal), state.attempts[ordinal].status == .intent else { return }
        switch result {
        case .accepted(let providerID, let report):
            state.attempts[ordinal].become(.submitted)
            note(.submitted(attempt: ordinal))
            submitted(ordinal, providerID: providerID, report: report)
        case .refused(let failure):
            // A callback proved that the provider has it, whatever this answer says.
            guard !isAdopted(ordinal) else {
                becomeAmbiguous(ordinal, code: failure.code)
                return
            }
            state.attempts[ordinal].become(.refused)
            state.attempts[ordinal].code = failure.code
            note(.refused(attempt: ordinal, failure.failureClass, code: failure.code))
            if isCall(ordinal), state.callsUsed > 0 { state.callsUsed -= 1 }
            giveBack(ordinal)
            refused(ordinal, failure)
        case .ambiguous(let code):
            becomeAmbiguous(ordinal, code: code)
        }
    }

    func isCall(_ ordinal: Int) -> Bool { isCall(step: Int(state.attempts[ordinal].step)) }

    /// A report about it came, so the provider has it.
    private func isAdopted(_ ordinal: Int) -> Bool {
        let attempt = state.attempts[ordinal]
        return attempt.level > .none || attempt.call != nil || attempt.seen != 0 || !attempt.providerID.isEmpty
    }

    /// The provider has it. Whatever ended meanwhile is recalled at once.
    private mutating func submitted(_ ordinal: Int, providerID: String, report: AttemptReport) {
        if state.attempts[ordinal].providerID.isEmpty { state.attempts[ordinal].providerID = providerID }
        settle(ordinal)
        receive(report, of: ordinal)
        if state.reply.map({ Int($0.attempt) }) == ordinal { askAboutReply() }
        if isCurrent(ordinal) { runEvidenceClock(state.current) }
        recallIfUnwanted(ordinal)
    }

    /// The provider has the attempt: its step waits for evidence, and a second try that has not left is called off.
    mutating func settle(_ ordinal: Int) {
        guard isCurrent(ordinal), let step = currentStep else { return }
        // A failure that was reported first stays what it is.
        guard state.attempts[ordinal].outcome == nil || state.attempts[ordinal].level >= .delivered else { return }
        switch state.steps[step].status {
        case .intent, .ambiguous: break
        case .ready: leaveLane(step)
        case .held: withdrawQuestion()
        default: return
        }
        pauseSubmit(step)
        use(state.attempts[ordinal].sender, step)
        state.steps[step].status = .submitted
        state.steps[step].wakeAt = nil
        state.steps[step].submitIsOver = false
    }

    /// An attempt of a step that is over is not wanted any more, unless it ended the delivery.
    private func isUnwanted(_ ordinal: Int) -> Bool {
        let attempt = state.attempts[ordinal]
        if attempt.isDecisive { return false }
        return state.phase.isTerminal || Int(attempt.step) != state.current
            || state.steps[state.current].attempt.map(Int.init) != ordinal
    }

    mutating func recallIfUnwanted(_ ordinal: Int) {
        if isUnwanted(ordinal) { recallAttempt(ordinal) }
    }

    // MARK: refusals

    private mutating func refused(_ ordinal: Int, _ failure: ProviderFailure) {
        let step = Int(state.attempts[ordinal].step)
        if failure.marksUnfit { emit(.markUnfit(attempt: ordinal)) }
        guard isCurrent(ordinal), state.steps[step].status == .intent else { return }
        follow(failure, step: step, outcome: .failed, report: false)
    }

    /// Does what the classified error says. `report`: it came in a report, after the provider had accepted.
    mutating func follow(_ failure: ProviderFailure, step: Int, outcome: AttemptOutcome, report: Bool) {
        if handOver(failure, step: step, report: report) { return }
        switch failure.advice {
        case .after(let retryAfter) where !report: backOff(step, failure.failureClass, retryAfter: retryAfter)
        case .stopSender where !report:
            stopSender(step)
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
            advance(from: step, as: .skipped(.optedOut))
        case .now, .provider, .template, .after, .hold, .stopSender:
            tellOfReported(failure, step: step)
            conclude(step, outcome)
        }
    }

    /// What failed after it was accepted goes on at once, but operations must know.
    private mutating func tellOfReported(_ failure: ProviderFailure, step: Int) {
        switch failure.advice {
        case .hold: emit(.tellOperations(.requestFault))
        case .stopSender: stopSender(step)
        default: break
        }
    }

    mutating func stopSender(_ step: Int) {
        emit(.stopSender(step: step))
        emit(.tellOperations(.senderStopped))
    }

    /// The same step once more, by way of its lane.
    mutating func again(_ step: Int) {
        state.steps[step].polled = false
        resume(step)
    }

    /// Equal jitter below 1 s·2ⁿ (5 s at least after a limit), up to 32 s for the tries of the policy and up to
    /// 15 minutes when nothing else is left to try.
    private mutating func backOff(_ step: Int, _ failureClass: FailureClass, retryAfter: Duration?) {
        let tries = Int(state.steps[step].refusals)
        state.steps[step].refusals = UInt8(min(tries + 1, 200))
        let isSpent = tries + 1 >= plan.steps[step].maxTries
        if isSpent, readySuccessor(of: step) != nil {
            advance(from: step, as: .failed(.failed))
            return
        }
        // It waits with the others for the circuit that it found open, or opened.
        if retryAfter == nil, waitsForCircuit(step) { return hold(step, .circuitOpen, until: nil) }
        let growing = isSpent ? min(900_000, 1_000 << min(tries, 10)) : min(32_000, 1_000 << min(tries, 5))
        let bound = failureClass == .rateLimited ? max(5_000, growing) : growing
        let jittered = Int64(Double(bound) / 2 * (1 + facts.jitter))
        hold(step, .backOff, until: now + max(.milliseconds(jittered), retryAfter ?? .zero))
    }

    /// With several senders the back-off says when those are asked again that refused.
    private func waitsForCircuit(_ step: Int) -> Bool {
        plan.steps[step].alternatives.isEmpty && facts.hold(ofStep: step, over: 0) == .circuitOpen
    }

    // MARK: ambiguity

    /// Never retried blindly: looked up after 5 s, after `settle` and again, while `submit_within` runs.
    mutating func becomeAmbiguous(_ ordinal: Int, code: Int32) {
        state.attempts[ordinal].code = code
        note(.ambiguous(attempt: ordinal, code: code))
        guard !isAdopted(ordinal) else {
            // A callback came before the request broke: the provider has it.
            state.attempts[ordinal].become(.submitted)
            settleIfUnderway(ordinal)
            recallIfUnwanted(ordinal)
            return
        }
        state.attempts[ordinal].status = .ambiguous
        state.attempts[ordinal].ambiguousSince = now
        guard isCurrent(ordinal), state.steps[state.current].status == .intent else { return }
        let step = state.current
        state.steps[step].status = .ambiguous
        if plan.steps[step].onAmbiguous == .resend, resend(step, ordinal) { return }
        guard entry(of: ordinal).canLookUp else {
            state.steps[step].clock = StepClock(kind: .deliver, due: now + assumedSentWithin(step))
            return
        }
        runSubmit(step)
        state.steps[step].wakeAt = now + Self.lookUpDelays[0]
    }

    private mutating func settleIfUnderway(_ ordinal: Int) {
        guard isCurrent(ordinal), let step = currentStep, state.steps[step].status == .intent else { return }
        settle(ordinal)
        runEvidenceClock(step)
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

    /// A look-up that was under way was lost with the process.
    mutating func askAgainAfterRestart(_ step: Int) {
        guard let ordinal = state.steps[step].attempt.map(Int.init), state.steps[step].wakeAt == nil,
            isStillAsking(step, ordinal)
        else { return }
        state.steps[step].wakeAt = now
    }

    /// The provider may answer again: the next look-up is not put off longer than its schedule says.
    mutating func lookUpSooner(_ step: Int) {
        guard let wake = state.steps[step].wakeAt, let ordinal = state.steps[step].attempt.map(Int.init),
            facts.hold(ofStep: step, over: sender(of: step)) == nil
        else { return }
        state.steps[step].wakeAt = min(wake, max(now, nextLookUp(ordinal)))
    }

    /// A look-up of an ambiguous step is to come, or under way.
    func isToBeAsked(_ step: Int) -> Bool {
        guard let ordinal = state.steps[step].attempt.map(Int.init) else { return false }
        return isStillAsking(step, ordinal)
    }

    /// After two empty look-ups, and after a clock that says `wait`, nobody asks any more.
    private func isStillAsking(_ step: Int, _ ordinal: Int) -> Bool {
        entry(of: ordinal).canLookUp && state.attempts[ordinal].emptyLookUps < 2
            && (state.steps[step].clock != nil || state.steps[step].submitIsOver)
    }

    /// When the schedule has the next look-up of an ambiguous attempt.
    private func nextLookUp(_ ordinal: Int) -> Timestamp {
        let attempt = state.attempts[ordinal]
        let wasAnswered = state.steps[Int(attempt.step)].clock?.kind == .deliver
        let index = attempt.emptyLookUps > 0 ? 2 : (wasAnswered ? 1 : 0)
        return (attempt.ambiguousSince ?? now) + Self.lookUpDelays[index]
    }

    mutating func lookedUp(_ ordinal: Int, _ result: LookUpResult) {
        guard isKnown(ordinal), state.attempts[ordinal].status == .ambiguous else { return }
        state.attempts[ordinal].lookUps = min(state.attempts[ordinal].lookUps + 1, 200)
        switch result {
        case .found(let providerID, let report):
            note(.lookedUp(attempt: ordinal, found: true))
            state.attempts[ordinal].become(.submitted)
            submitted(ordinal, providerID: providerID, report: report)
        case .absent:
            note(.lookedUp(attempt: ordinal, found: false))
            absent(ordinal)
        case .unclear, .unanswered:
            note(.lookedUp(attempt: ordinal, found: nil))
            unanswered(ordinal)
        }
    }

    private mutating func unanswered(_ ordinal: Int) {
        guard isCurrent(ordinal), let step = currentStep, state.steps[step].status == .ambiguous else { return }
        if isStillAsking(step, ordinal) { state.steps[step].wakeAt = now + .seconds(15) }
        if state.steps[step].submitIsOver { advanceIfNextIsUp(step) }
    }

    /// The provider answered, and has no such thing: from here `deliver_within` runs.
    private mutating func absent(_ ordinal: Int) {
        guard isCurrent(ordinal), let step = currentStep, state.steps[step].status == .ambiguous,
            isStillAsking(step, ordinal), let since = state.attempts[ordinal].ambiguousSince
        else { return }
        let isLastLook = state.steps[step].clock?.kind == .confirm
        if state.steps[step].clock?.kind != .deliver, !isLastLook {
            pauseSubmit(step)
            state.steps[step].submitIsOver = false
            state.steps[step].clock = StepClock(kind: .deliver, due: now + assumedSentWithin(step))
        }
        if since + Self.lookUpDelays[1] <= now { state.attempts[ordinal].emptyLookUps += 1 }
        guard state.attempts[ordinal].emptyLookUps >= 2 else {
            // Its clock has ended already.
            if isLastLook { return lapse(step) }
            state.steps[step].wakeAt = max(nextLookUp(ordinal), now + .seconds(15))
            return
        }
        // A call stays spent, and its clock decides.
        guard plan.steps[step].intrusiveness == .text, !state.steps[step].resent else {
            if isLastLook { lapse(step) }
            return
        }
        state.steps[step].resent = true
        again(step)
    }

    // MARK: status queries

    mutating func polled(_ ordinal: Int, _ report: AttemptReport?) {
        guard isKnown(ordinal), let report else { return }
        receive(report, of: ordinal)
        refuteReply(to: ordinal)
        // News would have changed the clock: the wait is over.
        guard isCurrent(ordinal), let step = currentStep, state.steps[step].clock?.kind == .confirm else { return }
        lapse(step)
    }
}
