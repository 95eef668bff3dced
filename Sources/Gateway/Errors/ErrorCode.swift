/// What went wrong while the gateway sent or received. The words are stable: callers search for them.
public enum ErrorCode: String, Sendable, Hashable, CaseIterable {
    // A provider refused a request.
    case providerRateLimited = "provider_rate_limited"
    case providerAuth = "provider_auth"
    case providerInvalidRecipient = "provider_invalid_recipient"
    case providerInvalidSender = "provider_invalid_sender"
    case providerOptedOut = "provider_opted_out"
    case providerContent = "provider_content"
    case providerOutsideWindow = "provider_outside_window"
    case providerUnavailable = "provider_unavailable"
    case providerUnknown = "provider_unknown"
    // What became of a request that left.
    case requestAmbiguous = "request_ambiguous"
    case lookUpUnanswered = "look_up_unanswered"
    case attemptFailed = "attempt_failed"
    case attemptUndelivered = "attempt_undelivered"
    // Senders and their circuits.
    case senderStopped = "sender_stopped"
    case senderRemoved = "sender_removed"
    case requestFault = "request_fault"
    case circuitOpened = "circuit_opened"
    case providerCircuitOpened = "provider_circuit_opened"
    case receiptsFell = "receipts_fell"
    // Deliveries.
    case deliveryExhausted = "delivery_exhausted"
    case deliveryExpired = "delivery_expired"
    case deliveryBlockedBudget = "delivery_blocked_budget"
    case budgetDenied = "budget_denied"
    case crashedTwice = "crashed_twice"
    // What providers and other systems have to do with us.
    case webhookBadSignature = "webhook_bad_signature"
    case webhookMalformed = "webhook_malformed"
    case webhookUnknownToken = "webhook_unknown_token"
    case inboundActionFailed = "inbound_action_failed"
    case replyWithheld = "reply_withheld"
    case outgoingFailed = "outgoing_failed"
    case outgoingGone = "outgoing_gone"
    case outgoingGivenUp = "outgoing_given_up"
    case streamAway = "event_stream_away"
    case streamRefused = "event_stream_refused"
    // Files that people send.
    case mediaRefused = "media_refused"
    case mediaFailed = "media_failed"
    case mediaNotWritten = "media_not_written"
    // The index of documents outside.
    case documentNotIndexed = "document_not_indexed"
    // The gateway itself.
    case storeRefused = "store_refused"
    case auditViolation = "audit_violation"

    /// The code of a refused request.
    init(refusal failure: FailureClass) {
        self =
            switch failure {
            case .rateLimited: .providerRateLimited
            case .auth: .providerAuth
            case .invalidRecipient: .providerInvalidRecipient
            case .invalidSender: .providerInvalidSender
            case .optedOut: .providerOptedOut
            case .content: .providerContent
            case .outsideWindow: .providerOutsideWindow
            case .unavailable: .providerUnavailable
            case .unknown: .providerUnknown
            }
    }

    /// How much it matters.
    public var severity: ErrorSeverity {
        switch self {
        case .providerRateLimited, .providerOptedOut: .info
        case .providerInvalidRecipient, .providerOutsideWindow, .providerUnavailable, .requestAmbiguous,
            .lookUpUnanswered, .attemptFailed, .attemptUndelivered, .circuitOpened, .receiptsFell, .deliveryExpired,
            .budgetDenied, .webhookBadSignature, .webhookMalformed, .webhookUnknownToken, .replyWithheld,
            .outgoingFailed, .outgoingGone, .streamAway, .mediaRefused, .documentNotIndexed:
            .warning
        case .providerAuth, .providerInvalidSender, .providerContent, .providerUnknown, .senderRemoved, .requestFault,
            .inboundActionFailed, .providerCircuitOpened, .deliveryExhausted, .deliveryBlockedBudget, .outgoingGivenUp,
            .streamRefused, .mediaFailed, .mediaNotWritten:
            .error
        case .senderStopped, .crashedTwice, .storeRefused, .auditViolation: .critical
        }
    }

    /// What happened, for a person; the same for every error of the code.
    public var message: String {
        switch self {
        case .providerRateLimited: "The provider refused a request: too many at once."
        case .providerAuth: "The provider refused a request: wrong credentials, or the account may not."
        case .providerInvalidRecipient: "The provider refused a request: the number cannot be reached."
        case .providerInvalidSender: "The provider refused a request: the sender may not send this."
        case .providerOptedOut: "The provider refused a request: the person has opted out."
        case .providerContent: "A request was refused for its content, or could not be made of it."
        case .providerOutsideWindow: "The provider refused a free text outside of the service window."
        case .providerUnavailable: "The provider cannot be reached or does not work."
        case .providerUnknown: "The provider refused a request with a code that the gateway does not know."
        case .requestAmbiguous: "A request broke off: the provider may have processed it."
        case .lookUpUnanswered: "The provider did not answer whether it has an ambiguous request."
        case .attemptFailed: "The provider reported that it could not send what it had accepted."
        case .attemptUndelivered: "The provider reported that the network did not deliver."
        case .senderStopped: "A sender has stopped until the provider takes its credentials again."
        case .senderRemoved: "A delivery waits for a sender that is gone from the configuration."
        case .requestFault: "A request or the configuration has a fault; the delivery is held for a person."
        case .circuitOpened: "The circuit of a sender has opened."
        case .providerCircuitOpened: "The circuit of a provider has opened for all of its senders."
        case .receiptsFell: "Texts to a country are accepted and do not arrive as usual."
        case .deliveryExhausted: "A delivery ended with no step left."
        case .deliveryExpired: "A delivery ended because its time ran out."
        case .deliveryBlockedBudget: "A delivery ended because a budget did not let its next step go."
        case .budgetDenied: "A budget did not let a step go."
        case .crashedTwice: "The process died twice at an event of a delivery; the event is barred."
        case .webhookBadSignature: "A webhook had no signature or a wrong one; nothing of it was kept."
        case .webhookMalformed: "A webhook was not one that its path takes."
        case .webhookUnknownToken: "A webhook named a delivery that does not exist."
        case .inboundActionFailed: "A rule could not do something about what came in; it is filed all the same."
        case .replyWithheld: "An automatic answer was not sent: so many went to the number, or it repeats the last one."
        case .outgoingFailed: "Another system could not be told something; it is tried again."
        case .outgoingGone: "Another system answered that it wants to be told no more."
        case .outgoingGivenUp: "Another system could not be told something for a day; it was given up."
        case .streamAway: "Events cannot be added to the stream of Redis; it is tried again."
        case .streamRefused: "The stream of Redis does not take events, until a person changes something."
        case .mediaRefused: "A file that a person sent is not taken: its size, type or address is not allowed."
        case .mediaFailed: "A file that a person sent could not be downloaded; it is not tried again by itself."
        case .mediaNotWritten: "A file that a person sent could not be written to the disk; it is tried again."
        case .documentNotIndexed: "The index outside refused a document; a search there does not find it."
        case .storeRefused: "The store refused a commit or a reading; nothing of that turn happened."
        case .auditViolation: "A delivery is open, and nothing will wake it."
        }
    }
}

/// How much an error matters, rising.
public enum ErrorSeverity: UInt8, Sendable, Hashable, CaseIterable, Comparable {
    /// What happens every day; the gateway goes on by itself.
    case info
    /// Something was lost or is degraded; the gateway goes on by itself.
    case warning
    /// A delivery failed, or a person must act for some to go on.
    case error
    /// Nothing goes over a sender any more, or the gateway itself is damaged.
    case critical

    /// The word of the API.
    public var word: String {
        switch self {
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }

    /// Reads the word; `nil` for an unknown one.
    public init?(word: some StringProtocol) {
        guard let known = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = known
    }

    /// Less severe first.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
