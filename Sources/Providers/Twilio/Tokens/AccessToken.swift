import Crypto
import JSON

/// A token that lets a client into Twilio's products: a JWT (RFC 7519) signed with HS256 by an API key.
struct AccessToken: Sendable, Hashable {
    /// `AC…`.
    var accountSid: String
    /// `SK…`.
    var keySid: String
    /// Unix seconds; part of the token's id.
    var now: Int64
    /// Unix seconds.
    var expires: Int64
    /// Unix seconds before which it is not valid; left out when `nil`.
    var notBefore: Int64?
    /// Who holds it.
    var identity: String?
    /// `video`, `voice`, `chat`, `data_sync`, `task_router`.
    var grants: JSONObject = [:]
    /// Such as `ie1`; left out when `nil`.
    var region: String?

    /// A token without grants, valid from `now`.
    init(accountSid: String, keySid: String, now: Int64, expires: Int64) {
        self.accountSid = accountSid
        self.keySid = keySid
        self.now = now
        self.expires = expires
        notBefore = now
    }

    /// The JOSE header.
    var header: JSONValue {
        var header: JSONObject = ["alg": "HS256", "cty": "twilio-fpa;v=1"]
        if let region { header["twr"] = .string(region) }
        header["typ"] = "JWT"
        return .object(header)
    }

    /// The claims. Absent members are left out, never null.
    var payload: JSONValue {
        var grants = grants
        if let identity { grants["identity"] = .string(identity) }
        var payload: JSONObject = [
            "jti": .string("\(keySid)-\(now)"), "grants": .object(grants), "iss": .string(keySid),
            "exp": .integer(expires),
        ]
        if let notBefore { payload["nbf"] = .integer(notBefore) }
        payload["sub"] = .string(accountSid)
        return .object(payload)
    }

    /// The compact form.
    func signed(secret: String) -> String {
        Self.sign(header: header.bytes(), payload: payload.bytes(), secret: secret)
    }

    /// Signs two documents as they stand.
    static func sign(header: [UInt8], payload: [UInt8], secret: String) -> String {
        let text = Base64.encodeURL(header) + "." + Base64.encodeURL(payload)
        let code = MessageCode.hmac(.sha256, key: Array(secret.utf8), Array(text.utf8))
        return text + "." + Base64.encodeURL(code)
    }
}
