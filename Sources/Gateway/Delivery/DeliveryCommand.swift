/// What the engine must do after the commit that holds the new state.
public enum DeliveryCommand: Sendable, Hashable {
    /// Queue the current step in its lane; harmless to repeat.
    case enqueue(step: Int)
    /// The current step left its lane without a grant.
    case leaveLane(step: Int)
    /// Send the request of an attempt; exactly once.
    case send(attempt: Int)
    case lookUp(attempt: Int)
    case poll(attempt: Int)
    /// Cancel a queued message, end a ringing call; best effort.
    case recall(attempt: Int)
    /// The heap's entry changed; `nil` removes it.
    case arm(ArmedTimer?)
    case openReview(ReviewReason)
    case closeReview
    /// Tell people who operate the gateway.
    case tellOperations(OperationsNotice)
    /// The sender of a step's last attempt stops until a good answer.
    case stopSender(step: Int)
    /// The channel of an attempt cannot reach the number.
    case markUnfit(attempt: Int)
    /// The number is bad for every channel.
    case markNumberBad
    /// The person withdrew consent for the sender of a step's last attempt.
    case withdrawConsent(step: Int)
    /// Start the deliveries that carry out a step.
    case delegate(step: Int)
    /// Start a new round, so long from now.
    case openRound(after: Duration)
    /// The chain ended without success.
    case exhausted(ExhaustedAction)
    /// Counted, and shown in the timeline.
    case note(DeliveryNote)
}

/// Why a person must look.
public enum ReviewReason: UInt8, Sendable, Hashable, CaseIterable {
    case exhausted, badNumber, notMe, callUnproven, outcome, requestFault, crashedTwice, budget
    case exposure
    /// Nothing is sent before it is approved.
    case approval

    /// snake_case, as the API shows it.
    public var word: String {
        switch self {
        case .exhausted: "exhausted"
        case .badNumber: "bad_number"
        case .notMe: "not_me"
        case .callUnproven: "call_unproven"
        case .outcome: "outcome"
        case .requestFault: "request_fault"
        case .crashedTwice: "crashed_twice"
        case .budget: "budget"
        case .exposure: "exposure"
        case .approval: "approval"
        }
    }
}

/// What operations are told.
public enum OperationsNotice: UInt8, Sendable, Hashable {
    case senderStopped, requestFault
}

/// A line of the timeline: the transition, with ids and codes only.
public enum DeliveryNote: Sendable, Hashable {
    case accepted
    case started(step: Int)
    case skipped(step: Int, SkipReason)
    case held(step: Int, HoldReason)
    case queued(step: Int)
    case intent(attempt: Int)
    case submitted(attempt: Int)
    case refused(attempt: Int, FailureClass, code: Int32)
    case ambiguous(attempt: Int, code: Int32)
    case lookedUp(attempt: Int, found: Bool?)
    case evidence(attempt: Int, EvidenceLevel, ProviderStatus)
    case outcome(attempt: Int, AttemptOutcome, code: Int32)
    case progress(attempt: Int, CallProgress)
    case clock(step: Int, ClockKind)
    /// A clock of the step runs from now until then.
    case clockSet(step: Int, ClockKind, due: Timestamp)
    case superseded(step: Int)
    case failed(step: Int, AttemptOutcome)
    case recalled(attempt: Int)
    case possibleDuplicate(attempt: Int)
    case duplicateExposure
    case duplicateReport
    case staleTimer
    case ended(DeliveryPhase, late: Bool)
    case acknowledged(attempt: Int?)
    /// A text may have answered the attempt; the provider is asked whether it went out.
    case replied(attempt: Int)
    case rejected(attempt: Int?)
    case delegated(step: Int)
    case delegationEnded(step: Int, DelegationResult)
    /// Another round begins then.
    case roundOpened(at: Timestamp)
    /// A step goes on over another sender of its list.
    case sender(step: Int, Int)
    /// One call speaks for several deliveries. To the one that places it all the others are named, to each of these
    /// that one.
    case bundled(attempt: Int, with: [RecordID])
    /// Somebody must approve it until then.
    case reviewAsked(until: Timestamp)
    /// Somebody approved the delivery, or its current step.
    case approved
    /// Somebody dismissed the review.
    case dismissed
    /// The provider takes so many micros for an attempt.
    case priced(attempt: Int, micros: Int64)
}
