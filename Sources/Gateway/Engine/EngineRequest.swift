/// An exchange to make. What is rendered for it, and how its answer is read, is worked out by whoever makes it: both are
/// pure functions of what the engine put into it, and the engine's thread is the one that everything waits for.
public struct EngineRequest: Sendable {
    /// Names the exchange when it comes back.
    public let exchange: Int
    let work: Work

    enum Work: Sendable {
        case ready(ProviderRequest)
        case create(Creation)
    }

    init(exchange: Int, _ work: Work) {
        self.exchange = exchange
        self.work = work
    }

    /// The request's bytes, or what becomes of an exchange that cannot be made. Any thread.
    public func wire() -> Wire {
        switch work {
        case .ready(let request): .exchange(WireExchange(request: request, reader: nil))
        case .create(let creation): creation.wire()
        }
    }

    /// What becomes of it when nothing was even tried, because the program ends.
    public var notSent: ExchangeOutcome {
        switch wire() {
        case .unsent(let outcome): outcome
        case .exchange(let wire): wire.outcome(of: .notSent(.cancelled))
        }
    }

    /// What a request comes to.
    public enum Wire: Sendable {
        case exchange(WireExchange)
        /// It cannot be rendered: nothing leaves.
        case unsent(ExchangeOutcome)
    }
}

/// A request as it leaves, with what reads its answer. A class, because it is kept until the answer comes.
public final class WireExchange: Sendable {
    /// What to send.
    public let request: ProviderRequest
    private let reader: (provider: any Provider, outbound: OutboundRequest)?

    init(request: ProviderRequest, reader: (provider: any Provider, outbound: OutboundRequest)?) {
        self.request = request
        self.reader = reader
    }

    /// What the engine is told of an answer. Any thread.
    public func outcome(of answer: ProviderAnswer) -> ExchangeOutcome {
        guard let reader else { return .answered(answer) }
        return .created(reader.provider.result(of: answer, for: reader.outbound))
    }
}

/// What came of an exchange, as the engine takes it.
public enum ExchangeOutcome: Sendable, Hashable {
    /// The answer to a request that creates a message or a call, as its provider reads it.
    case created(SendResult)
    /// Such a request could not be made: surely not processed.
    case unsent(ProviderFailure)
    /// The answer to anything else.
    case answered(ProviderAnswer)
}

/// Creates a message or a call: everything that its request is rendered from.
///
/// A class, because it is handed on from queue to queue.
final class Creation: Sendable {
    let directory: any DispatchDirectory
    let provider: any Provider
    let tokens: AttemptTokens
    let fixed: LiveDelivery.Fixed
    let attempt: Int
    let step: Int
    let sender: Int
    let windowIsOpen: Bool
    let useTemplate: Bool

    init(
        directory: any DispatchDirectory, provider: any Provider, tokens: AttemptTokens, fixed: LiveDelivery.Fixed,
        attempt: Int, step: Int, sender: Int, windowIsOpen: Bool, useTemplate: Bool
    ) {
        self.directory = directory
        self.provider = provider
        self.tokens = tokens
        self.fixed = fixed
        self.attempt = attempt
        self.step = step
        self.sender = sender
        self.windowIsOpen = windowIsOpen
        self.useTemplate = useTemplate
    }

    func wire() -> EngineRequest.Wire {
        do {
            let outbound = try outbound()
            var request = try provider.request(for: outbound)
            // A call must not be doubled by a connection that the other side had closed.
            if fixed.plan.steps[step].intrusiveness == .call { request.freshConnection = true }
            return .exchange(WireExchange(request: request, reader: (provider, outbound)))
        } catch let error as ChannelError {
            return .unsent(.unsent(ProviderFailure(.content, error.skip == .noTemplate ? .now : .hold)))
        } catch {
            return .unsent(.unsent((error as? ProviderError)?.failure ?? ProviderFailure(.content, .hold)))
        }
    }

    func outbound() throws(ChannelError) -> OutboundRequest {
        var use = StepUse(
            token: tokens.text(fixed.job.delivery, attempt), windowIsOpen: windowIsOpen, useTemplate: useTemplate)
        use.sender = sender
        return try directory.outbound(for: fixed.job, step: step, use: use)
    }
}
