// Steps of rules that need a PIN.

extension InboundRouter {
    /// Which steps are carried out now.
    enum Steps {
        case all
        /// The others were carried out when the question came in that is answered now, of every rule that it met.
        case needingPIN

        func includes(_ step: InboundStep) -> Bool { self == .all || step.needsPIN }
    }

    /// Where no step needs a PIN any more, since the rules have changed, the question is one like others.
    static func steps(of rules: [InboundRule], _ inbound: InboundContext) -> Steps {
        guard case .message = inbound.content else { return .all }
        let needsPIN = rules.contains { $0.actions.contains(where: \.needsPIN) }
        return inbound.pin == .answered && needsPIN ? .needingPIN : .all
    }

    /// Whether a step may be carried out; otherwise what is needed for it is asked for, once.
    func admits(_ step: InboundStep, _ inbound: InboundContext, _ decision: inout InboundDecision) -> Bool {
        guard step.needsPIN, let settings = directory.configuration.pin else { return true }
        switch inbound.pin {
        case .proven, .answered: return true
        case .unproven:
            guard case .message = inbound.content else {
                decision.review = decision.review ?? "pin_missing"
                return false
            }
            if !decision.asksPIN { reply(settings.ask, inbound, &decision) }
            decision.asksPIN = inbound.mayReply
            decision.mayRepeat = true
        case .locked, .refused: tellLocked(inbound, &decision)
        case .missing:
            var template = settings.missing
            if template == nil, case .search(let search) = step.action { template = search.unverified }
            guard let template, case .message = inbound.content else {
                decision.review = decision.review ?? "pin_missing"
                return false
            }
            if !decision.missesPIN { reply(template, inbound, &decision) }
            decision.missesPIN = true
        }
        return false
    }

    /// The answer to somebody who was asked for a PIN and wrote another one; `nil` for every other message.
    func refusal(_ inbound: InboundContext) -> InboundDecision? {
        guard let settings = directory.configuration.pin, case .refused(let refusal) = inbound.pin,
            case .message = inbound.content
        else { return nil }
        var decision = InboundDecision(rule: "pin")
        decision.mayRepeat = true
        switch refusal {
        case .wrong: reply(settings.wrong ?? settings.ask, inbound, &decision)
        case .last:
            decision.review = "pin_locked"
            tellLocked(inbound, &decision)
        case .locked: tellLocked(inbound, &decision)
        }
        return decision
    }

    private func tellLocked(_ inbound: InboundContext, _ decision: inout InboundDecision) {
        guard !decision.missesPIN, let template = directory.configuration.pin?.locked else { return }
        decision.missesPIN = true
        reply(template, inbound, &decision)
    }
}
