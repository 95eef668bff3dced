import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Texts of handsets")
struct HandsetTextTests {
    private static let page = "https://app.example/sms"

    private func bench() throws -> SimulatorBench {
        let bench = try SimulatorBench()
        bench.send(
            "POST", SimulatorBench.account + "/IncomingPhoneNumbers.json",
            [("PhoneNumber", "+41791234567"), ("SmsUrl", Self.page)])
        return bench
    }

    private func write(_ bench: SimulatorBench, _ body: JSONValue) -> HTTPResponse {
        bench.control("POST", "phones/+447700900142/text", body)
    }

    /// The webhook of a WhatsApp message with some more keys.
    private func hook(_ more: JSONObject) throws -> SimulatorBench.Hook {
        let bench = try bench()
        var body: JSONObject = ["to": "whatsapp:+41791234567"]
        for (key, value) in more.members { body[key] = value }
        let answer = write(bench, .object(body))
        #expect(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
        bench.settle()
        return try #require(bench.hooks.last)
    }

    @Test(
        "a fact has the parameters that Twilio gives it, and its word for the type",
        arguments: [
            (
                ["location": ["latitude": 43.5147, "longitude": -16, "label": "Marina", "address": "Riva 1"]],
                [
                    "Latitude": "43.5147", "Longitude": "-16", "Label": "Marina", "Address": "Riva 1",
                    "MessageType": "location", "Body": "",
                ]
            ),
            (
                ["list": ["id": "w1", "title": "Warranty", "description": "What is left"]],
                [
                    "ListId": "w1", "ListTitle": "Warranty", "ListDescription": "What is left",
                    "MessageType": "interactive", "Body": "Warranty",
                ]
            ),
            (
                ["button": ["payload": "ok:1", "text": "Yes"]],
                ["ButtonPayload": "ok:1", "ButtonText": "Yes", "MessageType": "button", "Body": "Yes"]
            ),
            (["button": "ok:1"], ["ButtonPayload": "ok:1", "ButtonText": "ok:1", "Body": "ok:1"]),
            (
                [
                    "body": "hello",
                    "referral": [
                        "headline": "Yachts", "body": "Ask us", "source_type": "ad", "source_id": "1",
                        "source_url": "https://example.org/a", "media_id": "2", "media_url": "https://example.org/b",
                        "media_type": "image/png", "ctwa_clid": "c",
                    ],
                ],
                [
                    "ReferralHeadline": "Yachts", "ReferralBody": "Ask us", "ReferralSourceType": "ad",
                    "ReferralSourceId": "1", "ReferralSourceUrl": "https://example.org/a", "ReferralMediaId": "2",
                    "ReferralMediaUrl": "https://example.org/b", "ReferralMediaContentType": "image/png",
                    "ReferralCtwaClid": "c", "MessageType": "text", "Body": "hello",
                ]
            ),
            (
                ["body": "hello", "profile_name": "Ana", "user_id": "IT.1a2B"],
                ["ProfileName": "Ana", "ExternalUserId": "whatsapp:IT.1a2B", "MessageType": "text"]
            ),
            (
                ["body": "hello", "parameters": ["Forwarded": "true", "WaId": "99", "New": "a b & ü"]],
                ["Forwarded": "true", "WaId": "99", "New": "a b & ü"]
            ),
        ] as [(JSONObject, [String: String])])
    func facts(_ said: JSONObject, _ told: [String: String]) throws {
        let hook = try hook(said)
        for (name, value) in told { #expect(hook.form[name] == value, "\(name)") }
        // Each is there once, and all of it is signed.
        #expect(Set(hook.form.fields.map(\.name)).count == hook.form.fields.count)
        let signature = WebhookSigner.signature(
            url: Self.page, form: hook.form.fields.map { ($0.name, $0.value) },
            key: SimulatorBench.credentials.authToken, algorithm: .sha1)
        #expect(hook.request.headers[first: "X-Twilio-Signature"] == signature)
    }

    @Test("SMS carries other parameters as well")
    func sms() throws {
        let bench = try bench()
        #expect(write(bench, ["to": "+41791234567", "body": "a", "parameters": ["AddOns": "{}"]]).status == 201)
        bench.settle()
        #expect(bench.hooks.last?.form["AddOns"] == "{}")
    }

    @Test(
        "a mistake is told with its place, and nothing is sent",
        arguments: [
            ("{\"body\": \"a\"}", "invalid", "'to' is missing"), ("{\"to\": \"+41791234567\"}", "invalid", "'body'"),
            (bySMS("\"text\": [1]"), "script", "/text: 'body' is a text"),
            (bySMS("\"bdoy\": \"a\""), "script", "/bdoy: a text has no key 'bdoy'"),
            (bySMS("\"body\": \"a\", \"channel\": \"rcs\""), "script", "/channel: "),
            (
                bySMS("\"list\": {\"id\": \"a\", \"title\": \"b\"}"), "script",
                "/list: 'list' needs the channel whatsapp"
            ),
            (bySMS("\"button\": \"a\""), "script", "/button: 'button' needs the channel whatsapp"),
            (byWhatsApp("\"list\": {\"title\": \"b\"}"), "script", "/list: 'id' is missing"),
            (byWhatsApp("\"list\": \"b\""), "script", "/list: 'list' is a mapping"),
            (byWhatsApp("\"button\": {\"text\": \"b\"}"), "script", "/button: 'payload' is missing"),
            (byWhatsApp("\"location\": {\"latitude\": 1}"), "script", "/location: 'longitude' is missing"),
            (
                byWhatsApp("\"location\": {\"latitude\": 90.1, \"longitude\": 0}"), "script",
                "/location/latitude: 'latitude' is a number from -90 to 90"
            ),
            (byWhatsApp("\"location\": {\"latitude\": \"nan\", \"longitude\": 0}"), "script", "/location/latitude: "),
            (byWhatsApp("\"location\": {\"latitude\": 1, \"longitude\": 181}"), "script", "/location/longitude: "),
            (
                byWhatsApp("\"location\": {\"latitude\": 1, \"longitude\": 1, \"name\": \"a\"}"), "script",
                "/location/name: "
            ),
            (byWhatsApp("\"referral\": {\"title\": \"a\"}"), "script", "/referral/title: "),
            (byWhatsApp("\"body\": \"a\", \"user_id\": {}"), "script", "/user_id: "),
            (byWhatsApp("\"body\": \"a\", \"parameters\": {\"A B\": \"a\"}"), "script", "/parameters/A B: "),
            (byWhatsApp("\"body\": \"a\", \"parameters\": {\"A\": [1]}"), "script", "/parameters/A: "),
            (byWhatsApp("\"body\": \"a\", \"parameters\": [1]"), "script", "/parameters: "),
            (byWhatsApp("\"media\": \"a\""), "invalid", "'media' is a list"),
            ("[]", "invalid", "'to' is missing"),
        ])
    func mistakes(_ text: String, _ code: String, _ expected: String) throws {
        let bench = try bench()
        let answer = write(bench, try JSONValue(parsing: Array(text.utf8)))
        let json = try JSONValue(parsing: answer.body)
        let error = json["errors"]?[0]
        let said = error.map { "\($0["pointer"]?.string ?? ""): \($0["detail"]?.string ?? "")" }
        #expect(answer.status == 422 && json["code"]?.string == code)
        #expect((said ?? json["detail"]?.string ?? "").hasPrefix(expected), "\(json)")
        bench.settle()
        #expect(bench.hooks.isEmpty)
    }

    @Test("there are at most fifty parameters, each of at most 4096 bytes, and ten files")
    func bounds() throws {
        let bench = try bench()
        func parameters(_ count: Int, _ length: Int) -> JSONValue {
            .object(JSONObject((0..<count).map { ("P\($0)", .string(String(repeating: "x", count: length))) }))
        }
        for (count, length, status) in [(50, 4_096, 201), (51, 1, 422), (1, 4_097, 422)] {
            let body: JSONValue = ["to": "+41791234567", "body": "a", "parameters": parameters(count, length)]
            #expect(write(bench, body).status == status)
        }
        for (count, status) in [(10, 201), (11, 422)] {
            let files = Array(repeating: JSONValue.string("https://example.org/a.jpg"), count: count)
            #expect(write(bench, ["to": "+41791234567", "media": .array(files)]).status == status)
        }
    }
}

private func bySMS(_ more: String) -> String { "{\"to\": \"+41791234567\", \(more)}" }
private func byWhatsApp(_ more: String) -> String { "{\"to\": \"whatsapp:+41791234567\", \(more)}" }
