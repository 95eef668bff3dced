import Templates

extension ConfigurationDirectory {
    /// The configuration that new messages are routed by.
    public var runningConfiguration: GatewayConfiguration { configuration }

    /// The contents of a delivery's steps, in order; those of a channel that is gone are empty.
    /// - Throws: the first missing variable, with its path.
    public func contents(of job: DeliveryJob) throws(TemplateError) -> [StepContent] {
        guard let chain = chain(job) else { return [] }
        let renderer = renderer(chain.snapshot)
        var contents: [StepContent] = []
        for step in chain.steps {
            guard let kind = step.kind else {
                contents.append(StepContent(text: "", language: ""))
                continue
            }
            contents.append(try renderer.content(of: step.definition, kind: kind, job: job))
        }
        return contents
    }

    /// The content of a step; `nil` when it cannot be rendered.
    public func content(of job: DeliveryJob, step: Int) -> StepContent? {
        guard let chain = chain(job), let step = chain.step(step), let kind = step.kind else { return nil }
        return try? renderer(chain.snapshot).content(of: step.definition, kind: kind, job: job)
    }

    /// The upper bound of a delivery's cost, for the contents of its steps.
    public func costBound(_ job: DeliveryJob, _ plan: DeliveryPlan, _ contents: [StepContent]) -> Money {
        var total = Money(micros: 0, currency: configuration.gateway.currency)
        guard let snapshot = snapshot(job.snapshot) else { return total }
        let bounds = PriceBound(prices: snapshot.prices, currency: snapshot.currency)
        for (content, step) in zip(contents, plan.steps) {
            let bound = bounds.bound(
                of: step, text: content.text, country: job.recipient.country, maxCalls: plan.maxCalls)
            total.micros += bound.micros
        }
        return total
    }
}
