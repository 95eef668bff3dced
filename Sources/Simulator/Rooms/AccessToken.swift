import Crypto
import JSON

/// Checks access tokens: JSON Web Tokens (RFC 7519) signed with HS256 and the secret of the API key.
struct AccessToken {
    let identity: String
    /// The name or identifier of the room that the token opens; nil: any.
    let room: String?

    /// Why a token is refused: the provider's code.
    struct Failure: Error, Equatable {
        let code: Int
        let reason: String
    }

    /// Reads and checks a token for video.
    /// - Parameter now: Unix milliseconds; 60 seconds of difference between clocks are granted.
    init(_ text: String, credentials: SimulatorCredentials, now: Int64) throws(Failure) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64.decodeURL(parts[2]),
            let header = Self.object(parts[0]), let payload = Self.object(parts[1])
        else { throw Failure(code: 20101, reason: "the token is no JWT") }
        guard header["alg"]?.string == "HS256", header["typ"]?.string == "JWT",
            header["cty"]?.string == "twilio-fpa;v=1"
        else { throw Failure(code: 20102, reason: "the header is not typ JWT, alg HS256, cty twilio-fpa;v=1") }
        guard payload["iss"]?.string == credentials.keySID, payload["sub"]?.string == credentials.accountSID else {
            throw Failure(code: 20103, reason: "issuer or subject are not the key and the account")
        }
        let code = MessageCode.hmac(
            .sha256, key: Array(credentials.keySecret.utf8), Array("\(parts[0]).\(parts[1])".utf8))
        guard constantTimeEquals(code, signature) else { throw Failure(code: 20107, reason: "the signature is wrong") }
        try Self.checkTimes(payload, seconds: now / 1000)
        guard let grants = payload["grants"], let identity = grants["identity"]?.string, !identity.isEmpty,
            let video = grants["video"]?.object
        else { throw Failure(code: 20106, reason: "there is no identity or no video grant") }
        self.identity = identity
        room = video["room"]?.string
    }

    private static func checkTimes(_ payload: JSONObject, seconds: Int64) throws(Failure) {
        guard let expiry = payload["exp"]?.int else { throw Failure(code: 20101, reason: "there is no exp") }
        if expiry <= seconds { throw Failure(code: 20104, reason: "the token is expired") }
        if expiry - 86_400 > seconds + 60 {
            throw Failure(code: 20157, reason: "the token lives for more than 24 hours")
        }
        if let start = payload["nbf"]?.int, start > seconds + 60 {
            throw Failure(code: 20105, reason: "the token is not valid yet")
        }
    }

    private static func object(_ part: Substring) -> JSONObject? {
        Base64.decodeURL(part).flatMap { try? JSONValue(parsing: $0).object }
    }
}
