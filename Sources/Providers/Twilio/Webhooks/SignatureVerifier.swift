import Crypto
import Forms
import Gateway

/// Decides whether a request comes from Twilio: HMAC over the URL and the sorted form (Twilio, 'Validating requests').
///
/// The configuration decides which algorithm suffices; a request cannot talk it down.
struct SignatureVerifier: Sendable {
    private let tokens: [SigningKey]
    private let sharedKeys: [String: SigningKey]
    private let required: SignatureAlgorithm
    /// Without a slash at the end.
    private let publicURL: String
    private let publicPath: String

    init(settings: TwilioSettings, publicURL: String) {
        var secrets = [settings.authToken]
        if let secondary = settings.secondaryAuthToken, !secondary.isEmpty { secrets.append(secondary) }
        tokens = secrets.filter { !$0.isEmpty }.map { SigningKey(.sha1, secret: $0) }
        sharedKeys = settings.sharedKeys.filter { !$0.value.isEmpty }.mapValues { SigningKey(.sha256, secret: $0) }
        required = settings.requiredAlgorithm
        self.publicURL = publicURL
        publicPath = SignedURL(publicURL)?.target ?? ""
    }

    /// Whether the request is signed for one of the forms of its URL, and its body belongs to it.
    func accepts(_ request: WebhookRequest) -> Bool {
        let method = request.method
        guard method == "GET" || method == "POST" else { return false }
        var suffix: [UInt8] = []
        if method == "POST" {
            if Self.isForm(request) {
                FormView(parsing: request.body).appendSorted(to: &suffix)
            } else if !Self.bodyIsNamed(in: request) {
                return false
            }
        }
        return urls(of: request.target).contains { accepts($0, suffix: suffix, request: request) }
    }

    /// Whether `signature` belongs to the URL and the sorted form.
    func accepts(_ url: String, suffix: [UInt8], request: WebhookRequest) -> Bool {
        guard let header = request.header("X-Twilio-Signature"), !header.isEmpty, header.utf8.count <= 64,
            let url = SignedURL(url)
        else { return false }
        let keys = keys(for: SignatureSettings(request.header("X-Twilio-Webhooks-Signature-Settings")))
        let given = Array(header.utf8)
        for form in url.forms {
            var message = Array(form.utf8)
            message.append(contentsOf: suffix)
            for key in keys where constantTimeEquals(Array(Base64.encode(key.code(message)).utf8), given) {
                return true
            }
        }
        return false
    }

    private func keys(for settings: SignatureSettings) -> [SigningKey] {
        switch SignatureAlgorithm(rawValue: settings.algorithm.uppercased()) {
        case .sha1: required == .sha1 ? tokens : []
        case .sha256: sharedKeys[settings.key].map { [$0] } ?? []
        case nil: []
        }
    }

    // MARK: the URL

    /// The configured origin and what came over the wire; where a proxy keeps the prefix, it is not added twice.
    private func urls(of target: String) -> [String] {
        var urls = [publicURL + target]
        if !publicPath.isEmpty, target.hasPrefix(publicPath + "/") {
            urls.append(publicURL.dropLast(publicPath.count) + target)
        }
        return urls
    }

    // MARK: the body

    /// A form, or nothing at all.
    static func isForm(_ request: WebhookRequest) -> Bool {
        guard let type = request.header("Content-Type") else { return request.body.isEmpty }
        let essence = type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        return essence == "application/x-www-form-urlencoded" || (essence.isEmpty && request.body.isEmpty)
    }

    /// Any other body must be named by its hash in the signed URL, or a signed URL could be replayed with another body.
    private static func bodyIsNamed(in request: WebhookRequest) -> Bool {
        let named = Form(query: request.query).all("bodySHA256")
        guard named.count == 1, let given = Hex.decode(named[0]) else { return false }
        return constantTimeEquals(HashAlgorithm.sha256.digest(request.body), given)
    }
}
