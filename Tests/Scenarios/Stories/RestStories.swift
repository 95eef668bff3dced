import JSON
import Testing

@testable import Gateway

@Suite("Stories of deliveries that rest in the store")
struct RestStories {
    private func gateway(_ phone: JSONValue, idle: Int = 0) throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, deliver_within: 2m, ack_within: 5m }
                  - { channel: whatsapp, template: alert, ack_within: 5m }
                on_exhausted: review
            """)
        story.idleLimit = idle
        story.smsRate = "1000/s"
        story.phones = ["default": ["sms": phone]]
        return try VirtualGateway(story)
    }

    private func resting(_ gateway: VirtualGateway) -> Int { gateway.core?.resting.count ?? 0 }

    @Test("what comes for one that rests is taken as for any other: receipts, a timer, an action, a withdrawal")
    func events() throws {
        let gateway = try gateway(["deliver": "10s"])
        let ids = try (0..<4).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(5))
        // The last turn's delivery goes to rest with the next turn.
        #expect(resting(gateway) == 3)
        #expect(gateway.core?.live.count == 1)
        #expect(gateway.core?.gauges.open == 4)
        gateway.run(for: .seconds(10))
        for id in ids { #expect(try gateway.state(id).attempts[0].level == .delivered, gateway.told(id)) }
        #expect(resting(gateway) == 3)
        let ticket = gateway.act(.acknowledge, ids[1])
        gateway.record("+41791100002", StoryConfiguration.sender, isGranted: false)
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[ticket] == .acted(.acked))
        #expect(try gateway.phase(ids[2]) == .suppressed, gateway.told(ids[2]))
        #expect(try gateway.texts("whatsapp").isEmpty)
        gateway.run(for: .seconds(400))
        let reached = try gateway.texts("whatsapp").compactMap { $0.form["To"] }
        #expect(reached.sorted() == ["whatsapp:+41791100000", "whatsapp:+41791100003"])
        #expect(gateway.violations().isEmpty)
    }

    @Test("as many stay in memory as may, those that were touched last")
    func limit() throws {
        let gateway = try gateway(["deliver": "1s"], idle: 3)
        let ids = try (0..<10).map { number in
            let id = try gateway.send(LaneStories.alert(number))
            gateway.run(for: .seconds(3))
            return id
        }
        #expect(resting(gateway) == 7)
        #expect(gateway.core?.live.keys.sorted() == Array(ids.suffix(3)))
        #expect(gateway.core?.audit() == [])
    }

    @Test("after a restart they rest where they are, and their timers fire when they are due")
    func restart() throws {
        let gateway = try gateway(["deliver": "1s"])
        let ids = try (0..<5).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(10))
        gateway.crash()
        gateway.run(for: .seconds(10))
        try gateway.restart()
        gateway.run(for: .seconds(1))
        #expect(resting(gateway) == 5)
        #expect(gateway.core?.recovered == 5)
        gateway.run(for: .seconds(600))
        for id in ids {
            let ended = try gateway.time(id) { $0 == .clock(step: 0, .ack) }
            let delivered = try gateway.time(id) { if case .evidence(_, .delivered, _) = $0 { true } else { false } }
            #expect((300_000...300_100).contains((ended - delivered).milliseconds), gateway.told(id))
        }
        #expect(try gateway.texts("whatsapp").count == 5)
    }

    @Test("an answer of a person whose alert rests acknowledges it")
    func answered() throws {
        let gateway = try gateway(["deliver": "1s"])
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(30))
        _ = try gateway.send(LaneStories.alert(2))
        gateway.run(for: .seconds(30))
        #expect(gateway.core?.resting.keys.sorted() == [id])
        try gateway.control(
            "POST", "phones/+41791100001/text", ["to": .string(StoryConfiguration.sender), "body": "OK"])
        gateway.run(for: .seconds(2))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
    }

    @Test("while the store cannot be read nothing of a turn happens, and nothing is lost")
    func unreadable() throws {
        let gateway = try gateway(["deliver": "10s"])
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(5))
        for _ in 0..<3 { gateway.store.failNextRead(with: StoreError(.failed, "planned")) }
        gateway.run(for: .seconds(600))
        #expect(gateway.core?.counters.rollbacks == 3)
        #expect(try gateway.state(id).attempts[0].level == .delivered, gateway.told(id))
        #expect(try gateway.texts("whatsapp").count == 1, gateway.told(id))
        #expect(gateway.violations().isEmpty)
    }

    @Test("what became due during an outage fires in portions, each once")
    func storm() throws {
        let gateway = try gateway(["deliver": "1s"])
        let ids = try (0..<2_500).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(60))
        #expect(resting(gateway) == 2_499)
        gateway.crash()
        gateway.run(for: .seconds(3_600))
        try gateway.restart()
        let turns = gateway.turns
        gateway.run(for: .milliseconds(1))
        #expect(gateway.turns > turns)
        gateway.run(for: .seconds(1_200))
        for id in ids { #expect(try gateway.notes(id).filter { $0 == .clock(step: 0, .ack) }.count == 1) }
        #expect(try gateway.texts("whatsapp").count == 2_500)
        #expect(gateway.violations().isEmpty)
    }
}
