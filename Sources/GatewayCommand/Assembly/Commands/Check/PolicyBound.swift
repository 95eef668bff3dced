import Gateway
import JSON

/// How long a delivery by a policy can take, and what it can cost.
///
/// Texts are not known before there is a message: values of templates are taken to have `valueLength` characters, and
/// the text of a message that brings its own to have `textLength`. Waiting in line, holds and quiet hours are not
/// counted; `expires` bounds them. What another policy adds that takes over is its own bound.
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
        return configuration.policies.compactMap { policy in
            guard let plan = builder.plan(policy: policy.name, country: nil, priority: .normal, template: nil) else {
                return nil
            }
            return bound(policy, plan, snapshot, configuration)
        }
    }

    private static func bound(
        _ policy: PolicyDefinition, _ plan: DeliveryPlan, _ snapshot: ConfigurationSnapshot,
        _ configuration: GatewayConfiguration
    ) -> PolicyBound {
        let texts = policy.steps.map { Self.texts($0, configuration) }
        var bound = PolicyBound(
            policy: policy.name, duration: longest(policy, .normal, configuration),
            criticalDuration: longest(policy, .critical, configuration), expires: policy.expires(for: .normal),
            cost: Money(micros: 0, currency: snapshot.currency), unpriced: [])
        for country in configuration.countries.allowed {
            var total = Money(micros: 0, currency: snapshot.currency)
            for (step, texts) in zip(plan.steps, texts) {
                if snapshot.prices.price(of: step.kind.rawValue, .out, country: country) == nil,
                    !bound.unpriced.contains(step.channel)
                {
                    bound.unpriced.append(step.channel)
                }
                total.micros =
                    total.micros.addingReportingOverflow(
                        dearest(texts, step, plan, country, snapshot)
                    ).partialValue
            }
            if bound.country == nil || total.micros > bound.cost.micros {
                bound.cost = total
                bound.country = country
            }
        }
        return bound
    }

    private static func longest(
        _ policy: PolicyDefinition, _ priority: Priority, _ configuration: GatewayConfiguration
    ) -> Duration {
        policy.longest(priority: priority) { name in
            guard let kind = configuration.channels[name]?.kind, let known = ProgramCatalogue.value.channel(kind) else {
                return nil
            }
            return (kind, known.capabilities.intrusiveness)
        }
    }

    private static func dearest(
        _ texts: [String], _ step: PlanStep, _ plan: DeliveryPlan, _ country: String, _ snapshot: ConfigurationSnapshot
    ) -> Int64 {
        let bounds = PriceBound(prices: snapshot.prices, currency: snapshot.currency)
        return texts.map {
            bounds.bound(of: step, text: $0, country: country, maxCalls: plan.maxCalls).micros
        }.max() ?? 0
    }

    // MARK: texts

    /// The texts that a step can send, in every language, with made-up values.
    private static func texts(_ step: StepDefinition, _ configuration: GatewayConfiguration) -> [String] {
        guard let name = step.template, let template = configuration.templates[name],
            let kind = configuration.channels[step.channel]?.kind
        else { return [String(repeating: "x", count: textLength)] }
        let own = template.own(kind)?.text
        let entries = (own?.entries ?? []) + (template.text?.entries ?? [])
        return entries.isEmpty ? [""] : entries.map { filled($0.template.text) }
    }

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
