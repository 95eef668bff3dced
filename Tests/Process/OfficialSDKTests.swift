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
            let own = gateway.publicURL + "/webhooks/twilio/"
            let callbacks = requests.compactMap { $0["form"]?["StatusCallback"]?.string }
            #expect(callbacks.map { $0.hasPrefix(own) } == [true, true, true])
            #expect(Set(callbacks.compactMap { $0.split(separator: "?t=").last }).count == 3)
            #expect(requests.last?["form"]?["Url"]?.string?.hasPrefix(own + "voice/alert?t=") == true)
            let folderOfAccount = "/2010-04-01/Accounts/\(Self.account)/"
            #expect(
                requests.map { $0["path"]?.string }
                    == ["Messages.json", "Messages.json", "Calls.json"].map { folderOfAccount + $0 })
            let webhooks = log["webhooks"]?.array ?? []
            #expect(webhooks.allSatisfy { [200, 204].contains($0["status"]?.int ?? 0) })
            #expect(webhooks.contains { $0["fields"]?["Digits"]?.string == "1" })
        }

        @Test("the official SDK finds every webhook of the simulator well signed", arguments: ["sha1", "sha256"])
        func simulatorSignatures(_ algorithm: String) throws {
            let folder = try Folder()
            let simulator = try RunningSimulator(
                """
                  signature: \(algorithm)
                  calls: 100/s
                  phones:
                    default:
                      whatsapp: { deliver: 50ms, read: 100ms }
                      sms: { undelivered: 30003, after: 50ms }
                      voice: { ring: 100ms, answer: human, detect: 100ms,
                        do: [{ hear: 100ms }, { press: "5" }, { hear: 300ms }, { say: "good day" }, { hear: 5s }] }
                """, in: folder)
            let secret = algorithm == "sha1" ? simulator.token : simulator.keySecret
            let sink = try Python.start("webhook_sink.py", environment: ["SIGNING_SECRET": secret], in: folder)
            let base = try sink.firstLine()
            try provoke(simulator, base)
            let wanted: Set = [
                "/sms", "/status", "/call-status", "/amd", "/voice", "/gathered", "/last", "/recorded", "/recording",
                "/inbound-status", "/room",
            ]
            var last: [JSONValue] = []
            let verdicts = try eventually("all kinds of webhooks, so far \(last)", within: 30) {
                last = try Web.send(try Web.request("GET", base + "/verdicts")).json.array ?? []
                let paths = Set(last.compactMap { $0["path"]?.string })
                let isDone =
                    last.contains { $0["status"]?.string == "undelivered" }
                    && last.contains { $0["status"]?.string == "read" }
                    && last.count { $0["status"]?.string == "completed" } >= 2
                return wanted.isSubset(of: paths) && isDone ? last : nil
            }
            #expect(verdicts.filter { $0["valid"]?.bool != true } == [])
            #expect(verdicts.filter { $0["method"]?.string == "POST" && $0["valid_when_changed"]?.bool != false } == [])
            #expect(verdicts.contains { $0["method"]?.string == "GET" })
            #expect(verdicts.allSatisfy { $0["algorithm"]?.string == "HMAC_" + algorithm.uppercased() })
        }

        /// Makes the simulator send every kind of webhook that it has.
        private func provoke(_ simulator: RunningSimulator, _ base: String) throws {
            let body = "Grüezi ☎ & a=b + 100%\nsecond line"
            let (own, person) = ("+41791234567", "+447700900143")
            try simulator.post(
                "IncomingPhoneNumbers.json",
                [
                    ("PhoneNumber", own), ("SmsUrl", base + "/sms?a=b"), ("VoiceUrl", base + "/voice"),
                    ("StatusCallback", base + "/inbound-status"),
                ])
            try simulator.control.send(
                "POST", "phones/+447700900142/text", ["to": .string("whatsapp:" + own), "body": .string(body)])
            for address in ["+447700900142", "whatsapp:+447700900142"] {
                try simulator.post(
                    "Messages.json",
                    [
                        ("To", address), ("From", address.hasPrefix("w") ? "whatsapp:" + own : own), ("Body", body),
                        ("StatusCallback", base + "/status?t=1&u=%20x"),
                    ])
            }
            try simulator.post(
                "Calls.json",
                [
                    ("To", "+447700900142"), ("From", own), ("Url", base + "/voice?n=0"),
                    ("StatusCallback", base + "/call-status"), ("StatusCallbackEvent", "initiated"),
                    ("StatusCallbackEvent", "ringing"), ("StatusCallbackEvent", "answered"),
                    ("StatusCallbackEvent", "completed"), ("MachineDetection", "Enable"), ("AsyncAmd", "true"),
                    ("AsyncAmdStatusCallback", base + "/amd"),
                ])
            try simulator.post(
                to: "/video/v1/Rooms", [("UniqueName", "inspection-1"), ("StatusCallback", base + "/room?boat=1")])
            try simulator.control.send(
                "POST", "phones/\(person)/text",
                ["to": .string(own), "body": .string(body), "media": ["https://files.example/a.jpg"]])
            try simulator.control.send(
                "POST", "phones/\(person)/call",
                ["to": .string(own), "do": [["hear": "100ms"], ["press": "3"], ["hear": "5s"]]])
        }

        @Test("a webhook that was taken is answered the same when it is replayed, and stored once")
        func replay() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let form = [
                ("MessageSid", "SM0123456789abcdef0123456789abcdef"), ("From", "+41791112233"), ("To", "+41791234567"),
                ("Body", "Grüezi ☎ & a=b + 100%\nsecond line"), ("NumMedia", "0"), ("Empty", ""),
            ]
            let first = try gateway.signedWebhook("/webhooks/twilio/sms", form)
            let second = try gateway.signedWebhook("/webhooks/twilio/sms", form.reversed())
            #expect(first.status == 200 && second.status == 200 && first.body == second.body)
            #expect(try gateway.call("GET", "/v1/inbound").json["data"]?.array?.count == 1)
        }
    }
}
