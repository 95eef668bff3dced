import Gateway
import JSON

/// How long a delivery by a policy can take, and what it can cost.
///
/// Texts are not known before there is a message: values of templates are taken to have `valueLength` characters, and
/// the text of a message that brings its own to have `textLength`. Waiting in line, holds and quiet hours are not
/// counted; `expires` bounds them. Rounds, other people and channels at once are in the cost; what another policy adds
/// that takes over is its own bound.
struct PolicyBound: Sendable, Hashable {
    /// Characters of a value that a template puts in.
    static let valueLength = 60
    /// Characters of a message's own text: three segments of an SMS.
    static let textLength = 459

    var policy: String
    /// The longest that the steps can take, for normal and for critical messages.
    var duration: Duration
    var criticalDuration: Duration
    var expires: Duration
    /// In the dearest of the allowed countries.
    var cost: Money
    /// Where it costs that much; `nil` where no number is allowed at all.
    var country: String?
    /// Channels that the price table says nothing of; they count as free.
    var unpriced: [String]

    /// The bounds of all policies, in the file's order.
    static func all(_ configuration: GatewayConfiguration) -> [PolicyBound] {
        let snapshot = ConfigurationSnapshot(configuration)
        let builder = PlanBuilder(
            snapshot: snapshot, receipts: configuration.countries.receipts,
            abilities: ChannelAbilities(adapters: ProgramCatalogue.adapters, providers: []))
        let costs = PolicyCosts(configuration: configuration, snapshot: snapshot, builder: builder)
        return configuration.policies.map { policy in
            var bound = PolicyBound(
                policy: policy.name, duration: longest(policy, .normal, configuration),
                criticalDuration: longest(policy, .critical, configuration), expires: policy.expires(for: .normal),
                cost: Money(micros: 0, currency: snapshot.currency), unpriced: costs.unpriced(policy))
            for country in configuration.countries.allowed {
                let micros = costs.bound(policy, in: country).micros
                if bound.country == nil || micros > bound.cost.micros {
                    bound.cost.micros = micros
                    bound.country = country
                }
            }
            return bound
        }
    }

    private static func longest(
        _ policy: PolicyDefinition, _ priority: Priority, _ configuration: GatewayConfiguration
    ) -> Duration {
        policy.longest(priority: priority, among: configuration.policies) { name in
            guard let kind = configuration.channels[name]?.kind, let known = ProgramCatalogue.value.channel(kind) else {
                return nil
            }
            return (kind, known.capabilities.intrusiveness)
        }
    }

    // MARK: texts

    /// A template's text with `valueLength` characters for each value.
    static func filled(_ text: String) -> String {
        var filled = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            filled += rest[..<open.lowerBound]
            let isLiteral = filled.last == "\\"
            guard !isLiteral, let close = rest[open.upperBound...].firstRange(of: "}}") else {
                if isLiteral { filled.removeLast() }
                filled += "{{"
                rest = rest[open.upperBound...]
                continue
            }
            filled += String(repeating: "x", count: valueLength)
            rest = rest[close.upperBound...]
        }
        return filled + rest
    }
}

extension PolicyBound {
    /// As the JSON of `check` shows it.
    var value: JSONValue {
        var out: JSONObject = [
            "policy": .string(policy), "duration_bound": .string(duration.written),
            "critical_duration_bound": .string(criticalDuration.written), "expires": .string(expires.written),
            "cost_bound": ["amount": .string(cost.decimal), "currency": .string(cost.currency)],
        ]
        out["country"] = country.map(JSONValue.string)
        out["unpriced"] = .array(unpriced.map(JSONValue.string))
        return .object(out)
    }
}
