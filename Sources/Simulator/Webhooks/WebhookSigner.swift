import Crypto
import HTTP

/// Signs webhooks as the provider does: base64(HMAC(key, URL + sorted parameters)).
enum WebhookSigner {
    /// The text that is signed: the URL, then for a form each name with its distinct values, all in the order of bytes.
    static func signedText(url: String, form: [(String, String)]) -> [UInt8] {
        var text = Array(url.utf8)
        let sorted = form.sorted { left, right in
            if left.0.utf8.elementsEqual(right.0.utf8) {
                return left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
            }
            return left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
        }
        for (index, (name, value)) in sorted.enumerated() {
            if index > 0, isSame(sorted[index - 1].0, name), isSame(sorted[index - 1].1, value) { continue }
            text += name.utf8
            text += value.utf8
        }
        return text
    }

    /// The value of `X-Twilio-Signature`.
    static func signature(url: String, form: [(String, String)], key: String, algorithm: HashAlgorithm) -> String {
        let text = signedText(url: url, form: form)
        return Base64.encode(MessageCode.hmac(algorithm, key: Array(key.utf8), text))
    }

    /// By bytes: Swift's `==` takes canonically equivalent texts for equal.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}
