import Gateway
import JSON
import MemoryStore
import Testing
import Zones

@Suite("Stories of budgets of days and months")
struct SharedBudgetStories {
    private static let refusal = StoreError(.full, "planned")
    private static let chain = """
          first: { fallback: [{ channel: sms, template: alert }] }
          second: { fallback: [{ channel: sms, template: alert }] }
        """

    /// A text costs 0.05; the story begins at 23:30 of the gateway's time.
    private func story(_ budgets: String) -> StoryConfiguration {
        var story = StoryConfiguration(Self.chain)
        story.begins = "2026-11-29T22:30:00Z"
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.sections = """
            prices: { sms: { out: { per: segment, "*": 0.05 USD } } }
            budgets: { \(budgets) }
            """
        return story
    }

    /// Sends a message and says where it ended.
    private func send(
        _ gateway: VirtualGateway, _ number: Int = 1, tenant: String = "default", with change: JSONObject = [:]
    ) throws -> DeliveryPhase {
        var message = try #require(LaneStories.alert(number).object)
        for member in change.members { message[member.key] = member.value }
        let id = try gateway.send(.object(message), tenant: tenant)
        gateway.run(for: .seconds(10))
        return try gateway.phase(id)
    }

    private func costs(_ gateway: VirtualGateway) throws -> [CostRecord] {
        try gateway.records.costs(from: 0, through: 99_999)
    }

    private static let today = CivilDate(year: 2026, month: 11, day: 29)?.daysSinceEpoch ?? 0

    @Test("a spent budget stops what costs more, but not what is critical or an emergency, which counts as well")
    func stopped() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.12 USD }"))
        let states = try [
            send(gateway), send(gateway), send(gateway), send(gateway, with: ["priority": "critical"]),
            send(gateway, with: ["class": "emergency"]), send(gateway, with: ["priority": "high"]),
        ]
        #expect(
            states == [.satisfied, .satisfied, .blockedBudget, .satisfied, .satisfied, .blockedBudget])
        let rows = try costs(gateway)
        #expect(rows.count == 1)
        #expect(rows.first?.attempts == 4)
        #expect(rows.first?.estimate == 200_000)
        #expect(
            rows.first.map { [$0.tenant, $0.policy, $0.channel, $0.country] } == ["default", "first", "sms", "CH"])
        #expect(rows.first?.day == Self.today)
    }

    @Test("who is let through is the budget's to say")
    func overrides() throws {
        let gateway = try VirtualGateway(
            story("all: { per_day: 0.04 USD, override: [marketing, high] }"))
        let states = try [
            send(gateway, with: ["class": "emergency"]), send(gateway, with: ["class": "marketing"]),
            send(gateway, with: ["priority": "critical"]), send(gateway),
        ]
        #expect(states == [.blockedBudget, .satisfied, .satisfied, .blockedBudget])
    }

    @Test("each tenant, policy and recipient has its own, where `only` names it")
    func subjects() throws {
        let tenants = try VirtualGateway(story("t: { of: tenant, only: [shop, mail], per_day: 0.05 USD }"))
        let states = try ["shop", "shop", "mail", "other", "other"].map { try send(tenants, tenant: $0) }
        #expect(states == [.satisfied, .blockedBudget, .satisfied, .satisfied, .satisfied])
        let policies = try VirtualGateway(story("p: { of: policy, per_day: 0.05 USD }"))
        let chosen = try ["first", "first", "second"].map { try send(policies, with: ["policy": .string($0)]) }
        #expect(chosen == [.satisfied, .blockedBudget, .satisfied])
        let people = try VirtualGateway(story("r: { of: recipient, per_day: 0.05 USD }"))
        #expect(try [1, 1, 2].map { try send(people, $0) } == [.satisfied, .blockedBudget, .satisfied])
        let spent = try people.records.recipientCosts(from: Self.today, through: Self.today, limit: 9)
        #expect(spent.map(\.spent) == [50_000, 50_000])
    }

    @Test("a day ends at midnight of the gateway's zone, a month with the calendar's")
    func calendar() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.05 USD, per_month: 0.06 USD }"))
        #expect(try send(gateway) == .satisfied)
        #expect(try send(gateway) == .blockedBudget)
        gateway.run(for: .seconds(1_800))
        // 30 November.
        #expect(try send(gateway) == .satisfied)
        gateway.run(for: .seconds(86_400))
        // 1 December: two in November do not count, which the provider took 0.015 for meanwhile.
        #expect(try send(gateway) == .satisfied)
        gateway.run(for: .seconds(86_400))
        #expect(try send(gateway) == .satisfied)
        gateway.run(for: .seconds(86_400))
        #expect(try send(gateway) == .blockedBudget)
        #expect(try costs(gateway).map { $0.day - Self.today } == [0, 1, 2, 3])
    }

    @Test("what was spent is exact after a kill and after a commit that failed")
    func exact() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.17 USD }"))
        #expect(try send(gateway) == .satisfied)
        gateway.crash()
        try gateway.restart()
        gateway.store.failNextRead(.spent, with: Self.refusal)
        try expectRefusal(gateway)
        #expect(try send(gateway) == .satisfied)
        gateway.store.failNextCommit(with: Self.refusal)
        try expectRefusal(gateway)
        #expect(try send(gateway) == .satisfied)
        #expect(try send(gateway) == .blockedBudget)
        #expect(try costs(gateway).map(\.attempts) == [3])
    }

    private func expectRefusal(_ gateway: VirtualGateway) throws {
        let refused = try gateway.accept(LaneStories.alert(1))
        gateway.run(for: .seconds(10))
        #expect(gateway.answers[refused.ticket] == .unavailable(Self.refusal))
    }

    @Test("what surely was not processed is given back, on the day on which it was counted")
    func givenBack() throws {
        var story = story("all: { per_day: 0.05 USD }")
        story.faults = [["kind": "status", "status": 429, "path": "Messages", "times": 1]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try gateway.state(id).attempts.map(\.status) == [.refused, .submitted])
        #expect(try costs(gateway).map(\.attempts) == [1])
        #expect(try costs(gateway).map(\.estimate) == [50_000])
    }

    @Test("messages of one turn do not all pass")
    func oneTurn() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.12 USD }"))
        let ids = try (0..<5).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(10))
        #expect(try ids.map(gateway.phase).count { $0 == .satisfied } == 2)
        #expect(try costs(gateway).map(\.attempts) == [2])
    }

    @Test("operations are told once when a threshold is passed")
    func alerts() throws {
        let gateway = try VirtualGateway(
            story("all: { per_day: 0.20 USD, alerts: [50, 75, 100] }, t: { of: tenant, per_month: 0.10 USD }"))
        for _ in 0..<4 { _ = try send(gateway, with: ["priority": "critical"]) }
        let told = gateway.notices.filter { if case .budget = $0 { true } else { false } }
        #expect(
            told == [
                .budget("all", of: "", .day, percent: 50), .budget("t", of: "default", .month, percent: 100),
                .budget("all", of: "", .day, percent: 75), .budget("all", of: "", .day, percent: 100),
            ])
    }

    @Test("a person lets a step beyond a shared budget go")
    func approved() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.04 USD, on_budget: review }"))
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(10))
        #expect(try gateway.state(id).steps[0].status == .held(.budget))
        let review = try #require(try gateway.reviews(id).first)
        gateway.answer(.approved, review.id)
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try costs(gateway).map(\.estimate) == [50_000])
    }

    @Test("a reload changes budgets at once; without any nothing is counted")
    func reloaded() throws {
        var free = story("all: { per_day: 1 USD }")
        free.sections = #"prices: { sms: { out: { per: segment, "*": 0.05 USD } } }"#
        let gateway = try VirtualGateway(free)
        #expect(try send(gateway) == .satisfied)
        #expect(try costs(gateway).isEmpty)
        try gateway.reload(story("all: { per_day: 0.07 USD }"))
        #expect(try send(gateway) == .satisfied)
        #expect(try send(gateway) == .blockedBudget)
        try gateway.reload(story("all: { per_day: 0.12 USD }"))
        #expect(try send(gateway) == .satisfied)
        #expect(try costs(gateway).map(\.attempts) == [2])
    }

    @Test("a text that may have been sent twice is flagged")
    func duplicates() throws {
        var story = story("all: { per_day: 1 USD }")
        story.policies = """
              first: { fallback: [{ channel: sms, template: alert, on_ambiguous: resend }] }
            """
        story.faults = [["kind": "status", "status": 503, "path": "Messages", "times": 1]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(300))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try costs(gateway).map(\.attempts) == [2])
        #expect(try costs(gateway).map(\.duplicates) == [1])
        #expect(try costs(gateway).map(\.duplicateEstimate) == [50_000])
    }

    // MARK: what providers take

    private func questions(_ gateway: VirtualGateway) throws -> [SentRequest] {
        try gateway.requests().filter { $0.method == "GET" && $0.path.contains("/Messages/") }
    }

    @Test("the provider's price counts from ten minutes on, for the budget, too")
    func settled() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.06 USD }"))
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(580))
        #expect(try send(gateway) == .blockedBudget)
        #expect(try questions(gateway).isEmpty)
        gateway.run(for: .seconds(20))
        #expect(try questions(gateway).count == 1)
        let row = try #require(try costs(gateway).first)
        #expect([row.settledEstimate, row.actual, row.estimate, row.spent] == [50_000, 7_500, 50_000, 7_500])
        #expect(row.settled == 1)
        #expect(try gateway.state(id).reserved == 7_500)
        #expect(try gateway.notes(id).last == .priced(attempt: 0, micros: 7_500))
        #expect(try gateway.store.settlements(limit: 9).isEmpty)
        #expect(try send(gateway) == .satisfied)
    }

    @Test("a price that never comes is asked for three times, over a kill as well; the estimate stays")
    func unsettled() throws {
        var story = story("all: { per_day: 1 USD }")
        story.phones = ["default": ["sms": ["fail": 30007]]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(700))
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(2 * 86_400))
        #expect(try questions(gateway).count == 3)
        let row = try #require(try costs(gateway).first)
        #expect(row.settled == 0)
        #expect(row.spent == 50_000)
        #expect(try gateway.store.settlements(limit: 9).isEmpty)
    }

    @Test("many prices are asked for a few at a time, and a commit that fails asks again")
    func paced() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 90 USD }"))
        for number in 0..<50 { _ = try gateway.send(LaneStories.alert(number)) }
        gateway.run(for: .seconds(595))
        gateway.store.failNextCommit(with: Self.refusal)
        gateway.run(for: .seconds(60))
        let row = try #require(try costs(gateway).first)
        #expect(row.attempts == 50 && row.settled == 50)
        #expect(row.spent == 50 * 7_500)
        #expect(gateway.violations().isEmpty)
    }
}
