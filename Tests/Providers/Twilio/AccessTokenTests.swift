import Crypto
import Gateway
import JSON
import Testing

@testable import TwilioProvider

@Suite("Access tokens")
struct AccessTokenTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        let value: JSONValue
        var testDescription: String { value["id"]?.string ?? "" }
    }

    static let vectors = Fixtures.entries("access-token-vectors.json", "vectors").map(Vector.init)

    private func meta(_ key: String) throws -> String {
        try #require(try Fixtures.json("access-token-vectors.json")["meta"]?[key]?.string)
    }

    @Test("the vector file is there")
    func fixture() { #expect(Self.vectors.count == 4) }

    @Test("the exact bytes of a vector get its signature", arguments: vectors)
    func signature(_ vector: Vector) throws {
        let header = Array(try #require(vector.value["header_json"]?.string).utf8)
        let payload = Array(try #require(vector.value["payload_json"]?.string).utf8)
        let jwt = AccessToken.sign(header: header, payload: payload, secret: try meta("secret"))
        #expect(jwt == vector.value["jwt"]?.string)
    }

    @Test("a token of a vector's inputs has its header and claims, and a signature that holds", arguments: vectors)
    func claims(_ vector: Vector) throws {
        let payload = try #require(vector.value["payload"])
        var grants = try #require(payload["grants"]?.object)
        var token = AccessToken(
            accountSid: try meta("account_sid"), keySid: try meta("signing_key_sid"),
            now: try #require(vector.value["now"]?.int), expires: try #require(payload["exp"]?.int))
        token.notBefore = payload["nbf"]?.int
        token.identity = grants["identity"]?.string
        token.region = vector.value["header"]?["twr"]?.string
        grants["identity"] = nil
        token.grants = grants
        #expect(token.header.canonical == vector.value["header"]?.canonical)
        #expect(token.payload.canonical == payload.canonical)
        let parts = token.signed(secret: try meta("secret")).split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let code = MessageCode.hmac(
            .sha256, key: Array(try meta("secret").utf8), Array((parts[0] + "." + parts[1]).utf8))
        #expect(Base64.decodeURL(parts[2]) == code)
        let claims = try JSONValue(parsing: try #require(Base64.decodeURL(parts[1])))
        #expect(claims.canonical == payload.canonical)
    }

    @Test("a participant's token names identity and room and lives as long as asked")
    func participant() throws {
        let jwt = try Fixtures.provider().participantToken(
            identity: "José", room: "boat-7", lifetime: .seconds(600), now: Timestamp(milliseconds: 1_760_000_000_999))
        let parts = jwt.split(separator: ".").map(String.init)
        let claims = try JSONValue(parsing: try #require(Base64.decodeURL(parts[1])))
        #expect(claims["grants"]?.canonical == ["identity": "José", "video": ["room": "boat-7"]])
        #expect(claims["nbf"]?.int == 1_760_000_000)
        #expect(claims["exp"]?.int == 1_760_000_600)
        #expect(claims["iss"]?.string == "SK00000000000000000000000000000002")
        #expect(claims["sub"]?.string == Fixtures.accountSid)
    }

    @Test("no token without an API key, without an identity, or for longer than a day")
    func refused() throws {
        func code(_ lifetime: Duration, identity: String = "a", key: String? = "SK1") throws -> String? {
            let provider = try Fixtures.provider {
                $0.apiKeySid = key
                $0.apiKeySecret = key
            }
            do {
                _ = try provider.participantToken(
                    identity: identity, room: "r", lifetime: lifetime, now: Timestamp(milliseconds: 0))
                return nil
            } catch { return error.code }
        }
        #expect(try code(.seconds(60)) == nil)
        #expect(try code(.seconds(86_400)) == nil)
        #expect(try code(.seconds(86_401)) == "bad_lifetime")
        #expect(try code(.zero) == "bad_lifetime")
        #expect(try code(.seconds(60), identity: "") == "bad_identity")
        #expect(try code(.seconds(60), key: nil) == "missing_api_key")
    }
}
