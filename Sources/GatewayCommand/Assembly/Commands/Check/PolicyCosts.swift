import Gateway

/// What deliveries by the policies of a configuration can cost, before there is any message.
struct PolicyCosts {
    let configuration: GatewayConfiguration
    let snapshot: ConfigurationSnapshot
    let builder: PlanBuilder

    /// The most that a delivery to a country can cost; other people are taken to be where it is dearest.
    func bound(_ policy: PolicyDefinition, in country: String) -> DeliveryBound { bound(policy, country, depth: 0) }

    private func bound(_ policy: PolicyDefinition, _ country: String, depth: Int) -> DeliveryBound {
        var bound = DeliveryBound()
        for (index, step) in policy.steps.enumerated() {
            if let target = step.target {
                // Deeper ones are a finding of their own.
                guard depth < PolicyDefinition.targetLevels, let other = configuration.policies[target.policy] else {
                    continue
                }
                let one = configuration.countries.allowed.map { self.bound(other, $0, depth: depth + 1) }
                    .max { $0.micros < $1.micros }
                bound.add(one ?? DeliveryBound(), times: configuration.size(of: target.target))
            } else if let plan = plan(policy, branch: index), let step = plan.steps.first {
                var one = DeliveryBound()
                one.micros = dearest(policy.steps[index], step, plan, country)
                bound.add(one)
            }
        }
        return plan(policy)?.bound(ofRound: bound) ?? bound
    }

    /// Channels that the price table says nothing of in one of the allowed countries; they count as free.
    func unpriced(_ policy: PolicyDefinition) -> [String] {
        var names: [String] = []
        let channels = policy.steps.filter { $0.target == nil }.flatMap { [$0.channel] + $0.otherChannels }
        for name in channels where !names.contains(name) {
            guard let kind = snapshot.channel(name)?.kind else { continue }
            let isPriced = configuration.countries.allowed.allSatisfy { country in
                snapshot.prices.price(over: name, of: kind, country: country) != nil
            }
            if !isPriced { names.append(name) }
        }
        return names
    }

    /// Of the whole policy, or of one of its steps alone.
    private func plan(_ policy: PolicyDefinition, branch: Int? = nil) -> DeliveryPlan? {
        builder.plan(policy: policy.name, country: nil, priority: .normal, template: nil, branch: branch)
    }

    private func dearest(
        _ definition: StepDefinition, _ step: PlanStep, _ plan: DeliveryPlan, _ country: String
    ) -> Int64 {
        let bounds = PriceBound(prices: snapshot.prices, currency: snapshot.currency)
        return texts(definition).map {
            bounds.bound(of: step, text: $0, country: country, maxCalls: plan.maxCalls)
        }.max() ?? 0
    }

    /// The texts that a step can send, in every language, with made-up values.
    private func texts(_ step: StepDefinition) -> [String] {
        guard let name = step.template, let template = configuration.templates[name],
            let kind = configuration.channels[step.channel]?.kind
        else { return [String(repeating: "x", count: PolicyBound.textLength)] }
        let own = template.own(kind)?.text
        let entries = (own?.entries ?? []) + (template.text?.entries ?? [])
        return entries.isEmpty ? [""] : entries.map { PolicyBound.filled($0.template.text) }
    }
}
