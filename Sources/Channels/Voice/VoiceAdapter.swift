import Gateway

/// Calls: speech that asks for a key.
public struct VoiceAdapter: ChannelAdapter {
    /// A channel without settings of its own.
    public init() {}

    /// `voice`.
    public var kind: ChannelKind { .voice }

    /// A call; a person who heard the prompt counts as having read it.
    public var capabilities: ChannelCapabilities {
        var capabilities = ChannelCapabilities(intrusiveness: .call, provesUpTo: .read)
        capabilities.stepKeys = ["ring_timeout", "max_calls", "max_duration", "machine"]
        capabilities.rates = [SenderRate(type: "voice", perSecond: 1)]
        return capabilities
    }

    /// - Throws: `no_text`, `no_media`.
    public func request(for content: StepContent, step: StepContext) throws(ChannelError) -> OutboundRequest {
        if content.requiresMedia { throw ChannelError("no_media", "a call shows no media", skip: .noMedia) }
        guard !SpokenText.of(content).isEmpty else {
            throw ChannelError("no_text", "a call needs something to say", skip: .noTemplate)
        }
        let call = CallRequest(
            from: step.from, to: step.to, token: step.token, ringTimeout: step.ringTimeout,
            maxDuration: step.maxDuration)
        return .call(call)
    }
}
