import Gateway
import JSON
import Testing

@Suite("Stories of calls that speak for several")
struct SharedCallStories {
    private static let owner = StoryConfiguration.owner
    private static let confirms: JSONValue = [
        "ring": "4s", "answer": "human", "do": [["hear": "15s"], ["press": "1"]],
    ]

    private func story(_ voice: JSONValue = confirms, keys: String = "") -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                \(keys)
                fallback:
                  - { channel: voice, template: alert, ring_timeout: 60s }
                  - { channel: sms, template: alert, ack_within: 1h }
                on_exhausted: review
              other:
                ack: { required: true }
                expires: 6h
                fallback: [{ channel: voice, template: alert, ring_timeout: 50s }]
            """)
        story.phones = CallStories.phone(voice)
        return story
    }

    private func alert(_ item: String, policy: String = "first", priority: String = "critical") -> JSONValue {
        [
            "to": .string(Self.owner), "template": "alert", "variables": ["item": .string(item)],
            "policy": .string(policy), "priority": .string(priority),
        ]
    }

    private func send(_ gateway: VirtualGateway, _ count: Int) throws -> [RecordID] {
        try (0..<count).map { try gateway.send(alert("Pump \($0)")) }
    }

    /// What the calls were told, document by document.
    private func documents(_ gateway: VirtualGateway) -> [String] {
        gateway.received.filter { $0.request.url.contains("/voice/") }.compactMap { entry in
            entry.answer.map { String(decoding: $0.body, as: UTF8.self) }
        }.filter { $0.contains("<Response>") }
    }

    /// Requests that end a call.
    private func endings(_ gateway: VirtualGateway) throws -> [SentRequest] {
        try gateway.requests().filter { $0.method == "POST" && $0.path.contains("/Calls/CA") }
    }

    @Test("three alerts at once: one call speaks of all, and one key acknowledges all")
    func together() throws {
        let gateway = try VirtualGateway(story())
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(60))
        #expect(try gateway.calls().count == 1)
        for id in ids {
            let state = try gateway.state(id)
            #expect(state.phase == .acked, gateway.told(id))
            #expect(state.attempts.count == 1 && state.callsUsed == 1)
            #expect(state.attempts[0].providerID == (try gateway.state(ids[0])).attempts[0].providerID)
        }
        #expect(try gateway.notes(ids[0]).contains(.bundled(attempt: 0, with: [ids[1], ids[2]])))
        #expect(try gateway.notes(ids[1]).contains(.bundled(attempt: 0, with: [ids[0]])))
        let first = try #require(documents(gateway).first)
        #expect(first.contains("You have 3 open alerts."))
        for item in 0..<3 { #expect(first.contains("Pump \(item) needs attention.")) }
        #expect(first.contains("Press 1 to confirm all."))
        #expect(gateway.violations().isEmpty)
        #expect(gateway.core?.counters.sharedCalls == 2)
    }

    @Test("those who come while the phone is in use share the next call, a minute after its end")
    func next() throws {
        let gateway = try VirtualGateway(story())
        let first = try gateway.send(alert("Pump"))
        gateway.run(for: .seconds(5))
        let others = try send(gateway, 4)
        gateway.run(for: .seconds(40))
        for id in others { #expect(try gateway.state(id).steps[0].status == .ready, gateway.told(id)) }
        gateway.run(for: .seconds(100))
        for id in others + [first] { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
        #expect(try gateway.calls().count == 2)
    }

    @Test("50 critical alerts for one person at once: five calls, a minute apart, and all are acknowledged")
    func fifty() throws {
        let gateway = try VirtualGateway(story())
        let ids = try send(gateway, 50)
        gateway.run(for: .seconds(900))
        for id in ids {
            #expect(try gateway.phase(id) == .acked, gateway.told(id))
            #expect(try gateway.state(id).attempts.count == 1)
        }
        let times = try gateway.calls().map(\.time)
        #expect(times.count == 5)
        for (one, next) in zip(times, times.dropFirst()) { #expect(next - one > .seconds(60)) }
        #expect(try gateway.texts("sms").isEmpty)
        #expect(gateway.violations().isEmpty)
    }

    @Test("busy is the outcome of each: each goes on for itself, and none calls again")
    func busy() throws {
        let gateway = try VirtualGateway(story(["ring": "3s", "outcome": "busy"]))
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(10))
        for id in ids {
            #expect(try gateway.state(id).steps[0].status == .failed(.busy), gateway.told(id))
            #expect(try gateway.state(id).steps[1].status == .submitted)
        }
        gateway.run(for: .seconds(7 * 3_600))
        #expect(try gateway.calls().count == 1)
        #expect(try gateway.texts("sms").count == 3)
    }

    @Test("'not me' and a machine are the outcome of each too", arguments: ["9", "machine"])
    func outcomes(what: String) throws {
        let voice: JSONValue =
            what == "9"
            ? ["ring": "4s", "answer": "human", "do": [["hear": "9s"], ["press": "9"]]]
            : ["ring": "4s", "answer": "machine"]
        let gateway = try VirtualGateway(story(voice))
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(300))
        let wanted: StepStatus = .failed(what == "9" ? .rejected : .machine)
        for id in ids { #expect(try gateway.state(id).steps[0].status == wanted, gateway.told(id)) }
        #expect(try gateway.calls().count == 1)
        // The words of one alert's template say nothing of the others.
        #expect(!documents(gateway).contains { $0.contains("Please call us back.") })
    }

    @Test("one that ends while the phone rings leaves the call, the one that placed it too", arguments: [0, 1])
    func leaves(who: Int) throws {
        let gateway = try VirtualGateway(
            story(["ring": "40s", "answer": "human", "do": [["hear": "15s"], ["press": "1"]]]))
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(10))
        gateway.act(.acknowledge, ids[who])
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(ids[who]) == .acked)
        #expect(try endings(gateway).isEmpty)
        gateway.run(for: .seconds(60))
        for id in ids { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
        let first = try #require(documents(gateway).first)
        #expect(first.contains("You have 2 open alerts."))
        #expect(!first.contains("Pump \(who) "))
        #expect(try gateway.calls().count == 1)
    }

    @Test("the last one that leaves ends the call")
    func lastLeaves() throws {
        let gateway = try VirtualGateway(story(["ring": "50s", "outcome": "no_answer"]))
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(10))
        for id in [ids[0], ids[2]] { gateway.act(.acknowledge, id) }
        gateway.run(for: .seconds(5))
        #expect(try endings(gateway).isEmpty)
        gateway.act(.cancel, ids[1])
        gateway.run(for: .seconds(5))
        #expect(try endings(gateway).count == 1)
        #expect(try gateway.state(ids[1]).attempts[0].call == .ended)
        #expect(gateway.core?.gauges.calls == 0)
    }

    @Test("a shared call that comes back when nobody wants it any more is ended")
    func tooLate() throws {
        var story = story(["ring": "50s", "outcome": "no_answer"])
        story.latency = "4s..5s"
        let gateway = try VirtualGateway(story)
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(1))
        for id in ids { gateway.act(.cancel, id) }
        gateway.run(for: .seconds(20))
        #expect(try endings(gateway).count == 1)
        #expect(gateway.core?.gauges.calls == 0)
    }

    @Test("503 although the call was placed: each finds it, and the key counts for all")
    func lookedUp() throws {
        var story = story(["ring": "50s", "answer": "human", "do": [["hear": "15s"], ["press": "1"]]])
        story.faults = [
            ["kind": "status", "status": 503, "path": "Calls", "method": "POST", "after_accepting": true, "times": 1],
            ["kind": "callback", "what": "lost", "times": 3],
        ]
        let gateway = try VirtualGateway(story)
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(30))
        for id in ids { #expect(try gateway.state(id).steps[0].status == .submitted, gateway.told(id)) }
        gateway.run(for: .seconds(300))
        for id in ids { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
        #expect(try gateway.acceptedCalls() == 1)
    }

    @Test("when every callback is lost each asks for itself, and none calls again")
    func lostCallbacks() throws {
        var story = story(["ring": "3s", "outcome": "busy"])
        story.faults = [["kind": "callback", "what": "lost"]]
        let gateway = try VirtualGateway(story)
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(900))
        for id in ids { #expect(try gateway.state(id).steps[0].status == .failed(.busy), gateway.told(id)) }
        #expect(try gateway.calls().count == 1)
    }

    @Test("a refused call is given back to each, and the next one speaks of all again")
    func refused() throws {
        var story = story()
        story.faults = [["kind": "status", "status": 429, "path": "Calls", "method": "POST", "times": 1]]
        let gateway = try VirtualGateway(story)
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(120))
        for id in ids {
            #expect(try gateway.phase(id) == .acked, gateway.told(id))
            #expect(try gateway.state(id).callsUsed == 1)
        }
        #expect(try gateway.acceptedCalls() <= 3)
    }

    @Test("who pays for a call is the one that placed it")
    func paid() throws {
        var story = story(keys: "budget: { per_delivery: 0.20 USD, on_budget: block }")
        story.sections = "prices: { voice: { out: { per: minute, \"*\": 0.05 USD } } }"
        let gateway = try VirtualGateway(story)
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(60))
        #expect(try ids.map { try gateway.state($0).reserved } == [150_000, 0, 0])
    }

    @Test("other settings of a call, and other tenants, share no call")
    func apart() throws {
        let gateway = try VirtualGateway(story())
        let first = try gateway.send(alert("Pump"))
        let others = [
            try gateway.send(alert("Mast", policy: "other")), try gateway.send(alert("Hull"), tenant: "shop"),
        ]
        gateway.run(for: .seconds(10))
        #expect(try gateway.state(first).attempts.count == 1)
        for id in others { #expect(try gateway.state(id).steps[0].status == .ready, gateway.told(id)) }
        gateway.run(for: .seconds(300))
        for id in others + [first] { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
        #expect(try gateway.calls().count == 3)
    }

    @Test("a call speaks of no more than it has time for")
    func longTexts() throws {
        let gateway = try VirtualGateway(story())
        let words = String(repeating: "pump ", count: 100)
        let ids = try (0..<7).map { try gateway.send(alert(words + String($0))) }
        gateway.run(for: .seconds(400))
        for id in ids { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
        // 150 s at 12 characters are three of 517.
        #expect(try gateway.calls().count == 3)
    }

    @Test("each alert is spoken in its language, critical ones first")
    func languages() throws {
        let gateway = try VirtualGateway(story())
        let first = try gateway.send(alert("Eins"))
        gateway.run(for: .seconds(2))
        _ = try gateway.send(alert("Slow", priority: "low"))
        var german = alert("Zwei").object ?? [:]
        german["locale"] = "de"
        _ = try gateway.send(.object(german))
        gateway.run(for: .seconds(200))
        #expect(try gateway.phase(first) == .acked)
        let shared = try #require(documents(gateway).first { $0.contains("Zwei") })
        let spoken = try #require(shared.range(of: "Zwei braucht Aufmerksamkeit."))
        let slow = try #require(shared.range(of: "Slow needs attention."))
        #expect(spoken.lowerBound < slow.lowerBound)
        #expect(shared.contains("Sie haben 2 offene Meldungen."))
    }

    // MARK: kills

    /// Three alerts wait out the distance to an earlier call; from here on turns are counted.
    private func waiting(seed: UInt64 = 1) throws -> (gateway: VirtualGateway, ids: [RecordID]) {
        let gateway = try VirtualGateway(story(), seed: seed)
        _ = try gateway.send(alert("First"))
        gateway.run(for: .seconds(22))
        let ids = try send(gateway, 3)
        gateway.run(for: .seconds(30))
        for id in ids { #expect(try gateway.state(id).steps[0].status == .ready, gateway.told(id)) }
        return (gateway, ids)
    }

    /// Lets time pass; a process that died is started again some seconds later.
    private func run(_ gateway: VirtualGateway, _ span: Duration) throws {
        let end = gateway.now + span
        while gateway.now < end {
            gateway.run(until: min(end, gateway.now + .seconds(15)))
            if gateway.core == nil { try gateway.restart() }
        }
    }

    @Test(
        "killed at any moment: never a second call, all or none, and nobody is forgotten",
        arguments: VirtualGateway.Death.allCases, 1...12)
    func killed(moment: VirtualGateway.Death, turn: Int) throws {
        let (gateway, ids) = try waiting()
        gateway.crash(moment, inTurn: turn)
        try run(gateway, .seconds(180))
        let placed = try gateway.acceptedCalls()
        #expect(placed <= 2)
        #expect(gateway.violations().isEmpty)
        let states = try ids.map { try gateway.state($0) }
        for (id, state) in zip(ids, states) {
            #expect(state.callsUsed == 1, gateway.told(id))
            #expect(state.attempts.count { $0.step == 0 && $0.status != .refused } == 1, gateway.told(id))
        }
        // The key was pressed while nobody listened: the others know as little of it as the first.
        #expect(Set(states.map(\.phase)).count == 1, gateway.told(ids[1]))
        try run(gateway, .seconds(7 * 3_600))
        for id in ids { #expect(try gateway.phase(id).isTerminal, gateway.told(id)) }
        #expect(try gateway.acceptedCalls() == placed)
    }

    @Test("a commit that fails with a shared call in it: all join the next one", arguments: 1...4)
    func failedCommit(times: Int) throws {
        let (gateway, ids) = try waiting()
        gateway.run(for: .seconds(25))
        for _ in 0..<times {
            gateway.store.failNextCommit(with: StoreError(.full, "planned"))
            gateway.run(for: .seconds(1))
        }
        gateway.run(for: .seconds(120))
        for id in ids { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
        #expect(try gateway.acceptedCalls() == 2)
    }

    @Test("a bad hour of one person's alerts: no phone rings twice at once or too soon", arguments: 1...12)
    func badHour(seed: Int) throws {
        var story = story(
            seed % 2 == 0 ? Self.confirms : ["ring": "20s", "outcome": "no_answer"], keys: "max_calls: 2")
        story.faults = RandomWorld.faults
        let gateway = try VirtualGateway(story, seed: UInt64(seed))
        gateway.gathering = 0...3
        var ids: [RecordID] = []
        for index in 0..<30 {
            try run(gateway, .milliseconds(gateway.number(in: 0...90_000)))
            if index % 5 == 4 { gateway.crash(VirtualGateway.Death.allCases[index % 3], inTurn: 1 + index % 4) }
            ids.append(try gateway.send(alert("Pump \(index)")))
        }
        try run(gateway, .seconds(8 * 3_600))
        var known: [RecordID] = []
        for id in ids where try gateway.store.state(of: id) != nil { known.append(id) }
        for id in known {
            let state = try gateway.state(id)
            #expect(state.phase.isTerminal, gateway.told(id))
            #expect(state.attempts.count { $0.step == 0 && $0.status != .refused } <= 1, gateway.told(id))
        }
        #expect(known.count > 15)
        #expect(gateway.violations().isEmpty)
        #expect(try gateway.acceptedCalls() < known.count)
        #expect(try overlaps(gateway).isEmpty)
    }

    /// Calls that began before the one before them had ended: of a story that stays within a day.
    private func overlaps(_ gateway: VirtualGateway) throws -> [String] {
        // The time of `Mon, 23 Nov 2026 12:00:00 +0000`.
        func clock(_ text: String?) -> String { String((text ?? "").dropFirst(17).prefix(8)) }
        let calls = try gateway.sent("Calls", "calls").map { call in
            (start: clock(call["date_created"]?.string), end: clock(call["end_time"]?.string))
        }.sorted { $0.start < $1.start }
        #expect(calls.count > 3 && calls.allSatisfy { $0.start.count == 8 })
        return zip(calls, calls.dropFirst()).filter { $1.start < $0.end }.map { "\($0.end) and \($1.start)" }
    }
}
