import Gateway
import JSON
import Testing

@Suite("Stories of many messages and few slots")
struct FairnessStories {
    private static let policy = """
          first:
            success: sent
            expires: 24h
            fallback: [{ channel: sms, template: alert }]
        """

    private func gateway(rate: String) throws -> VirtualGateway {
        var story = StoryConfiguration(Self.policy)
        story.smsRate = rate
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        return try VirtualGateway(story)
    }

    private func alert(_ number: Int, _ priority: String) -> JSONValue {
        var alert = LaneStories.alert(number).object ?? JSONObject()
        alert["priority"] = .string(priority)
        return .object(alert)
    }

    /// When the message left the house.
    private func sent(_ id: RecordID, _ gateway: VirtualGateway) throws -> Timestamp {
        try gateway.time(id) { if case .intent = $0 { true } else { false } }
    }

    @Test("one tenant has 10,000 bulk messages waiting: another tenant's message and a critical alert go at once")
    func bulk() throws {
        let gateway = try gateway(rate: "10/s")
        for number in 0..<10_000 { _ = try gateway.send(alert(number, "low"), tenant: "newsletter") }
        gateway.run(for: .milliseconds(30_050))
        let before = gateway.now
        let critical = try gateway.send(alert(20_000, "critical"), tenant: "newsletter")
        let other = try gateway.send(alert(20_001, "low"), tenant: "marina")
        gateway.run(for: .seconds(2))
        #expect(try sent(critical, gateway) - before <= .milliseconds(100), gateway.told(critical))
        // One slot for the critical alert, one for whose turn it was.
        #expect(try sent(other, gateway) - before <= .milliseconds(300), gateway.told(other))
        #expect(try gateway.texts("sms").count < 400)
        #expect(gateway.core?.gauges.ready.first { $0.channel == "sms" }?.waiting ?? 0 > 9_600)
        #expect(gateway.violations().isEmpty)
    }

    @Test("low messages go on while high ones keep coming, and a critical alert waits for one slot at most")
    func weights() throws {
        let gateway = try gateway(rate: "10/s")
        let low = try (0..<5).map { try gateway.send(alert($0, "low")) }
        for number in 0..<1_000 { _ = try gateway.send(alert(100 + number, "high")) }
        gateway.run(for: .seconds(15))
        for id in low { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        for round in 0..<20 {
            let before = gateway.now
            let critical = try gateway.send(alert(5_000 + round, "critical"))
            gateway.run(for: .milliseconds(137))
            #expect(try sent(critical, gateway) - before <= .milliseconds(100), gateway.told(critical))
        }
    }
}
