import HTTP

/// What the simulator asks its surroundings to do. The order of a list of effects is the order in which they happen.
public enum SimulatorEffect: Sendable {
    /// Answer a request that was handed to `handle` under this number.
    case answer(requestID: Int, HTTPResponse)
    /// Call `timerFired` with this number at this time (Unix milliseconds), not before.
    case schedule(timer: Int, at: Int64)
    /// Send this request to the account's application and hand its result to `webhookAnswered`.
    case callWebhook(id: Int, WebhookRequest)
}

/// A request of the simulated provider to the account's application.
public struct WebhookRequest: Sendable, Equatable {
    /// `POST` or `GET`.
    public var method: String
    /// Absolute URL without a fragment.
    public var url: String
    /// The header fields, the signature among them; no `Host`, no `Content-Length`.
    public var headers: HTTPHeaders
    /// The form, empty for GET.
    public var body: [UInt8]
    /// How long the whole exchange may take, in milliseconds; beyond it the result is `WebhookFailure.timeout`.
    public var timeout: Int64
}

/// Why a webhook brought no answer.
public enum WebhookFailure: String, Error, Sendable, Equatable {
    /// No connection could be made: refused, unreachable, unknown host, failed handshake.
    case connect
    /// No complete answer in time.
    case timeout
    /// The connection broke or the answer was no HTTP.
    case broken
}
