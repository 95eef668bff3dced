import Foundation
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("strangers that follow the official SDK", .serialized)
    struct OfficialSDKTests {
        private static let account = "AC0123456789abcdef0123456789abcdef"
        private static let token = "f1e2d3c4b5a697887766554433221100"
        private static let credentials = ["TWILIO_ACCOUNT_SID": account, "TWILIO_AUTH_TOKEN": token]

        @Test("the alert falls back over a server of Twilio's shape, with only api: changed")
        func twilioShaped() throws {
            let folder = try Folder()
            let server = try Python.start("twilio_shaped.py", environment: Self.credentials, in: folder)
            let base = try server.firstLine()
            let yaml = try Setup.shipped { $0 = $0.replacingOccurrences(of: "api: simulator", with: "api: \(base)") }
            let gateway = try RunningGateway(yaml, environment: Self.credentials)
            let id = try gateway.accept([
                "to": "+447700900142", "topic": "warranty.expiring", "priority": "critical", "template": "warranty_due",
                "variables": [
                    "item": "Radar", "warranty_end": "2026-12-31", "claim_url": "https://navidocs.example/c",
                ],
            ])
            let message = try gateway.wait(for: id, ["acked"])
            let codes = message["deliveries"]?[0]?["attempts"]?.array?.map { $0["code"]?.int ?? 0 }
            #expect(codes == [63024, 30003, 0])
            // The last callback of the call comes after the acknowledgement.
            let log = try eventually("the end of the call") {
                let log = try Web.send(try Web.request("GET", base + "/log")).json
                return log["webhooks"]?.array?.last?["fields"]?["CallStatus"]?.string == "completed"
                    ? .some(log) : .none
            }
            let requests = log["requests"]?.array ?? []
            #expect(
                requests.map { $0["form"]?["To"]?.string } == [
                    "whatsapp:+447700900142", "+447700900142", "+447700900142",
                ])
            let folderOfAccount = "/2010-04-01/Accounts/\(Self.account)/"
            #expect(
                requests.map { $0["path"]?.string }
                    == ["Messages.json", "Messages.json", "Calls.json"].map { folderOfAccount + $0 })
            let webhooks = log["webhooks"]?.array ?? []
            #expect(webhooks.allSatisfy { [200, 204].contains($0["status"]?.int ?? 0) })
            #expect(webhooks.contains { $0["fields"]?["Digits"]?.string == "1" })
        }

        @Test("the official SDK finds every webhook of the simulator well signed")
        func simulatorSignatures() throws {
            let folder = try Folder()
            let simulator = try RunningSimulator(
                "  phones: { default: { whatsapp: { deliver: 50ms, read: 100ms }, sms: { undelivered: 30003, after: 50ms }, "
                    + "voice: { ring: 100ms, answer: human, do: [{ hear: 100ms }, { press: \"5\" }, { hear: 5s }] } } }",
                in: folder)
            let sink = try Python.start(
                "webhook_sink.py", environment: ["TWILIO_AUTH_TOKEN": simulator.token], in: folder)
            let base = try sink.firstLine()
            try simulator.post(
                "IncomingPhoneNumbers.json",
                [
                    ("PhoneNumber", "+41791234567"), ("SmsUrl", base + "/sms?a=b"), ("VoiceUrl", base + "/voice"),
                    ("StatusCallback", base + "/inbound-status"),
                ])
            let body = "Grüezi ☎ & a=b + 100%\nsecond line"
            try simulator.post(
                "Messages.json",
                [
                    ("To", "+447700900142"), ("From", "+41791234567"), ("Body", body),
                    ("StatusCallback", base + "/status?t=1&u=%20x"),
                ])
            try simulator.control.send(
                "POST", "phones/+447700900142/text", ["to": "whatsapp:+41791234567", "body": .string(body)])
            try simulator.post(
                "Calls.json",
                [
                    ("To", "+447700900142"), ("From", "+41791234567"), ("Url", base + "/voice?n=0"),
                    ("StatusCallback", base + "/call-status"), ("StatusCallbackEvent", "initiated"),
                    ("StatusCallbackEvent", "ringing"), ("StatusCallbackEvent", "answered"),
                    ("StatusCallbackEvent", "completed"), ("MachineDetection", "Enable"), ("AsyncAmd", "true"),
                    ("AsyncAmdStatusCallback", base + "/amd"),
                ])
            try simulator.control.send(
                "POST", "phones/+447700900143/text", ["to": "+41791234567", "body": .string(body)])
            try simulator.control.send(
                "POST", "phones/+447700900143/call",
                ["to": "+41791234567", "do": [["hear": "100ms"], ["press": "3"], ["hear": "5s"]]])
            let wanted: Set = ["/sms", "/status", "/call-status", "/voice", "/gathered", "/last", "/inbound-status"]
            var last: [JSONValue] = []
            let verdicts = try eventually("all kinds of webhooks, so far \(last)", within: 30) {
                last = try Web.send(try Web.request("GET", base + "/verdicts")).json.array ?? []
                let paths = Set(last.compactMap { $0["path"]?.string })
                let isDone =
                    last.contains { $0["status"]?.string == "undelivered" }
                    && last.count { $0["status"]?.string == "completed" } >= 2
                return wanted.isSubset(of: paths) && isDone ? last : nil
            }
            #expect(verdicts.filter { $0["valid"]?.bool != true } == [])
            #expect(verdicts.filter { $0["method"]?.string == "POST" && $0["valid_when_changed"]?.bool != false } == [])
            #expect(verdicts.contains { $0["method"]?.string == "GET" })
        }

        @Test("the gateway takes what the official SDK signs, and nothing that was changed afterwards")
        func gatewayVerifies() throws {
            let folder = try Folder()
            let simulator = try RunningSimulator("  seed: 1", in: folder)
            let gateway = try RunningGateway(Setup(api: simulator.control.url).yaml, environment: simulator.credentials)
            let url = gateway.publicURL + "/webhooks/twilio/sms"
            let sid = "SM0123456789abcdef0123456789abcdef"
            let fields: JSONObject = [
                "MessageSid": .string(sid), "AccountSid": .string(simulator.account), "From": "+41791112233",
                "To": "+41791234567", "Body": "Grüezi ☎ & a=b + 100%\nsecond line", "NumMedia": "0", "Empty": "",
            ]
            let webhooks: JSONValue = [
                ["url": .string(url), "fields": .object(fields)],
                ["url": .string(url + "?bodySHA256=none"), "fields": .object(fields)],
            ]
            let signer = try Python.start("sign.py", [webhooks.text], environment: simulator.credentials, in: folder)
            #expect(try signer.wait() == 0)
            let signatures = signer.output.split(separator: "\n").map(String.init)
            let form = fields.members.map { ($0.key, $0.value.string ?? "") }
            let changed = form.map { $0.0 == "Body" ? ($0.0, "changed") : $0 }
            #expect(try gateway.webhook(url, changed, signature: signatures[0]).status == 403)
            #expect(try gateway.webhook(url, form + [("Extra", "1")], signature: signatures[0]).status == 403)
            #expect(try gateway.webhook(url, form, signature: signatures[1]).status == 403)
            #expect(try gateway.webhook(url + "?x=1", form, signature: signatures[0]).status == 403)
            #expect(try gateway.webhook(url, form, signature: String(signatures[0].reversed())).status == 403)
            #expect(try gateway.call("GET", "/v1/inbound").json["data"]?.array?.isEmpty == true)
            #expect(try gateway.webhook(url, form, signature: signatures[0]).status == 200)
            // A replay is answered the same and stored once.
            #expect(try gateway.webhook(url, form.reversed(), signature: signatures[0]).status == 200)
            let inbound = try gateway.call("GET", "/v1/inbound").json["data"]?.array ?? []
            #expect(inbound.count == 1)
        }
    }
}
