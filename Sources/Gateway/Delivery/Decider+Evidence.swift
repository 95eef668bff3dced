// Reports: the ladder rises, goals are met, failures move the chain on.

extension Decider {
    mutating func receive(_ report: AttemptReport, of ordinal: Int) {
        guard isKnown(ordinal) else { return }
        if let mark = report.mark {
            let bit: UInt64 = 1 << UInt64(mark & 63)
            guard state.attempts[ordinal].seen & bit == 0 else {
                note(.duplicateReport)
                return
            }
            state.attempts[ordinal].seen |= bit
        }
        adopt(report, ordinal)
        rise(report, ordinal)
        progress(report, ordinal)
        fail(report, ordinal)
        if state.attempts[ordinal].status == .submitted { recallIfUnwanted(ordinal) }
    }

    /// A report proves that the provider has the attempt, also before its create answer.
    private mutating func adopt(_ report: AttemptReport, _ ordinal: Int) {
        if let providerID = report.providerID, state.attempts[ordinal].providerID.isEmpty {
            state.attempts[ordinal].providerID = providerID
        }
        guard state.attempts[ordinal].status == .ambiguous else { return }
        state.attempts[ordinal].become(.submitted)
        settle(ordinal)
        if isCurrent(ordinal), let step = currentStep { runEvidenceClock(step) }
    }

    // MARK: the ladder

    private mutating func rise(_ report: AttemptReport, _ ordinal: Int) {
        let before = state.attempts[ordinal].level
        // A failure counts only below `delivered`, and evidence after a failure only from `delivered` on.
        guard report.level > before, state.attempts[ordinal].outcome == nil || report.level >= .delivered
        else { return }
        let step = Int(state.attempts[ordinal].step)
        let awaited = evidenceClock(step, ordinal)?.kind
        state.attempts[ordinal].level = report.level
        state.attempts[ordinal].providerStatus = report.status
        note(.evidence(attempt: ordinal, report.level, report.status))
        if before < .delivered, report.level >= .delivered { expose(ordinal) }
        forgetOldReply()
        if isAnswered(ordinal) {
            acknowledge(ordinal)
        } else if meetsGoal(ordinal) {
            satisfy(ordinal)
        } else if isCurrent(ordinal) {
            // A repeat that waits is pointless once the first try has arrived.
            if report.level >= .delivered { settle(ordinal) }
            runEvidenceClock(step, awaited: awaited)
        }
    }

    private mutating func expose(_ ordinal: Int) {
        state.exposures = min(state.exposures + 1, 200)
        if state.exposures > 1, !plan.ackRequired { note(.duplicateExposure) }
    }

    /// `success`, or the best that the step can prove when that is less.
    private func meetsGoal(_ ordinal: Int) -> Bool {
        guard !plan.ackRequired else { return false }
        let step = traits(of: ordinal)
        let best = state.attempts[ordinal].receiptsAreWeak ? min(.sent, step.bestLevel) : step.bestLevel
        return state.attempts[ordinal].level >= min(plan.success, best)
    }

    // MARK: calls

    private mutating func progress(_ report: AttemptReport, _ ordinal: Int) {
        if report.status == .machine || report.status == .fax { state.attempts[ordinal].isMachine = true }
        let before = state.attempts[ordinal].call
        // Detection gives its verdict only once somebody has answered, also where the answer's own report was lost.
        guard let call = report.call ?? (report.status.isVerdict ? .answered : nil),
            before == nil || call > before ?? .ringing
        else { return }
        state.attempts[ordinal].call = call
        note(.progress(attempt: ordinal, call))
        guard isCurrent(ordinal), let step = currentStep, state.steps[step].status == .submitted else { return }
        runEvidenceClock(step)
    }

    // MARK: failures

    private mutating func fail(_ report: AttemptReport, _ ordinal: Int) {
        guard let outcome = report.outcome, state.attempts[ordinal].outcome == nil,
            state.attempts[ordinal].level < .delivered
        else { return }
        // What we cancelled ourselves has not failed.
        if state.attempts[ordinal].recalled, outcome == .canceled { return }
        state.attempts[ordinal].outcome = outcome
        state.attempts[ordinal].providerStatus = report.status
        let code = report.failure?.code ?? 0
        if code != 0 { state.attempts[ordinal].code = code }
        note(.outcome(attempt: ordinal, outcome, code: code))
        let step = Int(state.attempts[ordinal].step)
        if let failure = report.failure, failure.marksUnfit { emit(.markUnfit(attempt: ordinal)) }
        guard isCurrent(ordinal), isUnderway(step) else { return }
        if let failure = report.failure {
            follow(failure, step: step, outcome: outcome, report: true)
        } else {
            conclude(step, outcome)
        }
    }

    private func isUnderway(_ step: Int) -> Bool {
        switch state.steps[step].status {
        case .intent, .submitted, .ambiguous: true
        default: false
        }
    }

    /// A step came to an outcome: what the policy says about it.
    mutating func conclude(_ step: Int, _ outcome: AttemptOutcome) {
        switch plan.steps[step].outcomes[outcome] ?? .next {
        case .next:
            advance(from: step, as: outcome == .timeout || outcome == .unacknowledged ? .superseded : .failed(outcome))
        case .retry(let after, let times):
            retry(step, outcome, after: after, times: times)
        case .wait:
            state.steps[step].clock = nil
            state.steps[step].wakeAt = nil
        case .stop:
            leave(step, as: .failed(outcome))
            recall(step)
            exhaust(plan.onExhausted)
        case .review:
            leave(step, as: .failed(outcome))
            recall(step)
            openReview(.outcome)
            exhaust(.nothing)
        case .policy(let name):
            leave(step, as: .failed(outcome))
            recall(step)
            exhaust(.policy(name))
        }
    }

    private mutating func retry(_ step: Int, _ outcome: AttemptOutcome, after: Duration, times: Int) {
        let isSpent = plan.steps[step].intrusiveness == .call && callsAreSpent
        // What may have been processed is never repeated blindly.
        let isAmbiguous = state.steps[step].status == .ambiguous
        guard Int(state.steps[step].retries) < times, !isSpent, !isAmbiguous else {
            advance(from: step, as: .failed(outcome))
            return
        }
        state.steps[step].retries += 1
        recall(step)
        hold(step, .retry, until: now + after)
    }
}
