// Which sender of its list a step uses (docs/decisions/0043-a-step-may-have-several-senders.md). A step without a list
// has one sender, and pays a look at its count.

/// Who of a step's senders can take its request now.
enum SenderChoice: Hashable {
    /// The sender of this index.
    case up(Int)
    /// Nobody; whom the step waits for says why.
    case held(HoldReason)
    /// Those who could have refused it since the last back-off.
    case refused
}

extension Decider {
    /// The step as its present sender carries it out.
    func entry(_ step: Int) -> PlanStep { plan.steps[step].over(sender(of: step)) }

    /// The step of an attempt, as the attempt's own sender carried it out.
    func entry(of ordinal: Int) -> PlanStep { plan.step(of: state.attempts[ordinal]) }

    /// What is asked of it at every report.
    func traits(of ordinal: Int) -> StepTraits {
        plan.traits(of: Int(state.attempts[ordinal].step), over: Int(state.attempts[ordinal].sender))
    }

    func sender(of step: Int) -> Int { Int(state.steps[step].sender) }

    private func hasList(_ step: Int) -> Bool { !plan.steps[step].alternatives.isEmpty }

    private func bit(_ sender: Int) -> UInt8 { 1 << UInt8(sender) }

    // MARK: eligibility

    /// Why none of a step's senders may be used for this recipient; `nil` when one may.
    func ineligibility(_ step: Int) -> SkipReason? {
        let own = sender(of: step)
        guard var reason = bar(step, own) else { return nil }
        guard hasList(step) else { return reason }
        for sender in 0..<plan.steps[step].senderCount where sender != own && isLeft(sender, step) {
            guard let other = bar(step, sender) else { return nil }
            // A chain that is barred by consent must be known as that.
            if other == .optedOut { reason = other }
        }
        return reason
    }

    private func bar(_ step: Int, _ sender: Int) -> SkipReason? {
        facts.ineligibility(ofStep: step, over: sender, consentOnly: state.consentOnly)
    }

    /// Whether the step may still use a sender: not one that it is done with, and for a call that a sender may have
    /// placed no other one.
    private func isLeft(_ sender: Int, _ step: Int) -> Bool {
        guard state.steps[step].passed & bit(sender) == 0 else { return false }
        guard isCall(step: step) else { return true }
        return state.attempts.allSatisfy {
            Int($0.step) != step || $0.status == .refused || Int($0.sender) == sender
        }
    }

    private func mayUse(_ sender: Int, _ step: Int) -> Bool { isLeft(sender, step) && bar(step, sender) == nil }

    /// Whether there is another sender than the present one, up or not.
    private func hasOther(_ step: Int) -> Bool {
        (0..<plan.steps[step].senderCount).contains { $0 != sender(of: step) && mayUse($0, step) }
    }

    // MARK: the choice

    /// The first of the list that is up. The step is held when none is: by what passes, if one of them may come back by
    /// itself.
    func pick(_ step: Int) -> SenderChoice {
        guard hasList(step) else { return facts.hold(ofStep: step, over: 0).map(SenderChoice.held) ?? .up(0) }
        var reason: HoldReason?
        var isRefused = false
        for sender in 0..<plan.steps[step].senderCount where mayUse(sender, step) {
            if let hold = facts.hold(ofStep: step, over: sender) {
                if reason?.countsAgainstSubmit != true, reason == nil || hold.countsAgainstSubmit { reason = hold }
            } else if state.steps[step].refusedBy & bit(sender) == 0 {
                return .up(sender)
            } else {
                isRefused = true
            }
        }
        return isRefused ? .refused : .held(reason ?? .senderRemoved)
    }

    /// Chooses the sender of a step that is about to be queued. Returns why it must wait; `nil` when it need not.
    mutating func choose(_ step: Int) -> HoldReason? {
        switch pick(step) {
        case .up(let sender):
            use(UInt8(sender), step)
            return nil
        case .held(let reason): return reason
        case .refused: return .backOff
        }
    }

    mutating func use(_ sender: UInt8, _ step: Int) {
        guard sender != state.steps[step].sender else { return }
        state.steps[step].sender = sender
        note(.sender(step: step, Int(sender)))
    }

    func isUp(sendersOf step: Int) -> Bool { if case .up = pick(step) { true } else { false } }

    /// Whether the sender that a step was queued for may still have it.
    func mayGo(_ step: Int) -> Bool {
        guard facts.hold(ofStep: step, over: sender(of: step)) == nil else { return false }
        return !hasList(step) || bar(step, sender(of: step)) == nil
    }

    /// How long a step would wait in the lane of the sender that it would use.
    func laneWait(_ step: Int) -> Duration {
        guard case .up(let sender) = pick(step) else { return facts.laneWait(ofStep: step, over: sender(of: step)) }
        return facts.laneWait(ofStep: step, over: sender)
    }

    // MARK: from one to the next

    /// Puts a step on its way over another sender, where the error is that of the sender; whether it does. After the
    /// provider had accepted (`report`) only a text does.
    mutating func handOver(_ failure: ProviderFailure, step: Int, report: Bool) -> Bool {
        guard hasList(step) else { return false }
        switch failure.advice {
        case .after where !report: return tryAnother(step)
        case .stopSender where !report:
            guard tryAnother(step) else { return false }
            stopSender(step)
            return true
        // A call that was accepted stays with its sender.
        case .provider: return leaveSender(step)
        case .consent:
            state.consentOnly = true
            guard leaveSender(step) else { return false }
            emit(.withdrawConsent(step: step))
            return true
        default: return false
        }
    }

    /// At once, if one is up that has not refused it since the last back-off.
    private mutating func tryAnother(_ step: Int) -> Bool {
        state.steps[step].refusedBy |= bit(sender(of: step))
        guard isUp(sendersOf: step) else { return false }
        again(step)
        return true
    }

    /// The step is done with its sender; it waits for another one if none is up.
    mutating func leaveSender(_ step: Int) -> Bool {
        guard hasList(step), hasOther(step) else { return false }
        state.steps[step].passed |= bit(sender(of: step))
        again(step)
        return true
    }

    /// STOP to the sender of a step of which nothing has left yet: one with consent of its own may have it.
    mutating func switchSender(_ step: Int, barred channels: [String]) -> Bool {
        guard hasList(step), canSwitch(step) else { return false }
        let before = state.steps[step].passed
        let entry = plan.steps[step]
        for sender in 0..<entry.senderCount where channels.contains(entry.over(sender).channel) {
            state.steps[step].passed |= bit(sender)
        }
        guard hasOther(step) else {
            state.steps[step].passed = before
            return false
        }
        leaveLane(step)
        again(step)
        return true
    }

    private func canSwitch(_ step: Int) -> Bool {
        switch state.steps[step].status {
        case .ready, .held(.backOff): true
        case .held(let reason): reason.isSenders || reason == .quietHours
        default: false
        }
    }

    /// A new start for the senders of a held step: after a back-off all are asked again, after `retry` also those that
    /// the step was done with.
    mutating func forgetRefusals(_ step: Int, _ reason: HoldReason) {
        if reason != .backOff { state.steps[step].refusedBy = 0 }
        if reason == .retry { state.steps[step].passed = 0 }
    }
}

extension HoldReason {
    /// What only a change of circuits, senders or configuration ends.
    var isSenders: Bool {
        switch self {
        case .circuitOpen, .senderStopped, .providerRemoved, .senderRemoved: true
        default: false
        }
    }
}
