import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of the daily caps of API keys")
struct CapStories {
    private static let refusal = StoreError(.full, "planned")

    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(LaneStories.smsThenCall)
        story.begins = "2026-11-23T22:30:00Z"
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.rules = "    - { name: never, when: { topic: never }, reject: refused }"
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        return gateway
    }

    private func key(_ id: String = "k", calls: Int? = nil, spend: Int64? = nil) -> KeyRecord {
        var key = KeyRecord(
            id: id, name: id, hash: "", scopes: ["*"], tenant: "default", created: Timestamp(milliseconds: 0))
        key.dailyCalls = calls
        key.dailySpend = spend
        return key
    }

    /// Hands a message in, runs its turn, and says whether it was accepted.
    private func isAccepted(
        _ gateway: VirtualGateway, _ key: KeyRecord, _ number: Int, micros: Int64 = 0,
        _ change: (inout AcceptInput) -> Void = { _ in }
    ) throws -> Bool {
        let ticket = try gateway.accept(LaneStories.alert(number), key: key, micros: micros, change).ticket
        gateway.run(for: .seconds(10))
        if case .accepted = gateway.answers[ticket] { return true }
        #expect(gateway.answers[ticket] == .capReached)
        return false
    }

    @Test("a cap on calls refuses what goes beyond it, is the key's own, and ends with the UTC day")
    func calls() throws {
        let gateway = try gateway()
        let capped = key(calls: 2)
        #expect(try isAccepted(gateway, capped, 1))
        #expect(try isAccepted(gateway, capped, 2))
        #expect(try !isAccepted(gateway, capped, 3))
        #expect(try isAccepted(gateway, key("other", calls: 1), 4))
        #expect(try isAccepted(gateway, key("free"), 5))
        gateway.run(for: .seconds(5_400))
        #expect(try isAccepted(gateway, capped, 6))
        #expect(try isAccepted(gateway, capped, 7))
        #expect(try !isAccepted(gateway, capped, 8))
    }

    @Test("a cap on spend counts the upper bounds, and a refused message costs nothing")
    func spend() throws {
        let gateway = try gateway()
        let capped = key(spend: 1_000)
        #expect(try isAccepted(gateway, capped, 1, micros: 600))
        #expect(try !isAccepted(gateway, capped, 2, micros: 600))
        #expect(try isAccepted(gateway, capped, 3, micros: 400))
        #expect(try !isAccepted(gateway, capped, 4, micros: 1))
        #expect(try !isAccepted(gateway, capped, 5, micros: .max - 1))
    }

    @Test("what was spent survives a kill, and two messages of one turn do not both pass")
    func killed() throws {
        let gateway = try gateway()
        let capped = key(calls: 3)
        let tickets = try (0..<5).map { try gateway.accept(LaneStories.alert($0), key: capped).ticket }
        gateway.run(for: .seconds(10))
        let answers = tickets.map { gateway.answers[$0] }
        #expect(answers.count { $0 == .capReached } == 2)
        #expect(answers.suffix(2) == [.capReached, .capReached])
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(1))
        #expect(try !isAccepted(gateway, capped, 6))
        let day = SpendRecord.day(of: gateway.now)
        #expect(try gateway.store.spends(onDay: day) == [SpendRecord(day: day, key: "k", calls: 3, micros: 0)])
    }

    @Test("a commit that fails gives back what it took")
    func givenBack() throws {
        let gateway = try gateway()
        let capped = key(calls: 1)
        gateway.store.failNextCommit(with: Self.refusal)
        let failed = try gateway.accept(LaneStories.alert(1), key: capped)
        gateway.run(for: .seconds(10))
        #expect(gateway.answers[failed.ticket] == .unavailable(Self.refusal))
        #expect(try isAccepted(gateway, capped, 2))
        #expect(try !isAccepted(gateway, capped, 3))
    }

    @Test("a repeated, a deduplicated and a rejected message spend nothing; a repeat is answered at the cap too")
    func spendsNothing() throws {
        let gateway = try gateway()
        let capped = key(calls: 2)
        func repeated(_ number: Int) throws -> EngineAnswer? {
            let accepted = try gateway.accept(LaneStories.alert(number), key: capped) {
                $0.idempotency = IdempotencyKey(key: "one", fingerprint: "same")
            }
            gateway.run(for: .milliseconds(100))
            return gateway.answers[accepted.ticket]
        }
        guard case .accepted(let answer) = try repeated(1) else {
            Issue.record("the first was not accepted")
            return
        }
        #expect(try repeated(1) == .replayed(answer))
        let open = try gateway.accept(LaneStories.alert(2), key: capped) { $0.dedupeKey = "default:d" }
        let same = try gateway.accept(LaneStories.alert(3), key: capped) { $0.dedupeKey = "default:d" }
        gateway.run(for: .milliseconds(100))
        #expect(gateway.answers[same.ticket] == .open(try #require(open.deliveries.first)))
        #expect(try isAccepted(gateway, capped, 4) { $0.isRejected = true })
        #expect(try repeated(1) == .replayed(answer))
        #expect(try !isAccepted(gateway, capped, 5))
    }
}
