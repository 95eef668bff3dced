import Foundation
import JSON
import Testing

extension ProcessTests {
    @Suite("the alert falls back", .serialized)
    struct FallbackTests {
        private static let alert: JSONValue = [
            "to": "+447700900142", "topic": "warranty.expiring", "priority": "critical", "template": "warranty_due",
            "variables": [
                "item": "Main engine", "warranty_end": "2026-12-31", "claim_url": "https://navidocs.example/claims/42",
            ],
        ]

        private func demo(_ yaml: String, environment: [String: String] = [:]) throws -> Program {
            let folder = try Folder()
            let config = try folder.write(yaml, to: "channels.yaml")
            return try Program(
                Repository.program, ["demo", "--config", config, "--data", folder.path + "/data"],
                environment: environment, in: folder)
        }

        @Test("the demo exits 0 and shows whatsapp, sms and voice in turn")
        func demoIsAcknowledged() throws {
            let program = try demo(try Setup.shipped())
            #expect(try program.wait(upTo: 60) == 0)
            let output = program.output
            let steps = output.split(separator: "\n").filter { $0.contains(" step ") }.map { line in
                line.split(separator: " ").dropFirst().joined(separator: " ")
            }
            #expect(
                steps == [
                    "whatsapp step 1 starts", "whatsapp step 1 is over: failed", "sms step 2 starts",
                    "sms step 2 is over: undelivered", "voice step 3 starts",
                ])
            #expect(output.contains("code 63024"))
            #expect(output.contains("code 30003"))
            #expect(output.contains("acknowledged by key 1"))
            for clock in ["queue_within", "deliver_within", "ring_timeout"] {
                #expect(output.contains("clock \(clock) runs to "))
            }
            #expect(output.contains("the alert ended as: acked"))
        }

        @Test("the demo fails when nobody answers")
        func demoIsNotAcknowledged() throws {
            let yaml = try Setup.shipped {
                $0 = $0.replacingOccurrences(
                    of: #"{ ring: 2s, answer: human, do: [{ hear: 3s }, { press: "1" }] }"#, with: "{ outcome: busy }")
            }
            let program = try demo(yaml)
            #expect(try program.wait(upTo: 60) == 1)
            #expect(program.output.contains("the alert ended as: exhausted"))
        }

        @Test("the simulator is asked for one WhatsApp message, one SMS and one call, each with its own token")
        func requestsOfTheAlert() throws {
            let gateway = try RunningGateway(try Setup.shipped())
            let id = try gateway.accept(Self.alert)
            try gateway.wait(for: id, ["acked"])
            let requests = try gateway.simulator.requests()
            try #require(requests.count == 3)
            #expect(
                requests.map { $0.path.split(separator: "/").last } == ["Messages.json", "Messages.json", "Calls.json"])
            #expect(requests.map { $0["To"] } == ["whatsapp:+447700900142", "+447700900142", "+447700900142"])
            #expect(requests.map { $0["From"] } == ["whatsapp:+41791234567", "+41791234567", "+41791234567"])
            #expect(requests[0]["ContentSid"] == "HX00000000000000000000000000000001")
            #expect(requests[1]["Body"]?.contains("Main engine: warranty ends December 31, 2026.") == true)
            let callbacks = requests.compactMap { $0["StatusCallback"] }
            let own = gateway.publicURL + "/webhooks/twilio/"
            #expect(callbacks.map { $0.hasPrefix(own) } == [true, true, true])
            let tokens = callbacks.compactMap { $0.split(separator: "?t=").last.map(String.init) }
            try #require(Set(tokens).count == 3)
            #expect(requests[2]["Url"] == own + "voice/alert?t=\(tokens[2])&n=0")
            let webhooks = try gateway.simulator.webhooks()
            #expect(webhooks.contains { $0["Digits"] == "1" && $0.url.contains("/voice/alert") })
            #expect(webhooks.allSatisfy { [200, 204].contains($0.result.int ?? 0) })
        }

        @Test("another order in channels.yaml is another order of requests")
        func anotherOrder() throws {
            let yaml = try Setup.shipped {
                let whatsapp =
                    "      - { channel: whatsapp, template: warranty_due, deliver_within: 3m, ack_within: 10m }\n"
                let sms = "      - { channel: sms, template: warranty_due, deliver_within: 2m, ack_within: 10m }\n"
                $0 = $0.replacingOccurrences(of: whatsapp + sms, with: sms + whatsapp)
            }
            let gateway = try RunningGateway(yaml)
            let id = try gateway.accept(Self.alert)
            let message = try gateway.wait(for: id, ["acked"])
            let requests = try gateway.simulator.requests()
            #expect(requests.map { $0["To"] } == ["+447700900142", "whatsapp:+447700900142", "+447700900142"])
            #expect(requests.last?.path.hasSuffix("/Calls.json") == true)
            let channels = message["deliveries"]?[0]?["steps"]?.array?.map { $0["channel"]?.string }
            #expect(channels == ["sms", "whatsapp", "voice"])
        }

        @Test("another recipient answers the SMS, so no call is made")
        func anotherRecipient() throws {
            let gateway = try RunningGateway(try Setup.shipped())
            let script: JSONValue = [
                "whatsapp": ["refuse": 63016], "sms": ["deliver": "50ms", "reply": ["after": "100ms", "text": "OK"]],
                "voice": ["outcome": "busy"],
            ]
            #expect(try gateway.simulator.send("PUT", "phones/+41791112233", script).status == 200)
            var alert = Self.alert.object ?? [:]
            alert["to"] = "+41791112233"
            let id = try gateway.accept(.object(alert))
            try gateway.wait(for: id, ["acked"])
            #expect(try gateway.simulator.requests("Calls").isEmpty)
            let sms = try gateway.simulator.requests("Messages").filter { $0["To"] == "+41791112233" }
            #expect(sms.count == 1)
            #expect(try gateway.timeline(id).contains { $0["event"]?.string == "acknowledged" })
        }
    }
}
