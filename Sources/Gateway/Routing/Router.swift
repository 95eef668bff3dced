/// Decides by the outbound rules what becomes of an envelope. Pure, over an immutable configuration.
public final class Router: Sendable {
    let configuration: GatewayConfiguration
    private let index: RuleIndex

    /// A router over a configuration; takes time in proportion to its rules.
    public init(_ configuration: GatewayConfiguration) {
        self.configuration = configuration
        index = RuleIndex(configuration.outboundRules)
    }

    /// Tries the rules in order; the first that matches and does not continue decides.
    /// - Parameter traces: also says of each rule why it matched or not, for `explain`.
    public func route(
        _ envelope: Envelope, to recipient: ResolvedRecipient, openAlert: Bool = false, now: Timestamp,
        traces: Bool = false
    ) -> Routing {
        let facts = OutboundFacts(envelope: envelope, recipient: recipient, openAlert: openAlert, now: now)
        var routing = Routing(startsAt: max(envelope.sendAt ?? now, now))
        if traces {
            // Rules that cannot match are told of as well.
            for number in configuration.outboundRules.indices {
                guard follow(number, facts, &routing, traces: true) else { break }
            }
        } else {
            for number in index.candidates({ facts.value(of: $0) }) {
                guard follow(number, facts, &routing, traces: false) else { break }
            }
        }
        if let policy = envelope.policy, routing.rejection == nil { routing.policy = policy }
        return routing
    }

    /// Tries a rule; whether the next one is tried as well.
    private func follow(_ number: Int, _ facts: OutboundFacts, _ routing: inout Routing, traces: Bool) -> Bool {
        let rule = configuration.outboundRules[number]
        let failing = rule.when.first { !$0.matches(facts.value(of: $0.field)) }
        if traces {
            routing.trace.append(RuleTrace(name: rule.name, matched: failing == nil, failing: failing?.source))
        }
        guard failing == nil else { return true }
        apply(rule, facts, &routing)
        return rule.continues || rule.action == .none
    }

    private func apply(_ rule: OutboundRule, _ facts: OutboundFacts, _ routing: inout Routing) {
        if let deferral = rule.deferral {
            for name in deferral.times {
                guard let times = configuration.times[name] else { continue }
                let opening = times.end(after: routing.startsAt, in: facts.zone)
                routing.startsAt = max(routing.startsAt, opening ?? routing.startsAt)
            }
        }
        if rule.needsReview { routing.needsReview = true }
        switch rule.action {
        case .policy(let name):
            routing.policy = name
            routing.rule = rule.name
        case .reject(let message):
            routing.rejection = message
            routing.rule = rule.name
        case .none: break
        }
    }
}

/// What the rules decided.
public struct Routing: Sendable, Hashable {
    /// A name under `policies:`; empty when the rules rejected the envelope.
    public var policy = ""
    /// The rule that decided.
    public var rule = ""
    /// The rule's message when it refused the envelope.
    public var rejection: String?
    /// Not before then: `send_at` and deferrals.
    public var startsAt: Timestamp
    /// A rule wants a person's approval before anything is sent.
    public var needsReview = false
    /// Each rule that was tried, when traces were asked for.
    public var trace: [RuleTrace] = []

    init(startsAt: Timestamp) { self.startsAt = startsAt }
}

/// How a rule fared.
public struct RuleTrace: Sendable, Hashable {
    /// The rule's name.
    public var name: String
    /// All its conditions held.
    public var matched: Bool
    /// The first condition that did not hold, as written.
    public var failing: String?
}
