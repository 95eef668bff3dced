/// A snapshot with what the running configuration has for its steps: found once, because every event of a delivery asks.
final class ResolvedSnapshot: Sendable {
    let snapshot: ConfigurationSnapshot
    /// By the policy's name.
    let chains: [String: ResolvedChain]

    init(
        _ snapshot: ConfigurationSnapshot, adapters: [ChannelKind: any ChannelAdapter], lanes: [LaneSettings],
        renderer: ContentRenderer
    ) {
        self.snapshot = snapshot
        let pairs = (Array(snapshot.policies) + snapshot.channelPolicies).map { policy in
            let steps = policy.steps.map { definition -> ResolvedChain.Step in
                let channel = snapshot.channel(definition.channel)
                return ResolvedChain.Step(
                    definition: definition, kind: channel?.kind, adapter: channel.flatMap { adapters[$0.kind] },
                    lanes: definition.channels.map { name in
                        snapshot.channel(name).flatMap { channel in lanes.first { $0.channel == channel.name } }
                    })
            }
            let branches =
                policy.isBroadcast
                ? steps.map { ResolvedChain(renderer: renderer, policy: policy, steps: [$0], branches: []) } : []
            return (
                policy.name,
                ResolvedChain(
                    renderer: renderer, policy: policy, steps: policy.isBroadcast ? [] : steps, branches: branches)
            )
        }
        chains = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

/// One policy of a snapshot, step by step.
final class ResolvedChain: Sendable {
    /// A step; what is `nil` is gone from the snapshot or from the running configuration. A class, because every event of
    /// a delivery is given one.
    final class Step: Sendable {
        let definition: StepDefinition
        let kind: ChannelKind?
        let adapter: (any ChannelAdapter)?
        /// Of its senders, in their order.
        let lanes: [LaneSettings?]

        init(
            definition: StepDefinition, kind: ChannelKind?, adapter: (any ChannelAdapter)?, lanes: [LaneSettings?]
        ) {
            self.definition = definition
            self.kind = kind
            self.adapter = adapter
            self.lanes = lanes
        }

        func lane(over sender: Int) -> LaneSettings? { lanes.indices.contains(sender) ? lanes[sender] : nil }
    }

    /// Renders by the snapshot.
    let renderer: ContentRenderer
    var snapshot: ConfigurationSnapshot { renderer.snapshot }
    let policy: PolicyDefinition
    /// Empty for a broadcast, which its branches carry out.
    let steps: [Step]
    /// The chains of a broadcast, of one step each.
    let branches: [ResolvedChain]

    init(renderer: ContentRenderer, policy: PolicyDefinition, steps: [Step], branches: [ResolvedChain]) {
        self.renderer = renderer
        self.policy = policy
        self.steps = steps
        self.branches = branches
    }

    /// `nil` for a step that the policy does not have.
    func step(_ index: Int) -> Step? { steps.indices.contains(index) ? steps[index] : nil }
}
