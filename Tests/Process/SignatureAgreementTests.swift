import Crypto
import Forms
import HTTP
import JSON
import Testing

extension ProcessTests {
    /// The official SDK signs and judges; the gateway has to come to the same verdict over its listener.
    @Suite("the gateway and the official SDK agree about signatures", .serialized)
    struct SignatureAgreementTests {
        private static let form: [(String, String)] = [
            ("MessageSid", "SM0123456789abcdef0123456789abcdef"), ("From", "+41791112233"), ("To", "+41791234567"),
            ("Body", "Grüezi ☎ & a=b + 100%\nsecond line"), ("NumMedia", "0"), ("Empty", ""),
        ]
        private static let shared = "webhooks_sharedkey_0123456789abcdef"

        /// One webhook as it arrives, and what is said about its signature.
        private struct Case {
            var name: String
            var url: String
            var fields = SignatureAgreementTests.form
            /// A body that is no form, instead of the fields.
            var text: String?
            /// Told to the script only.
            var changes: JSONObject = [:]

            var json: JSONValue {
                var value: JSONObject = [
                    "url": .string(url), "fields": text.map(JSONValue.string) ?? Self.json(fields),
                ]
                for (key, change) in changes.members { value[key] = change }
                return .object(value)
            }

            static func json(_ fields: [(String, String)]) -> JSONValue {
                .array(fields.map { [.string($0.0), .string($0.1)] })
            }
        }

        private func cases(_ base: String) -> [Case] {
            let url = base + "/webhooks/twilio/sms"
            let authority = base.dropFirst("http://".count)
            let withoutPort = "http://" + (authority.split(separator: ":").first ?? "") + "/webhooks/twilio/sms"
            let doubled = Self.form + [("Body", "again"), ("Body", "again"), ("a", "2"), ("A", "1"), ("é", "x")]
            let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
            func signed(_ other: String) -> JSONObject { ["signed_url": .string(other)] }
            func signedFields(_ fields: [(String, String)]) -> JSONObject { ["signed_fields": Case.json(fields)] }
            return [
                Case(name: "as it is", url: url),
                Case(
                    name: "another order of fields", url: url, fields: Self.form.reversed(),
                    changes: signedFields(Self.form)),
                Case(name: "repeated names", url: url, fields: doubled),
                Case(name: "a query", url: url + "?t=1&u=%20x&v=a+b&w=%C3%BC"),
                Case(name: "no fields", url: url, fields: []),
                Case(name: "signed without the port", url: url, changes: signed(withoutPort)),
                Case(name: "signed for https", url: url, changes: signed("https" + url.dropFirst(4))),
                Case(
                    name: "signed for another port", url: url,
                    changes: signed(withoutPort.replacing("/webhooks", with: ":1/webhooks"))),
                Case(name: "signed for another path", url: url, changes: signed(base + "/webhooks/twilio/whatsapp")),
                Case(name: "signed without the query", url: url + "?x=1", changes: signed(url)),
                Case(name: "signed with another query", url: url + "?u=%20x", changes: signed(url + "?u=+x")),
                Case(name: "a slash more", url: url, changes: signed(url + "/")),
                Case(
                    name: "another value", url: url,
                    changes: signedFields([("Body", "changed")] + Self.form.filter { $0.0 != "Body" })),
                Case(
                    name: "a field more", url: url, fields: Self.form + [("Extra", "1")],
                    changes: signedFields(Self.form)),
                Case(name: "a field less", url: url, changes: signedFields(Self.form + [("Extra", "1")])),
                Case(
                    name: "another case of a name", url: url,
                    changes: signedFields([("body", "x")] + Self.form.filter { $0.0 != "Body" })),
                Case(name: "another token", url: url, changes: ["token": "0123456789abcdef0123456789abcdef"]),
                Case(name: "no token", url: url, changes: ["token": ""]),
                Case(name: "an empty signature", url: url, changes: ["signature": ""]),
                Case(name: "a signature of zeros", url: url, changes: ["signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="]),
                Case(name: "not base64", url: url, changes: ["signature": "not base64 at all, really!!"]),
                Case(name: "a body named by its hash", url: url + "?bodySHA256=" + hash, text: "hello"),
                Case(name: "another body than the one named", url: url + "?bodySHA256=" + hash, text: "hellO"),
            ]
        }

        private func judge(_ cases: [Case], _ secret: String, _ folder: Folder) throws -> [JSONValue] {
            let program = try Python.start(
                "judge.py", [JSONValue.array(cases.map(\.json)).text], environment: ["SIGNING_SECRET": secret],
                in: folder)
            guard try program.wait() == 0 else { throw Failure(program.errorOutput) }
            return try JSONValue(parsing: Array(program.output.utf8)).array ?? []
        }

        private func status(_ entry: Case, _ signature: String, _ settings: String?) throws -> Int {
            let type = entry.text == nil ? "application/x-www-form-urlencoded" : "application/json"
            var headers = [("Content-Type", type), ("X-Twilio-Signature", signature)]
            if let settings { headers.append(("X-Twilio-Webhooks-Signature-Settings", settings)) }
            let body = entry.text.map { Array($0.utf8) } ?? Form(entry.fields).encode()
            return try Web.send(try Web.request("POST", entry.url, headers: headers, body: body)).status
        }

        @Test(
            "what the SDK accepts is accepted and what it refuses is refused, with both algorithms",
            arguments: ["sha1", "sha256"])
        func agree(_ algorithm: String) throws {
            let folder = try Folder()
            let secret = "f1e2d3c4b5a697887766554433221100"
            let isShared = algorithm == "sha256"
            let yaml = Setup(api: "http://127.0.0.1:9").yaml.replacing(
                "api: http",
                with: isShared
                    ? "signature: sha256\n    shared_key_id: \(Self.shared)\n    shared_key_secret: \(secret)\n    api: http"
                    : "api: http")
            let gateway = try RunningGateway(
                yaml,
                environment: [
                    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
                    "TWILIO_AUTH_TOKEN": isShared ? "another secret of 32 characters.." : secret,
                ])
            var cases = cases(gateway.publicURL)
            if isShared { for index in cases.indices { cases[index].changes["algorithm"] = "HMAC_SHA256" } }
            let verdicts = try judge(cases, secret, folder)
            try #require(verdicts.count == cases.count)
            let settings = isShared ? "key=\(Self.shared),algorithm=HMAC_SHA256" : nil
            for (entry, verdict) in zip(cases, verdicts) {
                let status = try status(entry, verdict["signature"]?.string ?? "", settings)
                #expect((status != 403) == verdict["valid"]?.bool, "\(entry.name): \(status), the SDK says \(verdict)")
            }
            let valid = verdicts.count { $0["valid"]?.bool == true }
            #expect((5..<cases.count).contains(valid), "both verdicts occur")
            // Whatever was refused left nothing behind; what was taken is one message under one SID.
            #expect(try gateway.call("GET", "/v1/inbound").json["data"]?.array?.count == 1)
        }

        @Test("random forms with Unicode, empty and repeated values: the same verdict, as they are and changed")
        func random() throws {
            let secret = "f1e2d3c4b5a697887766554433221100"
            let gateway = try RunningGateway(
                Setup(api: "http://127.0.0.1:9").yaml,
                environment: [
                    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef", "TWILIO_AUTH_TOKEN": secret,
                ])
            var forms = RandomForms(seed: 20_261_127)
            let cases = (0..<160).map { number in
                let fields = forms.form()
                var entry = Case(
                    name: "form \(number)", url: gateway.publicURL + "/webhooks/twilio/sms" + forms.query(),
                    fields: fields)
                if number % 2 == 1 { entry.changes = ["signed_fields": Case.json(forms.changed(fields))] }
                return entry
            }
            let verdicts = try judge(cases, secret, Folder())
            try #require(verdicts.count == cases.count)
            for (entry, verdict) in zip(cases, verdicts) {
                let status = try status(entry, verdict["signature"]?.string ?? "", nil)
                #expect(
                    (status != 403) == verdict["valid"]?.bool,
                    "\(entry.name): \(status), the SDK says \(verdict); \(entry.json.text)")
            }
            let valid = verdicts.count { $0["valid"]?.bool == true }
            #expect((80..<110).contains(valid), "half of them are as they were signed, and few changes change nothing")
        }
    }
}

/// Forms as no provider sends them: every kind of character, empty, repeated and doubled fields.
private struct RandomForms {
    private var random: SeededRandom
    private static let names = ["Body", "body", "From", "NumMedia", "é", "e\u{301}", "A B", "a&b=c", "日本", "%41", "+"]
    private static let pieces = [
        "a", "Z", "0", " ", "+", "%", "%41", "&", "=", "\n", "\r\n", "\t", "ü", "u\u{308}", "€", "日本", "😀", "👩‍👩‍👧",
        "\u{7F}",
        "\u{A0}", "\u{FEFF}", "'", "\"", "<", "\\", "\u{1}",
    ]

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func form() -> [(String, String)] {
        var fields = [("MessageSid", "SM0123456789abcdef0123456789abcdef"), ("To", "+41791234567")]
        for _ in 0..<Int.random(in: 0...9, using: &random) {
            let field = (Self.names.randomElement(using: &random) ?? "", value())
            fields.append(field)
            if Bool.random(using: &random) { fields.append(Bool.random(using: &random) ? field : (field.0, value())) }
        }
        return fields.shuffled(using: &random)
    }

    mutating func query() -> String {
        // Not a bare `?`: the SDK drops it and then refuses what it signed itself.
        ["", "", "?t=1", "?a=b+c&a=%20", "?%C3%BC=%F0%9F%98%80"].randomElement(using: &random) ?? ""
    }

    private mutating func value() -> String {
        (0..<Int.random(in: 0...12, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? "" }
            .joined()
    }

    /// One field more, less or otherwise, or the same in another order.
    mutating func changed(_ fields: [(String, String)]) -> [(String, String)] {
        var fields = fields
        let place = fields.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0...4, using: &random) {
        case 0: fields.remove(at: place)
        case 1: fields.append((fields[place].0, value() + "!"))
        case 2: fields[place].1 += " "
        case 3: fields[place].0 = fields[place].0.uppercased() + "_"
        default: fields.append(fields[place])
        }
        return fields
    }
}
