// A person's text that names no alert: it answers what has reached them, also where the report of that is late.

/// A text that was taken for the answer to an attempt of which nothing is proven but its acceptance.
public struct PendingReply: Sendable, Hashable {
    /// The ordinal of the attempt.
    public var attempt: UInt8
    /// When the text came in.
    public var at: Timestamp

    /// For so long evidence that the attempt went out shows that the text answered it.
    public static let lifetime = Duration.seconds(60)
    /// For so long the answer to the question about one text is waited for, however many more come.
    static let questionSpan = Duration.seconds(5)
}

extension DeliveryPhase {
    /// An acknowledgement counts, also a late one.
    public var mayBeAnswered: Bool {
        switch self {
        case .active, .exhausted, .expired, .blockedBudget, .satisfied: true
        case .scheduled, .review, .acked, .cancelled, .suppressed, .rejected: false
        }
    }
}

extension DeliveryState {
    /// Whether an attempt is a text that a provider may have sent, for all that is known.
    func mayBeUnderway(_ ordinal: Int, _ plan: DeliveryPlan) -> Bool {
        plan.steps[Int(attempts[ordinal].step)].intrusiveness == .text && attempts[ordinal].status != .refused
            && attempts[ordinal].outcome == nil
    }
}

extension Decider {
    /// A text without a name, code or button of the alert.
    ///
    /// An attempt that is proven `sent` is answered. One that a provider may have sent is answered when the provider
    /// says so: reports come late, and what waits in a queue is read by nobody.
    mutating func reply() {
        guard state.phase.mayBeAnswered else { return }
        if state.attempts.indices.contains(where: hasReached) {
            return acknowledge(state.attempts.indices.last { isText($0) && hasReached($0) })
        }
        guard let ordinal = state.attempts.indices.last(where: { state.mayBeUnderway($0, plan) }) else { return }
        if let reply = state.reply, Int(reply.attempt) == ordinal, now < reply.at + PendingReply.questionSpan { return }
        state.reply = PendingReply(attempt: UInt8(ordinal), at: now)
        note(.replied(attempt: ordinal))
        askAboutReply()
    }

    private func isText(_ ordinal: Int) -> Bool { entry(of: ordinal).intrusiveness == .text }

    /// Where a sender does not tell `sent`, acceptance is the most that can be known.
    private func hasReached(_ ordinal: Int) -> Bool {
        let level = state.attempts[ordinal].level
        return level >= .sent || (level == .accepted && isText(ordinal) && !entry(of: ordinal).reportsSent)
    }

    /// Whether the evidence of an attempt shows that a text answered it.
    func isAnswered(_ ordinal: Int) -> Bool {
        guard let reply = state.reply, Int(reply.attempt) == ordinal else { return false }
        return hasReached(ordinal)
    }

    /// The provider was asked for it, or will be when it has told the attempt's name.
    mutating func askAboutReply() {
        guard let reply = state.reply else { return }
        let ordinal = Int(reply.attempt)
        guard entry(of: ordinal).canPoll, !state.attempts[ordinal].providerID.isEmpty else { return }
        emit(.poll(attempt: ordinal))
    }

    /// The provider says that the attempt had not gone out when the text came in.
    mutating func refuteReply(to ordinal: Int) {
        if let reply = state.reply, Int(reply.attempt) == ordinal { state.reply = nil }
    }

    mutating func forgetOldReply() {
        if let reply = state.reply, now > reply.at + PendingReply.lifetime { state.reply = nil }
    }
}
