import YAML

/// An entry under `policies:`.
public struct PolicyDefinition: NamedDefinition {
    /// As rules and envelopes refer to it.
    public var name: String
    /// Ends a delivery when nobody must acknowledge.
    public var success: EvidenceLevel
    /// Whether and how a person confirms.
    public var ack: AckSettings
    /// `nil` for 24 h, and 6 h for critical envelopes.
    public var expires: Duration?
    /// An overdue clock that is later than this first asks the provider.
    public var catchUpGrace: Duration
    /// Calls to a number over a whole delivery: the greatest `max_calls` of the policy and its steps.
    public var maxCalls: Int
    /// Calls to a number over all rounds; `nil` for no further limit.
    public var maxCallsTotal: Int?
    /// Further rounds after a chain without success.
    public var repeats: Repeats?
    /// How long after an acknowledgement a further round begins; `nil` for never.
    public var reopenAfter: Duration?
    /// What a delivery may spend; `nil` for no limit.
    public var budget: BudgetSettings?
    /// In order, at least one.
    public var steps: [StepDefinition]
    /// The steps go out all at once, not one after the other.
    public var isBroadcast = false
    /// What follows a chain without success.
    public var onExhausted: ExhaustedAction
    /// What follows 'not me'.
    public var onReject: RejectAction
    /// Between the end of a call with the number and this policy's next one, 0 s...1 h.
    public var cooldown = Duration.seconds(60)
    /// Where the file defines it.
    public var mark: YAMLMark
    /// Nothing is sent before a person approves it.
    public var needsReview = false
    /// How long a person has to approve; `nil` for 24 h.
    public var reviewWithin: Duration?

    /// How long a delivery of this priority may take.
    public func expires(for priority: Priority) -> Duration {
        expires ?? (priority == .critical ? .seconds(6 * 3600) : .seconds(24 * 3600))
    }
}

/// `ack:` of a policy.
public struct AckSettings: Sendable, Hashable {
    /// Only an acknowledgement ends the delivery.
    public var required: Bool
    /// Lower case, compared with the whole trimmed text.
    public var words: [String]
    /// What a bare word acknowledges.
    public var scope: Scope
    /// How long clocks stand still after the gateway asked which alert was meant.
    public var askWithin: Duration

    /// What a policy has that does not say.
    static let none = AckSettings(
        required: false, words: ["ok", "yes", "1"], scope: .conversation, askWithin: .seconds(300))

    /// What a bare acknowledgement word means while several alerts are open.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// All that reached the person since the last answer.
        case conversation
        /// Ask.
        case message
    }
}

/// `budget:` of a policy.
public struct BudgetSettings: Sendable, Hashable {
    /// At most this much for a delivery.
    public var perDelivery: Money
    /// What happens to a step that would cost more.
    public var onBudget: BudgetAction
    /// Where the file defines it.
    public var mark: YAMLMark
}
