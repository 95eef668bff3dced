/// Everything that can happen to a delivery.
public enum DeliveryEvent: Sendable, Hashable {
    /// It was accepted and is durable with this commit.
    case accepted
    /// The lane granted a slot to the current step.
    case granted
    /// The create request of an attempt came back.
    case result(attempt: Int, SendResult)
    /// The provider was asked whether an ambiguous attempt exists.
    case lookedUp(attempt: Int, LookUpResult)
    /// A status query came back; `nil` when it was not answered.
    case polled(attempt: Int, AttemptReport?)
    /// Evidence from a callback or a call's turn.
    case report(attempt: Int, AttemptReport)
    /// The heap's timer fired.
    case timer(generation: UInt32)
    /// A key, a button, a reply, a link or the API; `attempt` when it is known which one was answered.
    case acknowledged(attempt: Int?)
    /// A person's text that names no alert.
    case replied
    /// 'Not me'.
    case rejected(attempt: Int?)
    /// STOP: for the sender of these steps, or for all.
    case optedOut(channels: [String]?)
    /// What became of the deliveries that carry out a step.
    case delegated(step: Int, DelegationResult)
    case cancelled
    /// Several alerts are open: the person was asked which one an answer meant.
    case asked(until: Timestamp)
    /// A circuit, a sender, a zone or a consent changed: look again whether the current step may go.
    case recheck
    /// The process started: whatever was in flight is now ambiguous.
    case restarted
    /// A call to the number is placed by an attempt of another delivery, and speaks for this one too.
    case joined(AttemptReference)
    /// Attempts of other deliveries share the call that this attempt places.
    case leads(attempt: Int, [AttemptReference])
    /// Somebody approved what waits for it.
    case approved
    /// Somebody dismissed the open review.
    case dismissed
    /// The provider says what it takes for an attempt, in micros.
    case priced(attempt: Int, micros: Int64)
}

/// What became of a step's own deliveries.
public enum DelegationResult: UInt8, Sendable, Hashable, CaseIterable {
    /// There is nobody whom they could go to.
    case nobody
    /// One of them is satisfied.
    case satisfied
    /// The last of them ended, and none of them with an acknowledgement.
    case ended

    /// The word of timelines.
    public var word: String {
        switch self {
        case .nobody: "nobody"
        case .satisfied: "satisfied"
        case .ended: "ended"
        }
    }
}
