import YAML

// `channel:NAME`, the policy that every channel has without the file's saying so: one step over it alone. Who answers a
// person wants to do so where they wrote, not where an alert would go. Names in the file have no colon.

extension PolicyDefinition {
    /// The name of the policy of a channel.
    public static func name(ofChannel channel: String) -> String { prefix + channel }

    private static let prefix = "channel:"

    /// The channel of such a policy's name; `nil` for any other name.
    static func channel(ofName name: String) -> String? {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }

    /// The policy of a channel: one step, and a review where it does not arrive.
    init(ofChannel channel: String) {
        let mark = YAMLMark(line: 0, column: 0)
        let step = StepDefinition(
            channel: channel, machine: .leaveMessage, requiresMedia: false, onAmbiguous: .lookUp, outcomes: [],
            maxTries: StepDefinition.defaultTries,
            mark: mark)
        self.init(
            name: Self.name(ofChannel: channel), success: .delivered, ack: AckSettings.none,
            expires: nil, catchUpGrace: .seconds(60), maxCalls: 1, maxCallsTotal: nil, repeats: nil, reopenAfter: nil,
            budget: nil, steps: [step], onExhausted: .review, onReject: .review,
            mark: mark)
    }
}

extension ConfigurationSnapshot {
    /// A policy of the file, or that of a channel; `nil` for an unknown name.
    public func policy(_ name: String) -> PolicyDefinition? {
        if let policy = policies[name] { return policy }
        guard let name = PolicyDefinition.channel(ofName: name), channel(name)?.sender != nil else { return nil }
        return PolicyDefinition(ofChannel: name)
    }

    /// The policies of its channels.
    var channelPolicies: [PolicyDefinition] {
        channels.filter { $0.sender != nil }.map { PolicyDefinition(ofChannel: $0.name) }
    }
}

extension StepDefinition {
    /// `retry: { times }` of a step that does not say.
    static let defaultTries = 5
}
