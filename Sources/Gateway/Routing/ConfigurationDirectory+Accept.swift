import Templates

extension ConfigurationDirectory {
    /// The configuration that new messages are routed by.
    public var runningConfiguration: GatewayConfiguration { configuration }

    /// Renders every step of a delivery.
    /// - Throws: the first missing variable, with its path.
    public func renderAll(_ job: DeliveryJob) throws(TemplateError) {
        guard let snapshot = snapshot(job.snapshot), let policy = snapshot.policies[job.policy] else { return }
        let renderer = ContentRenderer(snapshot: snapshot, abilities: abilities, links: links)
        for step in policy.steps {
            guard let channel = snapshot.channel(step.channel) else { continue }
            _ = try renderer.content(of: step, kind: channel.kind, job: job)
        }
    }

    /// The content of a step; `nil` when it cannot be rendered.
    public func content(of job: DeliveryJob, step: Int) -> StepContent? {
        guard let snapshot = snapshot(job.snapshot), let steps = snapshot.policies[job.policy]?.steps,
            steps.indices.contains(step), let channel = snapshot.channel(steps[step].channel)
        else { return nil }
        let renderer = ContentRenderer(snapshot: snapshot, abilities: abilities, links: links)
        return try? renderer.content(of: steps[step], kind: channel.kind, job: job)
    }

    /// The upper bound of a delivery's cost.
    public func costBound(_ job: DeliveryJob, _ plan: DeliveryPlan) -> Money {
        var total = Money(micros: 0, currency: configuration.gateway.currency)
        guard let snapshot = snapshot(job.snapshot), let policy = snapshot.policies[job.policy] else { return total }
        let bounds = PriceBound(prices: snapshot.prices, currency: snapshot.currency)
        let renderer = ContentRenderer(snapshot: snapshot, abilities: abilities, links: links)
        for (definition, step) in zip(policy.steps, plan.steps) {
            let text = (try? renderer.content(of: definition, kind: step.kind, job: job))?.text ?? ""
            let bound = bounds.bound(
                of: step, text: text, country: job.recipient.country, maxCalls: plan.maxCalls)
            total.micros += bound.micros
        }
        return total
    }
}
