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

        /// Checks what the provider was asked for to reach one person, whole: paths and forms, in the chain's order, each
        /// with a callback and a token of its own.
        private func expectRequests(_ gateway: RunningGateway, to number: String, _ channels: [String]) throws {
            let requests = try gateway.simulator.requests().filter { $0["To"]?.hasSuffix(number) == true }
            let tokens = requests.compactMap { $0["StatusCallback"]?.split(separator: "?t=").last.map(String.init) }
            try #require(requests.count == channels.count && Set(tokens).count == channels.count)
            let account = "/2010-04-01/Accounts/" + (try gateway.simulatorCredential("account_sid"))
            for (index, channel) in channels.enumerated() {
                let resource = channel == "voice" ? "/Calls.json" : "/Messages.json"
                #expect(requests[index].path == account + resource)
                let own = gateway.publicURL + "/webhooks/twilio/"
                #expect(
                    requests[index].form.map { $0.0 + ": " + $0.1 }
                        == Self.form(channel, to: number, callbacks: own, token: tokens[index]))
            }
        }

        private static func form(_ channel: String, to number: String, callbacks: String, token: String) -> [String] {
            let prefix = channel == "whatsapp" ? "whatsapp:" : ""
            let head = ["To: \(prefix)\(number)", "From: \(prefix)+41791234567"]
            let claim = "https://navidocs.example/claims/42"
            let status = ["StatusCallback: \(callbacks)sms/status?t=\(token)"]
            switch channel {
            case "whatsapp":
                let variables = #"{"1":"Main engine","2":"December 31, 2026","3":"\#(claim)"}"#
                return head + [
                    "ContentSid: HX00000000000000000000000000000001", "ContentVariables: " + variables,
                ] + status
            case "sms":
                return head + ["Body: Main engine: warranty ends December 31, 2026. \(claim) Reply OK."] + status
            default:
                return head + [
                    "Url: \(callbacks)voice/alert?t=\(token)&n=0", "Method: POST",
                    "StatusCallback: \(callbacks)voice/status?t=\(token)", "StatusCallbackMethod: POST",
                    "StatusCallbackEvent: initiated", "StatusCallbackEvent: ringing", "StatusCallbackEvent: answered",
                    "StatusCallbackEvent: completed", "Timeout: 30", "TimeLimit: 180", "MachineDetection: Enable",
                    "AsyncAmd: true", "AsyncAmdStatusCallback: \(callbacks)voice/amd?t=\(token)",
                    "AsyncAmdStatusCallbackMethod: POST",
                ]
            }
        }

        @Test("the simulator is asked for one WhatsApp message, one SMS and one call, each with its own token")
        func requestsOfTheAlert() throws {
            let gateway = try RunningGateway(try Setup.shipped())
            let id = try gateway.accept(Self.alert)
            try gateway.wait(for: id, ["acked"])
            #expect(try gateway.simulator.requests().count == 3)
            try expectRequests(gateway, to: "+447700900142", ["whatsapp", "sms", "voice"])
            let webhooks = try gateway.simulator.webhooks()
            #expect(webhooks.contains { $0["Digits"] == "1" && $0.url.contains("/voice/alert") })
            #expect(webhooks.allSatisfy { $0.result.int.map { [200, 204].contains($0) } ?? true })
        }

        @Test("both owners of a boat: each is asked in turn over WhatsApp, SMS and voice")
        func otherRecipients() throws {
            let gateway = try RunningGateway(try Setup.shipped())
            let script: JSONValue = [
                "whatsapp": ["fail": 63024], "sms": ["undelivered": 30003],
                "voice": ["ring": "1s", "answer": "human", "do": [["hear": "2s"], ["press": "1"]]],
            ]
            let owners = ["ana": "+41791112233", "ben": "+447700900777"]
            for (id, number) in owners {
                try gateway.simulator.send("PUT", "phones/" + number, script)
                let answer = try gateway.call(
                    "PUT", "/v1/contacts/" + id, ["name": .string(id), "locale": "en", "phone": .string(number)])
                #expect(answer.status < 300)
            }
            let boat: JSONValue = [
                "name": "Aurora", "contacts": [["id": "ana", "role": "owner"], ["id": "ben", "role": "owner"]],
            ]
            #expect(try gateway.call("PUT", "/v1/boats/aurora", boat).status < 300)
            var alert = Self.alert.object ?? [:]
            alert["to"] = "boat:aurora"
            let id = try gateway.accept(.object(alert))
            try eventually("both acknowledgements") {
                try gateway.message(id)["states"]?["acked"]?.int == 2 ? true : nil
            }
            #expect(try gateway.simulator.requests().count == 6)
            for number in owners.values { try expectRequests(gateway, to: number, ["whatsapp", "sms", "voice"]) }
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
            #expect(try gateway.simulator.requests().count == 3)
            try expectRequests(gateway, to: "+447700900142", ["sms", "whatsapp", "voice"])
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
