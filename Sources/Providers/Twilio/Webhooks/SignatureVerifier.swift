import Crypto
import Forms
import Gateway

/// Decides whether a request comes from Twilio: HMAC over the URL and the sorted form (Twilio, 'Validating requests').
///
/// The configuration decides which algorithm suffices; a request cannot talk it down.
package struct SignatureVerifier: Sendable {
    private let tokens: [HMACKey]
    private let sharedKeys: [String: HMACKey]
    private let required: SignatureAlgorithm
    /// Every form of the public URL that may stand before a request's target.
    private let origins: [[UInt8]]
    /// The same without the path that a proxy adds, for a proxy that keeps it in the target.
    private let bareOrigins: [[UInt8]]
    private let publicPath: String

    /// - Parameter publicURL: where the provider reaches the webhooks.
    package init(settings: TwilioSettings, publicURL: String) {
        var secrets = [settings.authToken]
        if let secondary = settings.secondaryAuthToken, !secondary.isEmpty { secrets.append(secondary) }
        tokens = secrets.filter { !$0.isEmpty }.map { HMACKey(.sha1, key: Array($0.utf8)) }
        sharedKeys = settings.sharedKeys.filter { !$0.value.isEmpty }
            .mapValues { HMACKey(.sha256, key: Array($0.utf8)) }
        required = settings.requiredAlgorithm
        let path = SignedURL(publicURL)?.target ?? ""
        publicPath = path
        origins = Self.forms(of: publicURL)
        bareOrigins = path.isEmpty ? [] : Self.forms(of: String(publicURL.dropLast(path.count)))
    }

    /// Whether the request is signed for one of the forms of its URL, and its body belongs to it.
    package func accepts(_ request: WebhookRequest) -> Bool { accepts(request, Self.form(of: request)) }

    /// - Parameter form: what `form(of:)` says of the request.
    func accepts(_ request: WebhookRequest, _ form: FormView?) -> Bool {
        let method = request.method
        guard method == "GET" || method == "POST" else { return false }
        var suffix: [UInt8] = []
        if method == "POST" {
            if let form {
                suffix.reserveCapacity(request.body.count)
                form.appendSorted(to: &suffix)
            } else if !Self.bodyIsNamed(in: request) {
                return false
            }
        }
        return accepts(suffix, of: request)
    }

    /// Whether the signature belongs to the target and the sorted form, behind one of the origins.
    private func accepts(_ suffix: [UInt8], of request: WebhookRequest) -> Bool {
        guard let header = request.header("X-Twilio-Signature"), header.utf8.count <= 64,
            let given = Base64.decode(header)
        else { return false }
        let keys = keys(for: request.header("X-Twilio-Webhooks-Signature-Settings"))
        var target = request.target
        let keepsPath = !publicPath.isEmpty && request.target.hasPrefix(publicPath + "/")
        var message: [UInt8] = []
        for origin in keepsPath ? origins + bareOrigins : origins {
            message.removeAll(keepingCapacity: true)
            message.reserveCapacity(origin.count + target.utf8.count + suffix.count)
            message += origin
            target.withUTF8 { message.append(contentsOf: $0) }
            message += suffix
            for key in keys where constantTimeEquals(key.code(message), given) { return true }
        }
        return false
    }

    /// - Parameter header: the signature's settings, which nearly no request has.
    private func keys(for header: String?) -> [HMACKey] {
        guard let header else { return required == .sha1 ? tokens : [] }
        let settings = SignatureSettings(header)
        return switch SignatureAlgorithm(rawValue: settings.algorithm.uppercased()) {
        case .sha1: required == .sha1 ? tokens : []
        case .sha256: sharedKeys[settings.key].map { [$0] } ?? []
        case nil: []
        }
    }

    private static func forms(of url: String) -> [[UInt8]] { (SignedURL(url)?.forms ?? []).map { Array($0.utf8) } }

    // MARK: the body

    /// The parameters of a POST whose body is a form or empty; `nil` for any other request.
    static func form(of request: WebhookRequest) -> FormView? {
        request.method == "POST" && isForm(request) ? FormView(parsing: request.body) : nil
    }

    static func isForm(_ request: WebhookRequest) -> Bool {
        guard var type = request.header("Content-Type") else { return request.body.isEmpty }
        if type == "application/x-www-form-urlencoded" { return true }
        // Bytes: by characters this one comparison took a third of a webhook's time.
        return type.withUTF8 { type in
            let end = type.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: " ") } ?? type.count
            guard end > 0 else { return request.body.isEmpty }
            return end == formType.count
                && (0..<end).allSatisfy { index in
                    let byte = type[index]
                    return ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == formType[index]
                }
        }
    }

    private static let formType = Array("application/x-www-form-urlencoded".utf8)

    /// Any other body must be named by its hash in the signed URL, or a signed URL could be replayed with another body.
    private static func bodyIsNamed(in request: WebhookRequest) -> Bool {
        let named = Form(query: request.query).all("bodySHA256")
        guard named.count == 1, let given = Hex.decode(named[0]) else { return false }
        return constantTimeEquals(HashAlgorithm.sha256.digest(request.body), given)
    }
}
