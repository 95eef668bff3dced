import Crypto
import Forms
import Gateway

/// Twilio: messages over SMS and WhatsApp, calls, and video rooms.
///
/// A value without I/O; the shell makes the exchanges. Thread-safe.
public struct Twilio: Provider {
    /// The name under `providers:`.
    public let name: String
    let settings: TwilioSettings
    let endpoints: TwilioEndpoints
    /// Basic authentication of the account.
    let signIn: ProviderField
    /// The header of a query, and of a form.
    let queryHeaders: [ProviderField]
    let formHeaders: [ProviderField]
    let links: WebhookLinks
    let hooks: TwilioWebhooks

    /// Checks the settings.
    /// - Throws: `missing_credentials`, `bad_account_sid`, `bad_base_url`, `bad_public_url`, `missing_shared_key`.
    public init(_ settings: TwilioSettings) throws(ProviderError) {
        try Self.check(settings)
        name = settings.name
        self.settings = settings
        endpoints = TwilioEndpoints(baseURL: settings.baseURL, accountSid: settings.accountSid)
        signIn = Self.authorization(settings)
        queryHeaders = [signIn, ProviderField("Accept", "application/json")]
        formHeaders = queryHeaders + [ProviderField("Content-Type", "application/x-www-form-urlencoded")]
        links = WebhookLinks(name: settings.name, publicURL: settings.publicURL)
        hooks = TwilioWebhooks(settings: settings, links: links)
    }

    /// Everything that it can carry.
    public var kinds: Set<ChannelKind> { [.sms, .whatsapp, .voice, .video] }

    /// Paths below `/webhooks/{name}`, and `/twiml/…` for the provider that is named `twilio`.
    public var webhooks: ProviderWebhooks { hooks }

    /// Bytes for a create request.
    /// - Throws: `empty_message`, `too_long`, `too_many_media`, `unsupported_kind`, `missing_number`, `bad_room_name`,
    ///   `bad_room_size`: what Twilio would refuse anyway.
    public func request(for outbound: OutboundRequest) throws(ProviderError) -> ProviderRequest {
        switch outbound {
        case .message(let message): try request(for: message)
        case .call(let call): try request(for: call)
        case .room(let room): try request(for: room)
        }
    }

    // MARK: settings

    private static func check(_ settings: TwilioSettings) throws(ProviderError) {
        guard !settings.authToken.isEmpty, !settings.accountSid.isEmpty else {
            throw ProviderError("missing_credentials", "account SID and auth token must be set")
        }
        guard (settings.apiKeySid ?? "").isEmpty == (settings.apiKeySecret ?? "").isEmpty else {
            throw ProviderError("missing_credentials", "an API key needs both its SID and its secret")
        }
        guard isSid(settings.accountSid, prefix: "AC") else {
            throw ProviderError("bad_account_sid", "an account SID is AC and 32 hexadecimal digits")
        }
        guard isURL(settings.baseURL, plain: settings.acceptsPlainHTTP) else {
            throw ProviderError("bad_base_url", "the API's base must be an https URL without query")
        }
        guard isURL(settings.publicURL, plain: settings.acceptsPlainHTTP) else {
            throw ProviderError("bad_public_url", "the public URL must be an https URL without query")
        }
        guard settings.requiredAlgorithm == .sha1 || !settings.sharedKeys.isEmpty else {
            throw ProviderError("missing_shared_key", "HMAC_SHA256 needs at least one shared key")
        }
    }

    private static func isURL(_ text: String, plain: Bool) -> Bool {
        let rest: Substring
        if text.hasPrefix("https://") {
            rest = text.dropFirst(8)
        } else if plain, text.hasPrefix("http://") {
            rest = text.dropFirst(7)
        } else {
            return false
        }
        return !rest.isEmpty && rest.first != "/"
            && rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 }
    }

    /// Two letters and 32 hexadecimal digits (OpenAPI of 2026-04: `^[A-Z]{2}[0-9a-fA-F]{32}$`).
    static func isSid(_ text: String, prefix: String? = nil) -> Bool {
        guard text.utf8.count == 34 else { return false }
        if let prefix, !text.hasPrefix(prefix) { return false }
        var text = text
        return text.withUTF8 { bytes in
            for byte in bytes[..<2] where !(65...90).contains(byte) { return false }
            for byte in bytes[2...] {
                guard (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte) else {
                    return false
                }
            }
            return true
        }
    }

    private static func authorization(_ settings: TwilioSettings) -> ProviderField {
        let hasKey = !(settings.apiKeySid ?? "").isEmpty
        let user = hasKey ? settings.apiKeySid ?? "" : settings.accountSid
        let secret = hasKey ? settings.apiKeySecret ?? "" : settings.authToken
        return ProviderField("Authorization", "Basic " + Base64.encode(Array((user + ":" + secret).utf8)))
    }
}
