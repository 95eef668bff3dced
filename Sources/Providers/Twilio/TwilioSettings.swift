/// Everything the provider needs to know of an account. Secrets are in here: it has no readable description.
public struct TwilioSettings: Sendable, Hashable {
    /// The name under `providers:`; webhooks lie below `/webhooks/{name}`.
    public var name: String
    /// `AC…`, the account in every path.
    public var accountSid: String
    /// Signs webhooks, and signs in where there is no API key.
    public var authToken: String
    /// The token that is about to be promoted, or was the primary one until now.
    public var secondaryAuthToken: String?
    /// `SK…`; with `apiKeySecret` it signs in and mints access tokens.
    public var apiKeySid: String?
    /// The secret of `apiKeySid`.
    public var apiKeySecret: String?
    /// Secrets of webhook shared keys by id, for HMAC-SHA256.
    public var sharedKeys: [String: String]
    /// The weakest signature that is accepted; a request cannot choose a weaker one.
    public var requiredAlgorithm: SignatureAlgorithm
    /// `https://api.twilio.com` (product hosts are derived), or a base below which all products lie by path.
    public var baseURL: String
    /// The origin at which the provider reaches the webhooks, with a path prefix where a proxy adds one.
    public var publicURL: String
    /// Plain http is allowed in both URLs: only for a local stand-in.
    public var acceptsPlainHTTP: Bool

    /// An account at Twilio itself, named `twilio`, without an API key.
    public init(accountSid: String, authToken: String, publicURL: String) {
        name = "twilio"
        self.accountSid = accountSid
        self.authToken = authToken
        self.publicURL = publicURL
        sharedKeys = [:]
        requiredAlgorithm = .sha1
        baseURL = "https://api.twilio.com"
        acceptsPlainHTTP = false
    }
}

extension TwilioSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Name and account only.
    public var description: String { "TwilioSettings(\(name), \(accountSid))" }
    /// Name and account only.
    public var debugDescription: String { description }
    /// Name and account only.
    public var customMirror: Mirror { Mirror(self, children: ["name": name, "accountSid": accountSid]) }
}

/// How a webhook is signed.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// The account's auth token.
    case sha1 = "HMAC_SHA1"
    /// A shared key, named in `X-Twilio-Webhooks-Signature-Settings`.
    case sha256 = "HMAC_SHA256"
}
