import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import Simulator

@Suite("Signatures and URLs of webhooks")
struct SignatureTests {
    static func fixture(_ name: String, file: String = #filePath) throws -> JSONValue {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(folder)/Fixtures/\(name)"))
        return try JSONValue(parsing: Array(data))
    }

    @Test("the published vectors come out the same")
    func vectors() throws {
        let vectors = try Self.fixture("twilio-signature-vectors.json")["vectors"]?.array ?? []
        #expect(vectors.count > 20)
        for vector in vectors {
            let isForm = vector["content_type"]?.string == "application/x-www-form-urlencoded"
            let form = !isForm ? [] : (vector["params"]?.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }
            let url = vector["signed_url"]?.string ?? vector["url"]?.string ?? ""
            let key = vector["auth_token"]?.string ?? ""
            let id = vector["id"]?.string ?? ""
            let sha1 = WebhookSigner.signature(url: url, form: form, key: key, algorithm: .sha1)
            #expect(sha1 == vector["expected_sha1"]?.string, "\(id)")
            let sha256 = WebhookSigner.signature(url: url, form: form, key: key, algorithm: .sha256)
            #expect(sha256 == vector["expected_sha256"]?.string, "\(id)")
        }
    }

    @Test("a webhook is signed over the URL without its fragment; the script can ask for SHA-256")
    func header() throws {
        for isSHA256 in [false, true] {
            let bench = try SimulatorBench(isSHA256 ? ["signature": "sha256"] : [:])
            bench.message([
                ("To", "+447700900142"), ("From", "+41791234567"), ("Body", "x"),
                ("StatusCallback", "https://app.example/s?a=1#rc=2&rt=5000"),
            ])
            bench.settle()
            let request = try #require(bench.hooks.first?.request)
            #expect(request.url == "https://app.example/s?a=1")
            #expect(request.timeout == 5000)
            let expected = WebhookSigner.signature(
                url: "https://app.example/s?a=1", form: bench.hooks[0].form.fields.map { ($0.name, $0.value) },
                key: isSHA256 ? "secret" : "token", algorithm: isSHA256 ? .sha256 : .sha1)
            #expect(request.headers[first: "X-Twilio-Signature"] == expected)
            let settings = request.headers[first: "X-Twilio-Webhooks-Signature-Settings"]
            #expect((settings?.hasSuffix("algorithm=HMAC_SHA256") ?? false) == isSHA256)
        }
    }

    @Test("a failed connection is tried again with the same idempotency token, then the fallback is asked")
    func retry() throws {
        let bench = try SimulatorBench([
            "numbers": [
                "+41791234567": ["sms_url": "https://a.example/x#rc=2", "sms_fallback_url": "https://b.example/y"]
            ]
        ])
        bench.application = { hook in
            (1, hook.request.url == "https://a.example/x" ? .failure(.connect) : .success(.twiml("")))
        }
        bench.control("POST", "phones/+447700900142/text", ["to": "+41791234567", "body": "hi"])
        bench.settle()
        #expect(
            bench.hooks.map(\.request.url) == [String](repeating: "https://a.example/x", count: 3) + [
                "https://b.example/y"
            ])
        let tokens = bench.hooks.map { $0.request.headers[first: "I-Twilio-Idempotency-Token"] }
        #expect(Set(tokens.prefix(3)).count == 1 && tokens[3] != tokens[0])
        #expect(bench.hooks.last?.form["ErrorCode"] == "11205")
        #expect(bench.hooks.last?.form["ErrorUrl"] == "https://a.example/x")
    }

    @Test(
        "relative URLs resolve against the document's",
        arguments: [
            ("/b?x=1", "https://h.example/b?x=1"), ("b", "https://h.example/a/b"),
            ("?q=2", "https://h.example/a/c?q=2"),
            ("../d", "https://h.example/d"), ("../../../d", "https://h.example/d"),
            ("//o.example/e", "https://o.example/e"),
            ("http://z.example/", "http://z.example/"), ("", "https://h.example/a/c?p=1"),
            ("./f/.", "https://h.example/a/f/"),
        ])
    func resolution(reference: String, expected: String) {
        #expect(WebhookTarget.resolve(reference, against: "https://h.example/a/c?p=1#frag") == expected)
    }

    @Test("segments are counted as the vectors say")
    func segments() throws {
        let vectors = try Self.fixture("sms-segments.json")["vectors"]?.array ?? []
        #expect(vectors.count > 30)
        for vector in vectors {
            guard let text = vector["text"]?.string, let expected = vector["segments"]?.int else { continue }
            #expect(SegmentCounter.segments(text) == Int(expected), "\(vector["id"]?.string ?? "")")
        }
    }
}
