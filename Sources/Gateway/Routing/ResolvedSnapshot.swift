/// A snapshot with what the running configuration has for its steps: found once, because every event of a delivery asks.
final class ResolvedSnapshot: Sendable {
    let snapshot: ConfigurationSnapshot
    /// By the policy's name.
    let chains: [String: ResolvedChain]

    init(
        _ snapshot: ConfigurationSnapshot, adapters: [ChannelKind: any ChannelAdapter], lanes: [LaneSettings]
    ) {
        self.snapshot = snapshot
        let pairs = snapshot.policies.map { policy in
            let steps = policy.steps.map { definition -> ResolvedChain.Step in
                let channel = snapshot.channel(definition.channel)
                return ResolvedChain.Step(
                    definition: definition, kind: channel?.kind, adapter: channel.flatMap { adapters[$0.kind] },
                    lane: channel.flatMap { channel in lanes.first { $0.channel == channel.name } })
            }
            return (policy.name, ResolvedChain(snapshot: snapshot, policy: policy, steps: steps))
        }
        chains = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

/// One policy of a snapshot, step by step.
final class ResolvedChain: Sendable {
    /// A step; what is `nil` is gone from the snapshot or from the running configuration.
    struct Step: Sendable {
        let definition: StepDefinition
        let kind: ChannelKind?
        let adapter: (any ChannelAdapter)?
        let lane: LaneSettings?
    }

    let snapshot: ConfigurationSnapshot
    let policy: PolicyDefinition
    let steps: [Step]

    init(snapshot: ConfigurationSnapshot, policy: PolicyDefinition, steps: [Step]) {
        self.snapshot = snapshot
        self.policy = policy
        self.steps = steps
    }

    /// `nil` for a step that the policy does not have.
    func step(_ index: Int) -> Step? { steps.indices.contains(index) ? steps[index] : nil }
}
