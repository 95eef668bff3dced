import JSON
import Testing

extension ProcessTests {
    @Suite("what the source tests, over real sockets", .serialized)
    struct ScenarioTests {
        private static let templates = """
            templates:
              warranty_due:
                text: { en: "{{ item }}: warranty ends {{ warranty_end | date }}. {{ claim_url }}" }
            """
        private static let alert: JSONObject = [
            "to": "+41791112233", "topic": "warranty.expiring", "template": "warranty_due", "locale": "en",
            "variables": ["item": "Radar", "warranty_end": "2026-12-31", "claim_url": "https://navidocs.example/c"],
        ]

        @Test("1: a warranty alert by SMS is stored as queued with its SID, before it is sent")
        func queuedSMS() throws {
            var setup = Setup()
            setup.rest = Self.templates
            // The simulated sender is slow, so that the second message stays queued at the provider.
            setup.simulator =
                "  senders: { \"+41791234567\": { rate: 1/s } }\n  phones: { default: { sms: { deliver: 50ms } } }"
            let gateway = try RunningGateway(setup.yaml)
            _ = try gateway.accept(.object(Self.alert))
            let id = try gateway.accept(.object(Self.alert))
            let message = try eventually("a SID", within: 10) {
                let message = try gateway.message(id)
                return message["provider_id"] == nil ? .none : .some(message)
            }
            #expect(message["status"]?.string == "queued")
            #expect(message["provider_id"]?.string?.contains(#/^SM[0-9a-f]{32}$/#) == true)
            #expect(message["state"]?.string == "active")
            try gateway.wait(for: id, ["satisfied"])
            let timeline = try gateway.timeline(id).compactMap { $0["event"]?.string }
            let intent = try #require(timeline.firstIndex(of: "intent"))
            let submitted = try #require(timeline.firstIndex(of: "submitted"))
            #expect(timeline.first == "accepted")
            #expect(intent < submitted)
        }

        @Test("4: a call is stored as queued with its SID")
        func queuedCall() throws {
            var setup = Setup()
            setup.chain = "[{ channel: voice, max_calls: 1 }]"
            setup.simulator = "  calls: 1/s\n  phones: { default: { voice: { ring: 100ms, outcome: busy } } }"
            let gateway = try RunningGateway(setup.yaml)
            _ = try gateway.accept(["to": "+41791112231", "text": "Engine alarm"])
            _ = try gateway.accept(["to": "+41791112232", "text": "Engine alarm"])
            let id = try gateway.accept(["to": "+41791112233", "text": "Engine alarm"])
            let message = try eventually("a SID", within: 10) {
                let message = try gateway.message(id)
                return message["provider_id"] == nil ? .none : .some(message)
            }
            #expect(message["status"]?.string == "queued")
            #expect(message["provider_id"]?.string?.contains(#/^CA[0-9a-f]{32}$/#) == true)
            try gateway.wait(for: id, ["exhausted"])
            #expect(try gateway.simulator.requests("Calls").count == 3)
        }

        @Test("6: the callback 'delivered' sets status and time, and a late 'sent' does not set it back")
        func delivered() throws {
            var setup = Setup()
            setup.simulator = """
                  phones: { default: { sms: { deliver: 100ms } } }
                  faults: [{ kind: callback, path: Messages, what: doubled }]
                """
            let gateway = try RunningGateway(setup.yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            let message = try gateway.wait(for: id, ["satisfied"])
            #expect(message["status"]?.string == "delivered")
            #expect(message["delivered_at"]?.string?.contains(#/^20\d\d-.*Z$/#) == true)
            #expect(message["delivered_at"]?.string ?? "" >= message["created"]?.string ?? "~")
            _ = try eventually("the doubled callbacks") {
                try gateway.simulator.webhooks("Messages").count >= 4 ? true : nil
            }
            let later = try gateway.message(id)
            #expect(later["status"]?.string == "delivered")
            #expect(later["delivered_at"] == message["delivered_at"])
        }

        @Test("7: a provider that answers 429 is asked again, and nothing is lost")
        func rateLimited() throws {
            var setup = Setup()
            setup.simulator = """
                  phones: { default: { sms: { deliver: 50ms } } }
                  faults: [{ kind: status, path: Messages, status: 429, code: 20429, times: 1 }]
                """
            let gateway = try RunningGateway(setup.yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            let held = try eventually("the refusal") {
                let isHeld = try gateway.timeline(id).contains { $0["reason"]?.string == "back_off" }
                return isHeld ? .some(try gateway.message(id)) : .none
            }
            #expect(held["state"]?.string == "active")
            try gateway.wait(for: id, ["satisfied"])
            #expect(try gateway.simulator.requests("Messages").count == 2)
            let refused = try gateway.timeline(id).filter { $0["event"]?.string == "refused" }
            #expect(refused.map { $0["class"]?.string } == ["rate_limited"])
            #expect(gateway.program.errorOutput.contains("crash") == false)
        }

        @Test("8: a hundred sends at once all succeed")
        func hundred() throws {
            let gateway = try RunningGateway(Setup().yaml)
            _ = try gateway.acceptAll(100, ["text": "hello"])
            let messages = try gateway.waitForEnd(of: 100, within: 30)
            #expect(messages.allSatisfy { $0["state"]?.string == "satisfied" })
            #expect(try Sent(gateway.simulator, "Messages").sids.values.allSatisfy { $0.count == 1 })
        }

        @Test("a thousand at once over a provider with faults: all delivered, no duplicate without an explanation")
        func thousand() throws {
            var setup = Setup()
            setup.chain = "[{ channel: sms, submit_within: 5m, deliver_within: 5m }]"
            setup.simulator = """
                  seed: 7
                  latency: 0ms..100ms
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  phones: { default: { sms: { deliver: 100ms } } }
                  faults:
                    - { kind: status, path: Messages, method: POST, status: 429, code: 20429, probability: 0.05 }
                    - { kind: cut, path: Messages, method: POST, after_accepting: true, probability: 0.01 }
                    - { kind: callback, path: Messages, what: doubled, probability: 0.02 }
                """
            let gateway = try RunningGateway(setup.yaml)
            let ids = try gateway.acceptAll(1_000, ["text": "hello"])
            #expect(Set(ids.values).count == 1_000)
            let messages = try gateway.waitForEnd(of: 1_000, within: 110)
            let unfinished = messages.filter { $0["state"]?.string != "satisfied" }
            #expect(unfinished.isEmpty, "\(unfinished.prefix(2))")
            let sent = try Sent(gateway.simulator, "Messages")
            #expect(sent.sids.count == 1_000)
            let doubled = Set(sent.sids.filter { $0.value.count > 1 }.keys)
            let explained = try gateway.explained(messages.filter { doubled.contains($0["to"]?.string ?? "") })
            #expect(doubled == explained, "duplicates without an explanation: \(doubled.subtracting(explained))")
            // The faults did happen: otherwise this proves nothing.
            #expect(sent.requests.values.reduce(0, +) > 1_020)
        }
    }
}
