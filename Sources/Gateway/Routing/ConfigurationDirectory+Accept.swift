extension ConfigurationDirectory {
    /// The configuration that new messages are routed by.
    public var runningConfiguration: GatewayConfiguration { configuration }

    /// The content of a step; `nil` when it cannot be rendered.
    public func content(of job: DeliveryJob, step: Int) -> StepContent? {
        guard let chain = chain(job), let step = chain.step(step), let kind = step.kind else { return nil }
        return try? chain.renderer.content(of: step.definition, kind: kind, job: job)
    }
}
