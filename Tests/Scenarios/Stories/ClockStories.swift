import Gateway
import Testing

@Suite("Stories of a clock that is set")
struct ClockStories {
    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, deliver_within: 2m }
                  - { channel: voice, template: alert, ring_timeout: 30s }
                on_exhausted: review
            """)
        story.phones = [
            "+41791100001": ["sms": ["deliver": "1s"]],
            "default": ["sms": "sent_only", "voice": ["ring": "2s", "answer": "human", "do": [["hear": "6s"]]]],
        ]
        return try VirtualGateway(story)
    }

    /// One text and at most one call for each message, and an end.
    private func expectEnds(_ gateway: VirtualGateway, _ ids: [RecordID]) throws {
        for id in ids { #expect(try gateway.phase(id).isTerminal, gateway.told(id)) }
        #expect(try gateway.texts("sms").count == ids.count)
        #expect(try gateway.placedCalls().values.allSatisfy { $0 == 1 })
        #expect(gateway.core?.gauges.open == 0)
        #expect(gateway.violations().isEmpty)
        #expect(Set(ids).count == ids.count)
        #expect(ids == ids.sorted())
    }

    @Test("set back or forth while deliveries are under way, none is sent twice, none stays open", arguments: [-1, 1])
    func once(_ hours: Int64) throws {
        let gateway = try gateway()
        var ids = try [1, 2].map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(30))
        gateway.setClock(ahead: .seconds(hours * 3_600))
        ids += try [3, 4].map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(12 * 3_600))
        try expectEnds(gateway, ids)
    }

    @Test("a clock set forth asks the provider before anybody is called")
    func asksFirst() throws {
        let gateway = try gateway()
        try gateway.control("PUT", "faults", ["faults": [["kind": "callback", "what": "lost", "probability": 1]]])
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(30))
        #expect(try gateway.phase(id) == .active)
        gateway.setClock(ahead: .seconds(3_600))
        gateway.run(for: .seconds(120))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try gateway.calls().isEmpty)
    }

    @Test("set forth and back again and again, with restarts in between, each message is sent once and ends")
    func often() throws {
        let gateway = try gateway()
        var ids: [RecordID] = []
        for round in 1...12 {
            gateway.setClock(ahead: .seconds(Int64(round * 2_711 % 7_200) - 3_600))
            ids.append(try gateway.send(LaneStories.alert(round)))
            gateway.run(for: .seconds(20))
            if round % 3 == 0 {
                gateway.crash()
                try gateway.restart()
            }
        }
        gateway.setClock(ahead: .zero)
        gateway.run(for: .seconds(12 * 3_600))
        try expectEnds(gateway, ids)
    }
}
