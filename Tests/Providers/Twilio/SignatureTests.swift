import Crypto
import Forms
import Gateway
import JSON
import Testing

@testable import TwilioProvider

@Suite("Webhook signatures")
struct SignatureTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        let value: JSONValue

        subscript(key: String) -> String { value[key]?.string ?? "" }
        var testDescription: String { self["id"] }

        /// The request as it comes over the wire.
        func request(signature: String, settings: String?) -> WebhookRequest {
            var headers = [ProviderField("X-Twilio-Signature", signature)]
            if let settings { headers.append(ProviderField("X-Twilio-Webhooks-Signature-Settings", settings)) }
            let url = self["url"]
            let target = SignedURL(url)?.target ?? ""
            let method = value["method"]?.string ?? "POST"
            var body = Array((value["body"]?.string ?? "").utf8)
            if let type = value["content_type"]?.string {
                headers.append(ProviderField("Content-Type", type))
            } else if method == "POST" {
                let type = value["body"] == nil ? "application/x-www-form-urlencoded" : "application/json"
                headers.append(ProviderField("Content-Type", type))
            }
            let fields = (value["params"]?.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }
            if value["body"]?.string == nil, method == "POST" { body = Form(fields).encode() }
            return WebhookRequest(method: method, target: target, headers: headers, body: body)
        }

        /// A verifier for the URL's origin.
        func verifier(_ change: (inout TwilioSettings) -> Void = { _ in }) -> SignatureVerifier {
            var settings = Fixtures.settings
            settings.authToken = self["auth_token"]
            settings.sharedKeys = ["shared": self["auth_token"]]
            change(&settings)
            let url = self["url"]
            let origin = String(url.dropLast(SignedURL(url)?.target.utf8.count ?? 0))
            return SignatureVerifier(settings: settings, publicURL: origin)
        }
    }

    static let valid = Fixtures.entries("twilio-signature-vectors.json", "vectors").map(Vector.init)
    static let invalid = Fixtures.entries("twilio-signature-vectors.json", "negative").map(Vector.init)

    @Test("the vector files are there")
    func fixtures() {
        #expect(Self.valid.count == 26)
        #expect(Self.invalid.count == 10)
    }

    @Test("a SHA-1 signature of every vector is accepted, and not when one byte of it differs", arguments: valid)
    func sha1(_ vector: Vector) {
        let request = vector.request(signature: vector["expected_sha1"], settings: nil)
        #expect(vector.verifier().accepts(request))
        let first = vector["expected_sha1"].first == "A" ? "B" : "A"
        let forged = vector.request(signature: first + vector["expected_sha1"].dropFirst(), settings: nil)
        #expect(!vector.verifier().accepts(forged))
        #expect(!vector.verifier { $0.authToken = "other" }.accepts(request))
    }

    @Test("a SHA-256 signature of every vector is accepted with the shared key's id", arguments: valid)
    func sha256(_ vector: Vector) {
        let settings = "key=shared,algorithm=HMAC_SHA256"
        let request = vector.request(signature: vector["expected_sha256"], settings: settings)
        #expect(vector.verifier { $0.requiredAlgorithm = .sha256 }.accepts(request))
        #expect(!vector.verifier { $0.sharedKeys = ["another": vector["auth_token"]] }.accepts(request))
    }

    @Test("a request cannot choose SHA-1 where SHA-256 is required", arguments: valid)
    func downgrade(_ vector: Vector) {
        let request = vector.request(signature: vector["expected_sha1"], settings: nil)
        #expect(!vector.verifier { $0.requiredAlgorithm = .sha256 }.accepts(request))
    }

    @Test("a tampered, stripped or wrongly labelled request is refused", arguments: invalid)
    func refused(_ vector: Vector) {
        let settings = "key=shared,algorithm=" + vector["algorithm"]
        let request = vector.request(signature: vector["signature"], settings: settings)
        #expect(!vector.verifier().accepts(request))
    }

    @Test("the settings header is read with blanks, and defaults to SHA-1")
    func settingsHeader() throws {
        let rows = Fixtures.entries("twilio-signature-vectors.json", "settings_header")
        #expect(rows.count == 7)
        for row in rows {
            #expect(SignatureSettings(row["header"]?.string).algorithm == row["algorithm"]?.string)
        }
    }

    @Test("a URL is tried without a port and with one")
    func portForms() throws {
        let rows = Fixtures.entries("twilio-signature-vectors.json", "port_forms")
        #expect(rows.count == 7)
        for row in rows {
            let url = try #require(SignedURL(row["url"]?.string ?? ""))
            #expect(url.withPort == row["with_port"]?.string)
            #expect(url.withoutPort == row["without_port"]?.string)
        }
    }

    @Test("the secondary token verifies while it is configured")
    func secondary() throws {
        let request = WebhookSigner(token: "next").post("/webhooks/twilio/sms/status?t=a", [("MessageStatus", "sent")])
        let without = SignatureVerifier(settings: Fixtures.settings, publicURL: Fixtures.publicURL)
        #expect(!without.accepts(request))
        var settings = Fixtures.settings
        settings.secondaryAuthToken = "next"
        #expect(SignatureVerifier(settings: settings, publicURL: Fixtures.publicURL).accepts(request))
    }

    @Test("a JSON body needs its hash in the signed URL")
    func jsonNeedsHash() throws {
        let target = "/webhooks/twilio/video/status"
        var request = WebhookSigner().get(target)
        request.method = "POST"
        request.headers.append(ProviderField("Content-Type", "application/json"))
        request.body = Array("{}".utf8)
        let verifier = SignatureVerifier(settings: Fixtures.settings, publicURL: Fixtures.publicURL)
        #expect(!verifier.accepts(request))
        request.headers.removeLast()
        #expect(!verifier.accepts(request))
    }

    @Test("a prefix that a proxy adds is found whether the gateway sees it or not")
    func proxyPrefix() throws {
        let signer = WebhookSigner(publicURL: "https://boats.example/gw")
        let verifier = SignatureVerifier(settings: Fixtures.settings, publicURL: "https://boats.example/gw")
        var request = signer.post("/webhooks/twilio/sms?x=1", [("Body", "é & +")])
        #expect(verifier.accepts(request))
        request.target = "/gw" + request.target
        #expect(verifier.accepts(request))
        request.target = "/other" + request.target
        #expect(!verifier.accepts(request))
    }

    @Test(
        "a form is told by its type, whatever its case and parameters",
        arguments: [
            ("application/x-www-form-urlencoded", true), ("Application/X-WWW-Form-Urlencoded ; charset=x", true),
            ("application/x-www-form-urlencoded;charset=UTF-8", true), ("application/x-www-form-urlencode", false),
            ("application/x-www-form-urlencodedx", false), ("application/json", false), ("", false),
        ])
    func formType(_ type: String, _ isForm: Bool) {
        let request = WebhookRequest(
            method: "POST", target: "/", headers: [ProviderField("Content-Type", type)], body: [0x61])
        #expect(SignatureVerifier.isForm(request) == isForm)
    }

    @Test("neither a missing nor a huge signature is looked at for long")
    func oddHeaders() {
        let verifier = SignatureVerifier(settings: Fixtures.settings, publicURL: Fixtures.publicURL)
        var request = WebhookRequest(method: "POST", target: "/webhooks/twilio/sms", headers: [], body: [])
        #expect(!verifier.accepts(request))
        request.headers = [ProviderField("X-Twilio-Signature", String(repeating: "A", count: 100_000))]
        #expect(!verifier.accepts(request))
        request.method = "PUT"
        #expect(!verifier.accepts(request))
    }
}
