import Gateway
import JSON
import Testing

@Suite("Stories of events that kill the process")
struct CrashStories {
    private func gateway(_ phone: JSONValue = ["sms": "sent_only"]) throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
                on_exhausted: review
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]], "+41791100001": phone]
        return try VirtualGateway(story)
    }

    /// The gateway that dies at events of one delivery, and that delivery.
    private func dying(
        _ gateway: VirtualGateway, _ alert: JSONValue = LaneStories.alert(1),
        at isDeadly: @escaping (CrashMark) -> Bool
    ) throws -> (id: RecordID, deaths: PlannedDeaths) {
        let id = try gateway.send(alert)
        gateway.run(for: .milliseconds(200))
        let deaths = PlannedDeaths { $0.delivery == id && isDeadly($0) }
        gateway.deaths = deaths
        gateway.isSupervised = true
        gateway.crash()
        try gateway.restart()
        if gateway.core == nil { try gateway.restart() }
        if gateway.core == nil { try gateway.restart() }
        return (id, deaths)
    }

    /// An alert that every start loads: one with a key does not rest.
    private func loadedAlert(_ key: String) -> JSONValue {
        var alert = LaneStories.alert(1).object ?? [:]
        alert["dedupe_key"] = .string(key)
        return .object(alert)
    }

    private func expectHeld(_ gateway: VirtualGateway, _ id: RecordID) throws {
        let state = try gateway.state(id)
        #expect(state.phase == .active)
        #expect(state.steps[0].status == .held(.crashedTwice), gateway.told(id))
        #expect(try gateway.notes(id).contains(.held(step: 0, .crashedTwice)))
        #expect(gateway.violations().isEmpty)
        #expect(gateway.notices.contains(.crashedTwice(delivery: id)))
        let reviews = try gateway.reviews(id)
        #expect(reviews.map(\.reason) == ["crashed_twice"])
        #expect(reviews.map(\.isOpen) == [true])
    }

    /// A clock, as the fingerprint of its timer has it.
    private static func clock(_ mark: CrashMark) -> ClockKind? {
        guard mark.kind == 7 else { return nil }
        return ClockKind(rawValue: UInt8(truncatingIfNeeded: mark.event >> 40) &- 1)
    }

    @Test("a timer that kills the process is barred at the third start; everything else goes on")
    func timer() throws {
        let gateway = try gateway()
        let (id, deaths) = try dying(gateway) { Self.clock($0) == .deliver }
        gateway.run(for: .seconds(300))
        #expect(deaths.count == 2)
        try expectHeld(gateway, id)
        let other = try gateway.send(LaneStories.alert(2))
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(other) == .satisfied)
        gateway.run(for: .seconds(6 * 3_600))
        #expect(try gateway.phase(id) == .expired)
        #expect(deaths.count == 2)
    }

    @Test("a delivery whose every timer kills the process ends all the same")
    func everyTimer() throws {
        let gateway = try gateway()
        let (id, deaths) = try dying(gateway) { $0.kind == 7 }
        gateway.run(for: .seconds(7 * 3_600))
        #expect(try gateway.phase(id) == .expired, gateway.told(id))
        #expect(deaths.count == 4)
        #expect(gateway.core?.gauges.open == 0)
        #expect(try gateway.reviews(id).map(\.isOpen) == [true])
    }

    @Test("a restart that kills the process is left out for that delivery")
    func restart() throws {
        let gateway = try gateway()
        let other = try gateway.send(LaneStories.alert(2))
        let (id, deaths) = try dying(gateway, loadedAlert("one")) { $0.kind == 14 }
        #expect(deaths.count == 2)
        try expectHeld(gateway, id)
        gateway.run(for: .seconds(100))
        #expect(try gateway.phase(other) == .satisfied, gateway.told(other))
        gateway.crash()
        try gateway.restart()
        #expect(deaths.count == 2)
        try expectHeld(gateway, id)
        // Operations are reminded at every start.
        #expect(gateway.notices.filter { $0 == .crashedTwice(delivery: id) }.count == 2)
    }

    @Test("two deliveries that kill every start are barred one after the other")
    func two() throws {
        let gateway = try gateway()
        let ids = try ["one", "two"].map { try gateway.send(loadedAlert($0)) }
        gateway.run(for: .milliseconds(200))
        let deaths = PlannedDeaths { ids.contains($0.delivery) && $0.kind == 14 }
        gateway.deaths = deaths
        gateway.crash()
        for _ in 0..<5 where gateway.core == nil { try gateway.restart() }
        #expect(gateway.core != nil)
        #expect(deaths.count == 4)
        gateway.run(for: .seconds(10))
        for id in ids { try expectHeld(gateway, id) }
    }

    @Test("a webhook that kills the process is answered when it is repeated, and an acknowledgement still counts")
    func webhook() throws {
        let gateway = try gateway(["sms": ["deliver": "30s"]])
        let (id, deaths) = try dying(gateway) { $0.kind == 6 && $0.event >> 28 & 0xF == 3 }
        gateway.run(for: .seconds(40))
        #expect(deaths.count == 1)
        let deadly = try #require(gateway.received.last?.request)
        for _ in 0..<2 {
            let place = gateway.repeatWebhook(deadly)
            gateway.run(for: .seconds(1))
            if deaths.count == 2, gateway.received[place].answer == nil { continue }
            #expect(gateway.received[place].answer?.status == 204)
        }
        #expect(deaths.count == 2)
        #expect(gateway.core?.counters.barredEvents == 1)
        try expectHeld(gateway, id)
        let ticket = gateway.act(.acknowledge, id)
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[ticket] == .acted(.acked))
        #expect(try gateway.reviews(id).contains { !$0.isOpen })
    }

    @Test("a late event of an ended delivery is barred too")
    func late() throws {
        let gateway = try gateway(["sms": ["deliver": "1s"]])
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .satisfied)
        let deaths = PlannedDeaths { $0.delivery == id && $0.kind == 8 }
        gateway.deaths = deaths
        gateway.isSupervised = true
        gateway.crash()
        try gateway.restart()
        for _ in 0..<3 {
            gateway.act(.acknowledge, id)
            gateway.run(for: .seconds(1))
        }
        #expect(deaths.count == 2)
        #expect(try gateway.phase(id) == .satisfied)
        #expect(try gateway.state(id).quarantined.count == 1)
    }

    @Test("a recovery whose bar cannot be committed does not start, and the next one bars")
    func barAgain() throws {
        let gateway = try gateway()
        let (id, _) = try dying(gateway) { Self.clock($0) == .deliver }
        gateway.isSupervised = false
        gateway.run(for: .seconds(300))
        try gateway.restart()
        gateway.run(for: .seconds(1))
        #expect(gateway.core == nil)
        gateway.store.failNextCommit(with: StoreError(.full, "planned"))
        #expect(throws: StoreError.self) { try gateway.restart() }
        try gateway.restart()
        gateway.run(for: .seconds(1))
        try expectHeld(gateway, id)
    }

    @Test("though many events kill the process, each delivery ends and nobody is called too often", arguments: [5, 6])
    func manyDeaths(seed: UInt64) throws {
        var world = try RandomWorld(seed: seed, count: 600)
        let deaths = PlannedDeaths { ($0.event ^ UInt64(bitPattern: $0.delivery.rawValue) &* 31) % 97 == 0 }
        world.gateway.deaths = deaths
        world.gateway.isSupervised = true
        try world.run()
        let gateway = world.gateway
        #expect(deaths.count > 10)
        #expect(gateway.notices.contains { if case .crashedTwice = $0 { true } else { false } })
        #expect(gateway.violations().isEmpty)
        #expect(gateway.core?.gauges.open == 0)
        for id in try world.family() { #expect(try gateway.phase(id).isTerminal, gateway.told(id)) }
        let allowed = try world.callsAllowed()
        for (number, count) in try gateway.placedCalls().sorted(by: { $0.key < $1.key }) {
            #expect(count <= allowed[number, default: 0], "\(number)")
        }
    }
}
