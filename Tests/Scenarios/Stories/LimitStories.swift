import Gateway
import JSON
import Testing

@Suite("Stories of limits that senders share")
struct LimitStories {
    private func story() -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                success: sent
                expires: 24h
                fallback: [{ channel: sms, template: alert }]
              chat:
                success: sent
                expires: 24h
                fallback: [{ channel: whatsapp, template: alert }]
            """)
        story.smsRate = "1000/s"
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = ["default": ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]]]
        return story
    }

    private func alert(_ number: Int, policy: String = "first", priority: String = "normal") -> JSONValue {
        var alert = LaneStories.alert(number).object ?? JSONObject()
        alert["priority"] = .string(priority)
        alert["policy"] = .string(policy)
        return .object(alert)
    }

    private func sent(_ id: RecordID, _ gateway: VirtualGateway) throws -> Timestamp {
        try gateway.time(id) { if case .intent = $0 { true } else { false } }
    }

    @Test("a tenant whose tokens are used up is passed over: the others go on, and it goes at its rate")
    func tenantRate() throws {
        var story = story()
        story.tenants = "newsletter: { rate: 2/s }"
        let gateway = try VirtualGateway(story)
        let began = gateway.now
        let slow = try (0..<20).map { try gateway.send(alert($0), tenant: "newsletter") }
        let fast = try (100..<200).map { try gateway.send(alert($0), tenant: "marina") }
        gateway.run(for: .milliseconds(300))
        for id in fast { #expect(try sent(id, gateway) - began <= .milliseconds(200)) }
        #expect(gateway.core?.gauges.tenants.map(\.waiting) == [19])
        gateway.run(for: .seconds(10))
        let times = try slow.map { try sent($0, gateway) - began }
        #expect(times == (0..<20).map { .milliseconds(500 * $0) })
        #expect(gateway.violations().isEmpty)
    }

    @Test("between two tokens of a tenant the engine sleeps")
    func exactWakes() throws {
        var story = story()
        story.tenants = "newsletter: { rate: 1/s }"
        story.smsRate = "10/s"
        let gateway = try VirtualGateway(story)
        let ids = try (0..<30).map { try gateway.send(alert($0), tenant: "newsletter") }
        gateway.run(for: .seconds(20))
        let (turns, sent) = (gateway.turns, try gateway.texts("sms").count)
        gateway.run(for: .seconds(8))
        #expect(try gateway.texts("sms").count == sent + 8)
        // Each is one grant, its answer, and three callbacks; no turn is for nothing.
        #expect(gateway.turns - turns <= 8 * 5)
        gateway.run(for: .seconds(60))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
    }

    @Test("the channels of a provider share its tokens in turn, and a critical alert is next on any of them")
    func providerRate() throws {
        var story = story()
        story.providerLimits = ", rate: 10/s"
        let gateway = try VirtualGateway(story)
        let began = gateway.now
        for number in 0..<300 { _ = try gateway.send(alert(number)) }
        for number in 300..<600 { _ = try gateway.send(alert(number, policy: "chat")) }
        gateway.run(for: .milliseconds(10_050))
        let (texts, chats) = (try gateway.texts("sms").count, try gateway.texts("whatsapp").count)
        #expect((100...102).contains(texts + chats))
        #expect(abs(texts - chats) <= 1)
        let critical = try gateway.send(alert(1_000, policy: "chat", priority: "critical"))
        gateway.run(for: .seconds(1))
        #expect(try sent(critical, gateway) - began <= .milliseconds(10_150), gateway.told(critical))
        #expect(gateway.core?.gauges.providers.first?.waiting ?? 0 > 480)
        #expect(gateway.violations().isEmpty)
    }

    @Test("a provider's window is full with requests of all its channels, and the next answer makes room")
    func providerConcurrency() throws {
        var story = story()
        story.providerLimits = ", concurrency: 2"
        story.latency = "1000ms..1000ms"
        let gateway = try VirtualGateway(story)
        for number in 0..<10 { _ = try gateway.send(alert(number)) }
        for number in 10..<20 { _ = try gateway.send(alert(number, policy: "chat")) }
        gateway.run(for: .milliseconds(500))
        #expect(try gateway.creations().count == 2)
        #expect(gateway.core?.gauges.providers.map(\.inFlight) == [2])
        gateway.run(for: .milliseconds(4_100))
        #expect(try gateway.creations().count == 10)
        #expect(try gateway.texts("sms").count == 5)
        gateway.run(for: .seconds(30))
        #expect(try gateway.creations().count == 20)
        #expect(gateway.core?.gauges.providers.map(\.inFlight) == [0])
    }

    @Test("a tenant's window is full: it waits for its own answers, over rollbacks too, and others go on")
    func tenantConcurrency() throws {
        var story = story()
        story.tenants = "newsletter: { concurrency: 1 }"
        story.latency = "1000ms..1000ms"
        let gateway = try VirtualGateway(story)
        let began = gateway.now
        for number in 0..<6 { _ = try gateway.send(alert(number), tenant: "newsletter") }
        let other = try gateway.send(alert(100), tenant: "marina")
        gateway.run(for: .milliseconds(1_500))
        #expect(try sent(other, gateway) - began <= .milliseconds(10), gateway.told(other))
        #expect(try gateway.creations().count == 3)
        for _ in 0..<3 { gateway.store.failNextCommit(with: StoreError(.failed, "planned")) }
        gateway.run(for: .seconds(30))
        #expect(gateway.core?.counters.rollbacks == 3)
        #expect(try gateway.creations().count == 7)
        #expect(gateway.core?.gauges.tenants.map(\.inFlight) == [0])
        #expect(gateway.core?.gauges.tenants.map(\.waiting) == [0])
        #expect(gateway.violations().isEmpty)
    }

    @Test("a circuit that opens holds also those whose tenant has no token")
    func openCircuit() throws {
        var story = story()
        story.tenants = "newsletter: { rate: 1/m }"
        let gateway = try VirtualGateway(story)
        let ids = try (0..<5).map { try gateway.send(alert($0), tenant: "newsletter") }
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = true
        for number in 10..<20 { _ = try gateway.send(alert(number), tenant: "marina") }
        gateway.run(for: .seconds(5))
        #expect(try gateway.state(ids[4]).steps[0].status == .held(.circuitOpen), gateway.told(ids[4]))
        gateway.providerIsUnreachable = false
        gateway.run(for: .seconds(600))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(gateway.violations().isEmpty)
    }

    @Test("a reload lifts a limit, and what waited goes at once; another sets one")
    func reloaded() throws {
        var story = story()
        story.tenants = "newsletter: { rate: 1/h }"
        let gateway = try VirtualGateway(story)
        let ids = try (0..<5).map { try gateway.send(alert($0), tenant: "newsletter") }
        gateway.run(for: .seconds(60))
        #expect(try gateway.creations().count == 1)
        story.tenants = ""
        try gateway.reload(story)
        gateway.run(for: .seconds(5))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        story.tenants = "newsletter: { rate: 1/s }"
        try gateway.reload(story)
        for number in 10..<20 { _ = try gateway.send(alert(number), tenant: "newsletter") }
        gateway.run(for: .milliseconds(4_500))
        #expect(try gateway.creations().count == 10)
    }
}
