import Gateway

extension Invariants {
    /// An alert is answered by whoever names it, or by a text to what is proven to have gone out before it: at once, or
    /// when the proof comes.
    func answers(_ transition: Transition) -> String? {
        let before = transition.before.state
        let after = transition.after
        if let reply = after.reply {
            if reply != before.reply, transition.event != .replied { return "a reply without a text" }
            let isProven = isOut(after.attempts[Int(reply.attempt)])
            if after.phase.mayBeAnswered, isProven { return "an answer is not counted" }
        }
        if transition.event == .replied, before.phase.mayBeAnswered, after.phase != .acked,
            after.attempts.contains(where: isOut)
        {
            return "an answer to what is out is not counted"
        }
        guard before.phase != .acked, after.phase == .acked else { return nil }
        switch transition.event {
        case .acknowledged: return nil
        case .replied: return before.attempts.contains(where: isOut) ? nil : "a text answers what nobody has seen"
        default: break
        }
        guard let reply = before.reply, transition.now <= reply.at + .seconds(60) else { return "nobody answered" }
        return after.attempts[Int(reply.attempt)].level == .acknowledged ? nil : "another attempt was answered"
    }

    private func isOut(_ attempt: AttemptState) -> Bool {
        let entry = plan.steps[Int(attempt.step)].over(Int(attempt.sender))
        let isSilent = entry.intrusiveness == .text && !entry.reportsSent
        return attempt.level >= (isSilent ? .accepted : .sent)
    }
}
