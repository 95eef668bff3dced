import Crypto
import Forms
import Gateway

/// Signs requests as Twilio does, written apart from the code under test.
struct WebhookSigner {
    var publicURL = Fixtures.publicURL
    var token = Fixtures.authToken

    func post(_ target: String, _ fields: [(String, String)]) -> WebhookRequest {
        let distinct = Set(fields.map { Pair(name: $0.0, value: $0.1) })
        let sorted = distinct.sorted { left, right in
            left.name == right.name
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        let text = publicURL + target + sorted.map { $0.name + $0.value }.joined()
        return WebhookRequest(
            method: "POST", target: target,
            headers: [
                ProviderField("content-type", "application/x-www-form-urlencoded; charset=UTF-8"), signature(text),
            ], body: Form(fields).encode())
    }

    func get(_ target: String) -> WebhookRequest {
        WebhookRequest(method: "GET", target: target, headers: [signature(publicURL + target)], body: [])
    }

    private func signature(_ text: String) -> ProviderField {
        let code = MessageCode.hmac(.sha1, key: Array(token.utf8), Array(text.utf8))
        return ProviderField("x-twilio-signature", Base64.encode(code))
    }

    private struct Pair: Hashable {
        var name: String
        var value: String
    }
}
