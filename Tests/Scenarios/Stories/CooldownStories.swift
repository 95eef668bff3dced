import Gateway
import JSON
import Testing

@Suite("Stories of the distance between calls")
struct CooldownStories {
    private static let owner = StoryConfiguration.owner

    private func story(cooldown: String? = nil) -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                \(cooldown.map { "cooldown: " + $0 } ?? "")
                fallback:
                  - { channel: voice, template: alert }
                  - { channel: sms, template: alert, ack_within: 5h }
            """)
        story.phones = CallStories.phone(["ring": "3s", "outcome": "busy"])
        return story
    }

    /// When the provider was asked for calls.
    private func times(_ gateway: VirtualGateway) throws -> [Timestamp] { try gateway.calls().map(\.time) }

    private func end(_ gateway: VirtualGateway, _ id: RecordID) throws -> Timestamp {
        try gateway.time(id) { if case .outcome(_, .busy, _) = $0 { true } else { false } }
    }

    /// The first alert was called and the line was busy; the second comes ten seconds later.
    private func twoAlerts(_ gateway: VirtualGateway) throws -> [RecordID] {
        let first = try gateway.send(CallStories.alert)
        gateway.run(for: .seconds(10))
        #expect(try gateway.state(first).steps[0].status == .failed(.busy), gateway.told(first))
        return [first, try gateway.send(CallStories.alert)]
    }

    @Test("the next call to a number comes a minute after the last one ended, and is ready meanwhile")
    func aMinute() throws {
        let gateway = try VirtualGateway(story())
        let ids = try twoAlerts(gateway)
        gateway.run(for: .seconds(30))
        #expect(try gateway.state(ids[1]).steps[0].status == .ready, gateway.told(ids[1]))
        #expect(gateway.violations().isEmpty)
        gateway.run(for: .seconds(60))
        let calls = try times(gateway)
        try #require(calls.count == 2)
        let distance = try calls[1] - end(gateway, ids[0])
        #expect(distance >= .seconds(60) && distance < .seconds(61))
    }

    @Test("other numbers do not wait")
    func others() throws {
        let gateway = try VirtualGateway(story())
        _ = try twoAlerts(gateway)
        let other = try gateway.send(["to": "+41791100001", "template": "alert", "variables": ["item": "Pump"]])
        gateway.run(for: .seconds(2))
        #expect(try gateway.state(other).attempts.count == 1)
    }

    @Test("a restart keeps the distance, whether the call's delivery is open or ended")
    func killed() throws {
        for isEnded in [false, true] {
            let gateway = try VirtualGateway(story())
            let ids = try twoAlerts(gateway)
            if isEnded { gateway.act(.acknowledge, ids[0]) }
            gateway.run(for: .seconds(5))
            #expect(try gateway.phase(ids[0]) == (isEnded ? .acked : .active))
            gateway.crash()
            gateway.run(for: .seconds(5))
            try gateway.restart()
            gateway.run(for: .seconds(90))
            let calls = try times(gateway)
            try #require(calls.count == 2)
            let distance = try calls[1] - end(gateway, ids[0])
            #expect(distance >= .seconds(60) && distance < .seconds(61))
        }
    }

    @Test("a policy says how long the distance is, also that there is none")
    func policies() throws {
        for (cooldown, wanted) in [("5m", Duration.seconds(300)), ("0s", .zero)] {
            let gateway = try VirtualGateway(story(cooldown: cooldown))
            let ids = try twoAlerts(gateway)
            let accepted = gateway.now
            gateway.run(for: .seconds(400))
            let calls = try times(gateway)
            try #require(calls.count == 2)
            let due = max(accepted, try end(gateway, ids[0]) + wanted)
            #expect(calls[1] - due < .seconds(1) && calls[1] >= due)
        }
    }

    @Test("what the provider surely did not process has rung nobody: the next call does not wait")
    func refused() throws {
        var story = story()
        story.faults = [["kind": "status", "status": 400, "path": "Calls", "method": "POST", "times": 1]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(CallStories.alert)
        gateway.run(for: .seconds(2))
        #expect(try gateway.state(id).attempts.map(\.status) == [.refused, .submitted], gateway.told(id))
    }

    @Test("a commit that fails neither loses the distance nor the one who waits for it")
    func failedCommit() throws {
        let gateway = try VirtualGateway(story())
        let ids = try twoAlerts(gateway)
        gateway.run(for: .seconds(30))
        for _ in 0..<2 {
            gateway.store.failNextCommit(with: StoreError(.busy, "planned"))
            _ = try gateway.send(["to": "+41791100001", "template": "alert", "variables": ["item": "Pump"]])
            gateway.run(for: .seconds(2))
        }
        gateway.store.failNextCommit(with: StoreError(.busy, "planned"))
        gateway.run(for: .seconds(60))
        let calls = try gateway.calls(to: Self.owner).map(\.time)
        try #require(calls.count == 2, gateway.told(ids[1]))
        #expect(try calls[1] - end(gateway, ids[0]) >= .seconds(60))
    }

    @Test("after a call of the person themself the gateway keeps the distance too; the person need not")
    func inbound() throws {
        let gateway = try VirtualGateway(story())
        let ids = try twoAlerts(gateway)
        try gateway.control(
            "POST", "phones/\(Self.owner)/call",
            ["to": .string(StoryConfiguration.sender), "do": [["hear": "5s"], ["hangup": true]]])
        gateway.run(for: .seconds(20))
        #expect(try gateway.webhooks().contains { $0["url"]?.string?.contains("/voice/inbound") ?? false })
        gateway.run(for: .seconds(45))
        #expect(try times(gateway).count == 1)
        gateway.run(for: .seconds(30))
        #expect(try times(gateway).count == 2, gateway.told(ids[1]))
    }
}
