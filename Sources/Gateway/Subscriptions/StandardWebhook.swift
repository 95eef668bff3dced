import Crypto
import JSON

/// The form in which a subscriber is told an event: CloudEvents 1.0 in structured mode, signed as Standard Webhooks 1.0
/// says (https://www.standardwebhooks.com).
enum StandardWebhook {
    /// A request.
    /// - Parameter now: of the try; the id and the body are the same over all tries.
    static func request(_ event: GatewayEvent, _ subscription: SubscriptionRecord, now: Timestamp) -> ProviderRequest {
        let body = event.cloudEvent.bytes()
        let seconds = String(now.milliseconds / 1_000)
        let signature = signature(id: event.position.id, timestamp: seconds, body: body, subscription.secret)
        return ProviderRequest(
            method: "POST", url: subscription.url,
            headers: [
                ProviderField("Content-Type", "application/cloudevents+json"),
                ProviderField("webhook-id", event.position.id), ProviderField("webhook-timestamp", seconds),
                ProviderField("webhook-signature", signature),
            ], body: body)
    }

    /// The key that a secret stands for: Base64 behind `whsec_`, else its own bytes; `nil` for an empty one.
    static func key(ofSecret text: String) -> [UInt8]? {
        guard !text.isEmpty else { return nil }
        let prefix = "whsec_"
        if text.hasPrefix(prefix), let key = Base64.decode(String(text.dropFirst(prefix.count))), !key.isEmpty {
            return key
        }
        return Array(text.utf8)
    }

    /// `v1,` and base 64 of HMAC-SHA256 over `id.timestamp.body`.
    static func signature(id: String, timestamp: String, body: [UInt8], _ secret: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Base64.encode(HMACKey(.sha256, key: secret).code(signed))
    }
}

/// What a receiver's answer means.
enum ReceiverAnswer: Equatable {
    /// 2xx: it has the event.
    case told
    /// 410: it wants no more.
    case gone
    /// It is there and does not take this event: another 4xx, or a redirect, which is never followed.
    case refused(status: Int)
    /// It is not there, or not now: no answer, 408, 429, 5xx. `after` is what it asked for.
    case away(status: Int, after: Duration?)

    /// As a metric names it.
    var word: String {
        switch self {
        case .told: "told"
        case .gone: "gone"
        case .refused: "refused"
        case .away: "away"
        }
    }

    /// Longer than that nobody waits on a receiver's word.
    static let longestPause = Duration.seconds(3_600)

    init(_ answer: ProviderAnswer) {
        switch answer.status ?? 0 {
        case 200..<300: self = .told
        case 410: self = .gone
        case let status where status == 0 || status == 408 || status == 429 || status >= 500:
            let seconds = answer.header("Retry-After").flatMap { Int64($0) } ?? 0
            self = .away(
                status: status,
                after: seconds > 0 ? min(.seconds(min(seconds, 3_600)), Self.longestPause) : nil)
        case let status: self = .refused(status: status)
        }
    }
}
