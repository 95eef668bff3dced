import JSON
import Testing

@testable import Gateway

@Suite("Stories of the auditor")
struct AuditStories {
    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
            """)
        story.phones = ["default": ["sms": "sent_only"]]
        return try VirtualGateway(story)
    }

    @Test("a delivery whose timer is lost is found, with the time since when, and no more once it has one")
    func lostTimer() throws {
        let gateway = try gateway()
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(10))
        let core = try #require(gateway.core)
        #expect(core.audit() == [])
        #expect(core.counters.oldestViolation == nil)
        core.heap = TimerHeap()
        #expect(core.audit() == [id])
        let since = try #require(core.counters.oldestViolation)
        gateway.run(for: .seconds(60))
        _ = try gateway.send(LaneStories.alert(2))
        gateway.run(for: .seconds(1))
        #expect(core.audit() == [id])
        #expect(core.counters.oldestViolation == since)
        #expect(core.counters.auditViolations == 1)
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(1))
        #expect(gateway.core?.audit() == [])
        #expect(gateway.core?.counters.oldestViolation == nil)
    }

    @Test("a round in parts finds each violation once, and a later round forgets what was mended")
    func parts() throws {
        let gateway = try gateway()
        let ids = try (0..<30).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(10))
        let core = try #require(gateway.core)
        let timers = core.heap
        core.heap = TimerHeap()
        let round = (0..<7).map { _ in core.auditNext(limit: 5) }
        #expect(round.map(\.parts) == [Int](repeating: 7, count: 7))
        #expect(round.flatMap(\.violations).sorted() == ids)
        #expect(round.allSatisfy { $0.violations.count < 15 })
        #expect(core.counters.auditViolations == 30)
        core.heap = timers
        let first = core.auditNext(limit: 5)
        #expect(first.violations == [])
        #expect(core.counters.auditViolations == 30 - round[0].violations.count)
        for _ in 1..<7 { #expect(core.auditNext(limit: 5).violations == []) }
        #expect(core.counters.auditViolations == 0)
        #expect(core.counters.oldestViolation == nil)
        // Fewer parts from the next round on.
        #expect(core.auditNext().parts == 1)
    }

    @Test("an intent whose request is not under way is found, though a query of it is")
    func lostRequest() throws {
        let gateway = try gateway()
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .milliseconds(10))
        let core = try #require(gateway.core)
        #expect(try gateway.state(id).steps[0].status == .intent)
        #expect(core.audit() == [])
        for number in core.exchanges.keys.sorted() { core.exchanges[number]?.purpose = .poll }
        #expect(core.audit() == [id])
    }

    @Test("requests are counted by channel and result, and a commit that fails takes nothing into account twice")
    func results() throws {
        let gateway = try gateway()
        for number in 0..<10 { _ = try gateway.send(LaneStories.alert(number)) }
        gateway.run(for: .milliseconds(15))
        for _ in 0..<5 { gateway.store.failNextCommit(with: StoreError(.full, "planned")) }
        gateway.run(for: .seconds(10))
        let lane = try #require(gateway.core?.gauges.ready.first { $0.channel == "sms" })
        #expect(lane.results.accepted == 10)
        #expect(lane.results.refused == 0)
        try gateway.control("PUT", "faults", ["faults": [["kind": "status", "status": 503]]])
        _ = try gateway.send(LaneStories.alert(11))
        gateway.run(for: .seconds(2))
        #expect(gateway.core?.gauges.ready.first { $0.channel == "sms" }?.results.ambiguous == 1)
    }
}
