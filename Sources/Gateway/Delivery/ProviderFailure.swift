/// What kind of error a provider reported.
public enum FailureClass: UInt8, Sendable, Hashable, CaseIterable {
    case rateLimited, auth, invalidRecipient, invalidSender, optedOut, content, outsideWindow, unavailable, unknown

    /// snake_case, as metrics and timelines show it.
    public var word: String {
        switch self {
        case .rateLimited: "rate_limited"
        case .auth: "auth"
        case .invalidRecipient: "invalid_recipient"
        case .invalidSender: "invalid_sender"
        case .optedOut: "opted_out"
        case .content: "content"
        case .outsideWindow: "outside_window"
        case .unavailable: "unavailable"
        case .unknown: "unknown"
        }
    }
}

/// What a provider's error means for the chain.
public enum FailureAdvice: Sendable, Hashable {
    /// The next step.
    case now
    /// The number itself is bad: skip every later step to it, mark it, review.
    case otherAddress
    /// Another provider or sender of the step, else the next step.
    case provider
    /// The same channel once, with the template.
    case template
    /// Only a step that has its own consent.
    case consent
    /// Back-off, at least `retryAfter` when the provider said so.
    case after(retryAfter: Duration?)
    /// A bug in the request or the configuration: tell operations; the next channel would fail too.
    case hold
    /// Credentials or account: the sender stops.
    case stopSender
}

/// A classified provider error.
public struct ProviderFailure: Sendable, Hashable {
    /// What kind of error it is.
    public var failureClass: FailureClass
    /// What it means for the chain.
    public var advice: FailureAdvice
    /// The provider's code, such as Twilio's 21211; zero when there was none.
    public var code: Int32
    /// The channel cannot reach this number; remembered for 30 days.
    public var marksUnfit: Bool

    /// Classifies an error.
    public init(_ failureClass: FailureClass, _ advice: FailureAdvice, code: Int32 = 0, marksUnfit: Bool = false) {
        self.failureClass = failureClass
        self.advice = advice
        self.code = code
        self.marksUnfit = marksUnfit
    }
}

/// What became of a request that creates a message or a call.
public enum SendResult: Sendable, Hashable {
    /// The provider has it, under its own id, with the status it answered.
    case accepted(providerID: String, report: AttemptReport)
    /// It was surely not processed.
    case refused(ProviderFailure)
    /// It may or may not have been processed (5xx, timeout, cut connection).
    case ambiguous(code: Int32)
}

/// What the provider says when it is asked whether an attempt exists.
public enum LookUpResult: Sendable, Hashable {
    case found(providerID: String, report: AttemptReport)
    /// The provider answered, and has no such message or call.
    case absent
    /// The provider answered, and has something that may be it: this proves neither.
    case unclear
    /// No answer: the provider is down or refuses us.
    case unanswered
}
