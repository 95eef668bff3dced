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
        private static let claim = "https://navidocs.boat/boats/1/warranties/101"
        private static let alert: JSONObject = [
            "to": "boat:1", "topic": "warranty.expiring", "template": "warranty_due", "locale": "en",
            "variables": [
                "item": "Engine - Yanmar 4JH45E", "warranty_end": "2025-12-15", "claim_url": .string(claim),
            ],
        ]

        /// The source's boat, and its owner's number.
        private func moor(_ gateway: RunningGateway, owner: String) throws {
            let contact = try gateway.call("PUT", "/v1/contacts/owner", ["name": "Owner", "phone": .string(owner)])
            let boat = try gateway.call(
                "PUT", "/v1/boats/1",
                ["name": "Jeanneau Sun Odyssey 45", "contacts": [["id": "owner", "role": "owner"]]])
            #expect(contact.status < 300 && boat.status < 300, "\(contact.text) \(boat.text)")
        }

        @Test("1: a warranty alert to a boat's owner is stored as queued with its SID, before it is sent")
        func queuedSMS() throws {
            var setup = Setup()
            setup.rest = Self.templates
            // The simulated sender is slow, so that the second message stays queued at the provider.
            setup.simulator =
                "  senders: { \"+41791234567\": { rate: 1/s } }\n  phones: { default: { sms: { deliver: 50ms } } }"
            let gateway = try RunningGateway(setup.yaml)
            try moor(gateway, owner: "+41791112233")
            _ = try gateway.accept(["to": "+41791112244", "text": "takes the sender's second"])
            let id = try gateway.accept(.object(Self.alert))
            let message = try eventually("a SID", within: 10) {
                let message = try gateway.message(id)
                return message["provider_id"] == nil ? .none : .some(message)
            }
            #expect(message["status"]?.string == "queued")
            let sid = message["provider_id"]?.string ?? ""
            #expect(sid.contains(#/^SM[0-9a-f]{32}$/#))
            #expect(message["state"]?.string == "active")
            #expect(message["to"]?.string == "boat:1")
            #expect(message["deliveries"]?[0]?["to"]?.string == "+41791112233")
            try gateway.wait(for: id, ["satisfied"])
            // It is among what went out, under that SID, and not among what came in.
            let listed = try gateway.allMessages().first { $0["id"]?.string == id }
            #expect(listed?["provider_id"]?.string == sid)
            #expect(try gateway.call("GET", "/v1/inbound").json["data"]?.array?.isEmpty == true)
            let request = try #require(try gateway.simulator.requests("Messages").last)
            #expect(request["To"] == "+41791112233" && request["From"] == "+41791234567")
            #expect(request["Body"] == "Engine - Yanmar 4JH45E: warranty ends December 15, 2025. " + Self.claim)
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
            try moor(gateway, owner: "+41791112233")
            let id = try gateway.accept(["to": "boat:1", "text": "Engine alarm"])
            let message = try eventually("a SID", within: 10) {
                let message = try gateway.message(id)
                return message["provider_id"] == nil ? .none : .some(message)
            }
            #expect(message["status"]?.string == "queued")
            #expect(message["provider_id"]?.string?.contains(#/^CA[0-9a-f]{32}$/#) == true)
            try gateway.wait(for: id, ["exhausted"])
            let requests = try gateway.simulator.requests("Calls")
            #expect(requests.map { $0["To"] } == ["+41791112231", "+41791112232", "+41791112233"])
            let stored = try gateway.message(id)
            #expect(stored["provider_id"] == message["provider_id"])
            #expect(stored["status"]?.string == "busy")
            // The call's document is the alert, under the source's path too.
            let url = try #require(requests.last?["Url"]).replacing(
                "/webhooks/twilio/voice/alert", with: "/twiml/warranty-alert")
            let form = [("CallSid", stored["provider_id"]?.string ?? ""), ("CallStatus", "in-progress")]
            let document = try gateway.signedWebhook(url, form)
            #expect(document.status == 200 && document.text.contains("Engine alarm"), "\(document.text)")
        }

        @Test("6: the callback 'delivered' sets status and time, and a late 'sent' does not set it back")
        func delivered() throws {
            // No receipt comes by itself: the test is the provider.
            var setup = Setup()
            setup.simulator = "  phones: { default: { sms: sent_only } }"
            let gateway = try RunningGateway(setup.yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "Test warranty alert"])
            let sent = try eventually("'sent'") {
                let message = try gateway.message(id)
                return message["status"]?.string == "sent" ? .some(message) : .none
            }
            #expect(sent["delivered_at"] == nil)
            #expect(sent["state"]?.string == "active")
            let request = try #require(try gateway.simulator.requests("Messages").last)
            let callback = try #require(request["StatusCallback"])
            #expect(callback.hasPrefix(gateway.publicURL + "/webhooks/twilio/sms/status?t="))
            let sid = sent["provider_id"]?.string ?? ""
            func report(_ status: String) throws {
                let form = [("MessageSid", sid), ("MessageStatus", status), ("SmsStatus", status)]
                #expect(try gateway.signedWebhook(callback, form).status < 300)
            }
            try report("delivered")
            let message = try gateway.message(id)
            #expect(message["status"]?.string == "delivered")
            #expect(message["state"]?.string == "satisfied")
            #expect(message["delivered_at"]?.string?.contains(#/^20\d\d-.*Z$/#) == true)
            #expect(message["delivered_at"]?.string ?? "" >= message["created"]?.string ?? "~")
            for late in ["sent", "delivered", "queued", "undelivered", "failed"] {
                try report(late)
                #expect(try gateway.message(id) == message, "after a late '\(late)'")
            }
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
            #expect(held["deliveries"]?[0]?["steps"]?[0]?["state"]?.string == "held")
            try gateway.wait(for: id, ["satisfied"])
            // Five seconds after a limit, with equal jitter: not before half of it.
            let requests = try gateway.simulator.requests("Messages")
            try #require(requests.count == 2)
            #expect(requests[1].time - requests[0].time >= 2_500)
            #expect(requests[1].time - requests[0].time < 10_000)
            let refused = try gateway.timeline(id).filter { $0["event"]?.string == "refused" }
            #expect(refused.map { $0["class"]?.string } == ["rate_limited"])
            #expect(gateway.program.errorOutput.contains("crash") == false)
        }

        /// What goes wrong at the provider: 50 ± 50 ms, 5 % refused, 1 % cut after accepting, 2 % of callbacks doubled.
        private static let faulty = """
              seed: 7
              latency: 0ms..100ms
              senders: { "+41791234567": { type: short_code, rate: 1000/s } }
              phones: { default: { sms: { deliver: 100ms } } }
              faults:
                - { kind: status, path: Messages, method: POST, status: 429, code: 20429, probability: 0.05 }
                - { kind: cut, path: Messages, method: POST, after_accepting: true, probability: 0.01 }
                - { kind: callback, path: Messages, what: doubled, probability: 0.02 }
            """

        @Test(
            "8: a hundred, and a thousand, at once over a faulty provider: all delivered, no unexplained duplicate",
            arguments: [100, 1_000])
        func concurrent(_ count: Int) throws {
            var setup = Setup()
            setup.chain = "[{ channel: sms, submit_within: 5m, deliver_within: 5m }]"
            setup.simulator = Self.faulty
            let gateway = try RunningGateway(setup.yaml)
            let ids = try gateway.acceptAll(count, ["text": "Warranty alert"])
            #expect(Set(ids.values).count == count)
            let messages = try gateway.waitForEnd(of: count, within: 110)
            let undelivered = messages.filter { message in
                let attempts = message["deliveries"]?[0]?["attempts"]?.array ?? []
                return message["state"]?.string != "satisfied" || message["delivered_at"] == nil
                    || !attempts.contains { $0["level"]?.string == "delivered" }
            }
            #expect(undelivered.isEmpty, "\(undelivered.prefix(2))")
            try explain(try Sent(gateway.simulator, "Messages"), gateway, messages)
        }

        /// Whoever got a second message, or a second request that was not refused, has an ambiguous attempt that says so.
        private func explain(_ sent: Sent, _ gateway: RunningGateway, _ messages: [JSONValue]) throws {
            #expect(Set(sent.sids.keys) == Set(messages.compactMap { $0["to"]?.string }))
            let refused = try gateway.recipients(of: "refused", messages)
            let ambiguous = try gateway.recipients(of: "ambiguous", messages)
            let doubled = Set(sent.sids.filter { $0.value.count > 1 }.keys)
            #expect(doubled.isSubset(of: try gateway.recipients(of: "possible_duplicate", messages)), "\(doubled)")
            #expect(doubled.isSubset(of: ambiguous), "\(doubled)")
            let refusals = Dictionary(refused.map { ($0, 1) }, uniquingKeysWith: +)
            let repeated = Set(sent.requests.filter { $0.value - (refusals[$0.key] ?? 0) > 1 }.keys)
            #expect(repeated.isSubset(of: ambiguous), "\(repeated)")
            // The faults did happen: otherwise this proves nothing.
            guard messages.count >= 1_000 else { return }
            #expect((20...110).contains(refused.count), "refused: \(refused.count)")
            #expect((1...40).contains(ambiguous.count), "ambiguous: \(ambiguous.count)")
            let reports = try gateway.simulator.webhooks("Messages").map {
                ($0["MessageSid"] ?? "") + ($0["MessageStatus"] ?? "")
            }
            #expect(reports.count > Set(reports).count + 20, "doubled: \(reports.count - Set(reports).count)")
        }
    }
}
