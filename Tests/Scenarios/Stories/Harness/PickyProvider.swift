import Gateway

/// A provider that cannot express some messages: it refuses to render them.
struct PickyProvider: LookUpProvider {
    let base: any LookUpProvider
    /// What a message may not contain.
    let taboo: String

    var name: String { base.name }
    var kinds: Set<ChannelKind> { base.kinds }
    var webhooks: ProviderWebhooks { base.webhooks }

    func request(for outbound: OutboundRequest) throws(ProviderError) -> ProviderRequest {
        if case .message(let message) = outbound, message.text.contains(taboo) {
            throw ProviderError("too_long", "planned")
        }
        return try base.request(for: outbound)
    }

    func result(of answer: ProviderAnswer, for outbound: OutboundRequest) -> SendResult {
        base.result(of: answer, for: outbound)
    }

    func lookUpRequest(for outbound: OutboundRequest, since: Timestamp) -> ProviderRequest {
        base.lookUpRequest(for: outbound, since: since)
    }

    func lookUpResult(
        of answer: ProviderAnswer, for outbound: OutboundRequest, since: Timestamp, taken: Set<String>
    ) -> LookUpStep {
        base.lookUpResult(of: answer, for: outbound, since: since, taken: taken)
    }
}
