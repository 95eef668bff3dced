import JSON
import Testing

@testable import Gateway

@Suite("Stories of providers that fail, and of texts that do not arrive")
struct CircuitStories {
    private static let policies = """
          first:
            success: delivered
            expires: 24h
            fallback:
              - { channel: sms, template: alert, deliver_within: 2m }
              - { channel: whatsapp, template: alert }
          chat:
            success: delivered
            expires: 24h
            fallback: [{ channel: whatsapp, template: alert }]
          call:
            ack: { required: true }
            expires: 24h
            fallback: [{ channel: voice, template: alert }]
          text_only:
            success: delivered
            expires: 24h
            fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
        """

    private func story() -> StoryConfiguration {
        var story = StoryConfiguration(Self.policies)
        story.smsRate = "1000/s"
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = [
            "default": [
                "sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"],
                "voice": ["ring": "2s", "answer": "human", "do": [["hear": "3s"], ["press": "1"]]],
            ]
        ]
        return story
    }

    private func alert(_ number: Int, policy: String = "first", to prefix: String = "+41791") -> JSONValue {
        [
            "to": .string(prefix + "\(100_000 + number)"), "template": "alert", "policy": .string(policy),
            "variables": ["item": "Bilge pump"],
        ]
    }

    // MARK: providers

    @Test("failures of several senders open the provider's circuit: nothing more goes, one request probes, all go on")
    func providerDown() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = true
        var ids = try (0..<3).map { try gateway.send(alert($0)) }
        ids += try (10..<12).map { try gateway.send(alert($0, policy: "chat")) }
        gateway.run(for: .milliseconds(100))
        #expect(gateway.notices.contains(.providerCircuit(provider: "twilio", isOpen: true)))
        #expect(!gateway.notices.contains(.circuit(channel: "sms", isOpen: true)))
        #expect(gateway.core?.gauges.providers.map(\.isOpen) == [true])
        let call = try gateway.send(alert(20, policy: "call"))
        gateway.run(for: .milliseconds(100))
        #expect(try gateway.state(call).steps[0].status == .held(.circuitOpen), gateway.told(call))
        let before = gateway.requestTrace.count
        gateway.run(for: .seconds(9))
        #expect(gateway.requestTrace.count == before)
        gateway.providerIsUnreachable = false
        gateway.run(for: .seconds(120))
        #expect(gateway.notices.contains(.providerCircuit(provider: "twilio", isOpen: false)))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(try gateway.phase(call) == .acked, gateway.told(call))
        #expect(gateway.violations().isEmpty)
    }

    @Test("while the provider stays away, one request at a time probes it")
    func probes() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = true
        for number in 0..<50 { _ = try gateway.send(alert(number, policy: "text_only")) }
        for number in 50..<100 { _ = try gateway.send(alert(number, policy: "chat")) }
        gateway.run(for: .seconds(5))
        let attempts = gateway.core?.counters.attempts ?? 0
        gateway.run(for: .seconds(180))
        // Pauses of 10, 20, 40 and 60 s, each ended by a probe.
        #expect((2...8).contains((gateway.core?.counters.attempts ?? 0) - attempts))
        gateway.providerIsUnreachable = false
        gateway.run(for: .seconds(300))
        #expect(try gateway.acceptedMessages() == 100)
        #expect(gateway.violations().isEmpty)
    }

    @Test("a sender that fails alone stops alone")
    func oneSender() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        try gateway.control("PUT", "faults", ["faults": [["kind": "status", "status": 503, "path": "Messages"]]])
        for number in 0..<10 { _ = try gateway.send(alert(number, policy: "text_only")) }
        gateway.run(for: .seconds(3))
        let call = try gateway.send(alert(20, policy: "call"))
        gateway.run(for: .seconds(30))
        #expect(gateway.notices.contains(.circuit(channel: "sms", isOpen: true)))
        #expect(!gateway.notices.contains(.providerCircuit(provider: "twilio", isOpen: true)))
        #expect(try gateway.phase(call) == .acked, gateway.told(call))
    }

    // MARK: receipts

    private static let sms = ReceiptCircuits.Route(provider: "twilio", kind: .sms, country: "CH")

    /// Half an hour in which all arrives, and then a rush to Switzerland that does not.
    private func fallen(_ story: StoryConfiguration, policy: String = "first") throws -> VirtualGateway {
        let gateway = try VirtualGateway(story)
        for minute in 0..<30 {
            for number in 0..<6 { _ = try gateway.send(alert(minute * 10 + number)) }
            _ = try gateway.send(alert(minute, to: "+49170"))
            gateway.run(for: .seconds(60))
        }
        gateway.run(for: .seconds(600))
        try gateway.control("PUT", "phones/+41*", ["sms": "sent_only", "whatsapp": ["deliver": "1s"]])
        for number in 0..<40 { _ = try gateway.send(alert(1_000 + number, policy: policy)) }
        gateway.run(for: .seconds(150))
        return gateway
    }

    private func tellsFall(_ gateway: VirtualGateway, isOpen: Bool = true) -> Bool {
        gateway.notices.contains(.receiptCircuit(ReceiptRoute(Self.sms), isOpen: isOpen))
    }

    @Test("texts to a country stop to arrive: the next ones to it take the next channel, those to others go as before")
    func receiptsFall() throws {
        let gateway = try fallen(story())
        #expect(tellsFall(gateway))
        #expect(gateway.core?.gauges.receiptCircuits == [ReceiptRoute(Self.sms)])
        let before = gateway.now
        let swiss = try gateway.send(alert(2_000))
        let german = try gateway.send(alert(2_001, to: "+49170"))
        let only = try gateway.send(alert(2_002, policy: "text_only"))
        gateway.run(for: .seconds(10))
        #expect(try gateway.state(swiss).steps[0].status == .held(.circuitOpen), gateway.told(swiss))
        #expect(try gateway.phase(german) == .satisfied, gateway.told(german))
        // Where there is no other way, a text that may not arrive is better than none.
        #expect(try gateway.state(only).steps[0].status == .submitted, gateway.told(only))
        gateway.run(for: .seconds(120))
        #expect(try gateway.phase(swiss) == .satisfied, gateway.told(swiss))
        #expect(try gateway.texts("sms", to: "+41791102000").isEmpty)
        let sent = try gateway.time(swiss) { if case .intent = $0 { true } else { false } }
        #expect(sent - before == .seconds(120), gateway.told(swiss))
        #expect(gateway.violations().isEmpty)
    }

    @Test("after five minutes one text tries; when it arrives, all go as before")
    func receiptsRecover() throws {
        let gateway = try fallen(story())
        #expect(tellsFall(gateway))
        gateway.run(for: .seconds(240))
        let waiting = try (0..<5).map { try gateway.send(alert(3_000 + $0)) }
        try gateway.control("PUT", "phones/+41*", ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]])
        let before = try gateway.texts("sms").count
        gateway.run(for: .seconds(90))
        #expect(tellsFall(gateway, isOpen: false))
        #expect(gateway.core?.gauges.receiptCircuits == [])
        for id in waiting { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        let times = try gateway.texts("sms").dropFirst(before).map(\.time)
        #expect(times.count == 5)
        // The first alone; the others once it had arrived.
        #expect(times.dropFirst().allSatisfy { $0 - times[times.startIndex] >= .seconds(1) })
        #expect(gateway.violations().isEmpty)
    }

    @Test("one that waits for a circuit may have nowhere to go when it looks again: its chain ends")
    func nowhereLeft() throws {
        let gateway = try fallen(story())
        gateway.run(for: .seconds(240))
        let waiting = try gateway.send(alert(3_000))
        gateway.run(for: .seconds(1))
        #expect(try gateway.state(waiting).steps[0].status == .held(.circuitOpen), gateway.told(waiting))
        // Another message finds out that the number is none.
        try gateway.control("PUT", "phones/+41791103000", ["whatsapp": ["refuse": 21211]])
        _ = try gateway.send(alert(3_000, policy: "chat"))
        gateway.run(for: .seconds(90))
        #expect(try gateway.phase(waiting) == .exhausted, gateway.told(waiting))
        #expect(try gateway.state(waiting).steps[0].status == .skipped(.badNumber))
        #expect(gateway.violations().isEmpty)
    }

    @Test("a commit that fails when a circuit opens or closes loses nothing of it")
    func rollback() throws {
        let gateway = try fallen(story())
        gateway.run(for: .seconds(240))
        let waiting = try (0..<3).map { try gateway.send(alert(3_000 + $0)) }
        try gateway.control("PUT", "phones/+41*", ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]])
        for after in stride(from: 1, to: 90, by: 1) {
            gateway.plan(after: .seconds(after)) {
                $0.store.failNextCommit(with: StoreError(.failed, "planned"))
            }
        }
        // A callback that met a failed commit is lost: the clock asks for it.
        gateway.run(for: .seconds(300))
        #expect(gateway.core?.counters.rollbacks ?? 0 > 3)
        #expect(tellsFall(gateway, isOpen: false))
        for id in waiting { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(try gateway.texts("sms", to: "+41791103000").count == 1)
        #expect(gateway.violations().isEmpty)
    }

    @Test("where receipts are weak nothing follows from their absence")
    func weak() throws {
        var story = story()
        story.receipts = "  receipts: { sms: { CH: weak } }"
        let gateway = try fallen(story)
        #expect(!gateway.notices.contains { if case .receiptCircuit = $0 { true } else { false } })
        #expect(gateway.core?.gauges.receiptCircuits == [])
    }
}
