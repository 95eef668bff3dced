/// A vendor's wire format: pure functions from neutral requests to bytes, and from bytes to evidence or classified
/// errors. The shell makes the exchange, so a provider is tested without a socket.
public protocol Provider: Sendable {
    /// The name under `providers:`.
    var name: String { get }
    /// What it can carry.
    var kinds: Set<ChannelKind> { get }
    /// Bytes for a create request.
    func request(for outbound: OutboundRequest) throws(ProviderError) -> ProviderRequest
    /// Evidence or a classified error from the answer to a create request.
    func result(of answer: ProviderAnswer, for outbound: OutboundRequest) -> SendResult
    /// Its webhooks; each claims one path below the public listener.
    var webhooks: ProviderWebhooks { get }
}

/// A provider that can be asked for the status of a message or call.
public protocol PollingProvider: Provider {
    func pollRequest(providerID: String, kind: ChannelKind) -> ProviderRequest
    /// `nil` when the answer says nothing: not answered, or not the provider's.
    func pollResult(of answer: ProviderAnswer, kind: ChannelKind) -> AttemptReport?
}

/// A provider that says what a message or call cost, some time after it.
public protocol PricingProvider: PollingProvider {
    /// What the answer to `pollRequest` says of the price.
    func price(in answer: ProviderAnswer) -> ProviderPrice
}

/// What a provider says of a price.
public enum ProviderPrice: Sendable, Hashable {
    /// What it takes.
    case known(Money)
    /// It does not know yet, or will never say.
    case open
    /// There was no good answer.
    case unanswered
}

/// A provider that can be asked whether an ambiguous attempt exists.
public protocol LookUpProvider: Provider {
    /// `since` is when the create request was written. The list may need several pages.
    func lookUpRequest(for outbound: OutboundRequest, since: Timestamp) -> ProviderRequest
    /// Matches by recipient, sender, time and content; `taken` are provider ids that belong to other attempts.
    func lookUpResult(
        of answer: ProviderAnswer, for outbound: OutboundRequest, since: Timestamp, taken: Set<String>
    ) -> LookUpStep
}

/// One page of a look-up.
public enum LookUpStep: Sendable, Hashable {
    case done(LookUpResult)
    case next(ProviderRequest)
}

/// A provider that can cancel a queued message or end a call.
public protocol RecallingProvider: Provider {
    func recallRequest(providerID: String, kind: ChannelKind) -> ProviderRequest
}

/// A provider whose files are to be had with its credentials. What else of requests for files is right is the shell's.
public protocol MediaProvider: Provider {
    /// An absolute http or https URL: its scheme, host and port are where the credentials may go, and nowhere else.
    var mediaOrigin: String { get }
    /// The fields that sign in there.
    var mediaHeaders: [ProviderField] { get }
}

/// A request that a provider cannot express, or an answer that it cannot read.
public struct ProviderError: Error, Sendable, Hashable {
    /// Stable, snake_case.
    public var code: String
    /// For a person; never a secret or a message body.
    public var message: String
    /// The provider's own code and classification when it answered with an error.
    public var failure: ProviderFailure?

    /// An error with a stable code.
    public init(_ code: String, _ message: String, failure: ProviderFailure? = nil) {
        self.code = code
        self.message = message
        self.failure = failure
    }
}
