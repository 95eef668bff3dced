import Gateway
import JSON
import Testing

@Suite("Stories of how often one person may be reached")
struct ExposureStories {
    private func story(_ limits: String, onExhausted: String = "review") -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert }, { channel: whatsapp, template: alert }]
                on_exhausted: \(onExhausted)
              calls:
                ack: { required: true }
                expires: 6h
                cooldown: 0s
                fallback: [{ channel: voice, template: alert }, { channel: sms, template: alert, ack_within: 1h }]
            """)
        story.gatewayKeys = "per_person: { \(limits) }"
        story.phones = CallStories.phone(["ring": "3s", "outcome": "busy"])
        return story
    }

    private func send(
        _ gateway: VirtualGateway, policy: String = "first", priority: String = "normal", tenant: String = "default"
    ) throws -> RecordID {
        var body = CallStories.alert.object ?? [:]
        body["policy"] = .string(policy)
        body["priority"] = .string(priority)
        let id = try gateway.send(.object(body), tenant: tenant)
        gateway.run(for: .seconds(20))
        return id
    }

    @Test("a text beyond the limit is not sent on any channel, and what follows the chain follows")
    func texts() throws {
        let gateway = try VirtualGateway(story("texts: 2/d, calls: 1/d"))
        let sent = try [send(gateway), send(gateway, tenant: "other")]
        for id in sent { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        let third = try send(gateway)
        #expect(try gateway.state(third).steps.map(\.status) == [.skipped(.exposure), .skipped(.exposure)])
        #expect(try gateway.phase(third) == .exhausted)
        #expect(try gateway.reviews(third).map(\.reason) == ["exhausted"])
        #expect(try gateway.acceptedMessages() == 2)
    }

    @Test("a chain that would end in silence asks a person")
    func silent() throws {
        let gateway = try VirtualGateway(story("texts: 1/d, calls: 1/d", onExhausted: "nothing"))
        _ = try send(gateway)
        let second = try send(gateway)
        #expect(try gateway.phase(second) == .exhausted)
        #expect(try gateway.reviews(second).map(\.reason) == ["exposure"])
    }

    @Test("the limit opens again when the oldest is a day old")
    func nextDay() throws {
        let gateway = try VirtualGateway(story("texts: 1/d, calls: 1/d"))
        _ = try send(gateway)
        gateway.run(for: .seconds(86_300))
        #expect(try gateway.phase(try send(gateway)) == .exhausted)
        gateway.run(for: .seconds(100))
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        #expect(try gateway.phase(try send(gateway)) == .exhausted)
    }

    @Test("a kill forgets nothing, nor does a commit that fails")
    func killed() throws {
        let gateway = try VirtualGateway(story("texts: 2/d, calls: 1/d"))
        gateway.store.failNextCommit(with: StoreError(.busy, "planned"))
        _ = try? gateway.send(CallStories.alert)
        gateway.run(for: .seconds(20))
        let before = try gateway.acceptedMessages()
        for _ in before..<2 { #expect(try gateway.phase(try send(gateway)) == .satisfied) }
        gateway.crash()
        try gateway.restart()
        #expect(try gateway.phase(try send(gateway)) == .exhausted)
        #expect(try gateway.acceptedMessages() == 2)
    }

    @Test("calls and texts are counted apart, and a call too many goes on with a text")
    func calls() throws {
        let gateway = try VirtualGateway(story("calls: 2/h"))
        for _ in 0..<2 {
            let id = try send(gateway, policy: "calls")
            #expect(try gateway.state(id).steps[0].status == .failed(.busy), gateway.told(id))
        }
        let third = try send(gateway, policy: "calls")
        let steps = try gateway.state(third).steps
        #expect(steps[0].status == .skipped(.exposure))
        #expect(steps[1].status == .submitted, gateway.told(third))
        #expect(try gateway.calls().count == 2)
        gateway.run(for: .seconds(3_600))
        let fourth = try send(gateway, policy: "calls")
        #expect(try gateway.state(fourth).steps[0].status == .failed(.busy), gateway.told(fourth))
    }

    @Test("override lets urgent ones through, which count all the same")
    func override() throws {
        let gateway = try VirtualGateway(story("texts: 2/d, calls: 1/d, override: critical"))
        for _ in 0..<4 { #expect(try gateway.phase(try send(gateway, priority: "critical")) == .satisfied) }
        #expect(try gateway.phase(try send(gateway, priority: "high")) == .exhausted)
        gateway.crash()
        try gateway.restart()
        #expect(try gateway.phase(try send(gateway, priority: "high")) == .exhausted)
    }

    @Test("without override a critical alert is counted and kept back like any other")
    func critical() throws {
        let gateway = try VirtualGateway(story("texts: 1/d, calls: 1/d"))
        _ = try send(gateway, priority: "critical")
        #expect(try gateway.phase(try send(gateway, priority: "critical")) == .exhausted)
    }

    @Test("what the provider surely did not process does not count, and automatic replies do not")
    func refused() throws {
        var story = story("texts: 2/d, calls: 1/d")
        story.faults = [["kind": "status", "status": 400, "path": "Messages", "method": "POST", "times": 1]]
        let gateway = try VirtualGateway(story)
        let first = try send(gateway)
        #expect(try gateway.state(first).attempts.map(\.status) == [.refused, .submitted], gateway.told(first))
        try gateway.control(
            "POST", "phones/\(StoryConfiguration.owner)/text",
            ["to": .string(StoryConfiguration.sender), "body": "Hello"])
        gateway.run(for: .seconds(5))
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        #expect(try gateway.phase(try send(gateway)) == .exhausted)
    }

    @Test("a reload changes the limits of what waits too")
    func reloaded() throws {
        let gateway = try VirtualGateway(story("texts: 1/d, calls: 1/d"))
        _ = try send(gateway)
        #expect(try gateway.phase(try send(gateway)) == .exhausted)
        try gateway.reload(story("texts: 2/d, calls: 1/d"))
        gateway.run(for: .seconds(1))
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        #expect(try gateway.phase(try send(gateway)) == .exhausted)
    }
}
