import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of messages that a person approves before they are sent")
struct ReviewStories {
    private static let refusal = StoreError(.full, "planned")

    private func story(_ policy: String = "review: required, review_within: 2h") -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first: { \(policy), expires: 2h, fallback: [{ channel: sms, template: alert }, { channel: voice, template: alert }] }
              plain: { fallback: [{ channel: sms, template: alert }] }
              later: { review: required, fallback: [{ channel: whatsapp, template: alert }] }
            """)
        story.phones = ["default": ["sms": ["undelivered": 30003], "voice": ["ring": "2s", "outcome": "busy"]]]
        story.sections = """
            prices:
              sms: { out: { per: segment, "*": 0.05 USD } }
              voice: { out: { per: minute, "*": 0.10 USD } }
            """
        return story
    }

    private func asked(_ gateway: VirtualGateway, _ id: RecordID) throws -> RecordID {
        try #require(try gateway.reviews(id).last { $0.isOpen }).id
    }

    @Test("nothing leaves before the approval, which says who gave it; `expires` runs from it")
    func approved() throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(90 * 60))
        #expect(try gateway.phase(id) == .review)
        #expect(gateway.violations().isEmpty)
        #expect(try gateway.creations().isEmpty)
        let review = try asked(gateway, id)
        let ticket = gateway.answer(.approved, review, by: "k7")
        gateway.run(for: .seconds(5))
        guard case .reviewed(let answered) = gateway.answers[ticket] else {
            Issue.record("\(String(describing: gateway.answers[ticket]))")
            return
        }
        #expect(try gateway.reviews(id) == [answered])
        #expect(answered.verdict == .approved)
        #expect(answered.closedBy == "k7")
        #expect(answered.closed != nil && !answered.isOpen)
        #expect(try gateway.creations().count >= 1)
        #expect(try gateway.state(id).expiresAt > gateway.now + .seconds(119 * 60))
    }

    @Test("the same answer once more, and another one, change nothing")
    func repeated() throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(1))
        let review = try asked(gateway, id)
        // In one turn, too.
        let tickets = [ReviewRecord.Verdict.dismissed, .dismissed, .approved].map { gateway.answer($0, review) }
        gateway.run(for: .seconds(1))
        #expect(try gateway.phase(id) == .rejected)
        let closed = try #require(try gateway.reviews(id).first)
        #expect(
            tickets.map { gateway.answers[$0] } == [.reviewed(closed), .reviewClosed(closed), .reviewClosed(closed)])
        let late = gateway.answer(.approved, review)
        let nowhere = gateway.answer(.approved, id)
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[late] == .reviewClosed(closed))
        #expect(gateway.answers[nowhere] == .notFound)
        #expect(try gateway.creations().isEmpty)
    }

    @Test("a rule asks for a review whatever policy the caller names")
    func rule() throws {
        var story = story()
        story.rules = "    - { name: looked at, when: { topic: offer.* }, review: required, continue: true }"
        let gateway = try VirtualGateway(story)
        var message = try #require(TextStories.alert.object)
        message["topic"] = "offer.new"
        message["policy"] = "plain"
        let id = try gateway.send(.object(message))
        message["topic"] = "other"
        let free = try gateway.send(.object(message))
        gateway.run(for: .seconds(30))
        #expect(try gateway.phase(id) == .review)
        #expect(try gateway.phase(free) == .exhausted)
        #expect(try gateway.texts("sms").count == 1)
    }

    @Test("what nobody approves in time expires, also over a kill, and its review closes")
    func unanswered() throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(7_200))
        #expect(try gateway.phase(id) == .expired)
        #expect(try gateway.reviews(id).map(\.isOpen) == [false])
        #expect(try gateway.reviews(id).map(\.verdict) == [nil])
        #expect(try gateway.creations().isEmpty)
    }

    @Test("an answer whose commit fails has not been given", arguments: [ReviewRecord.Verdict.approved, .dismissed])
    func refused(verdict: ReviewRecord.Verdict) throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(1))
        let review = try asked(gateway, id)
        gateway.store.failNextCommit(with: Self.refusal)
        let ticket = gateway.answer(verdict, review)
        gateway.run(for: .seconds(5))
        #expect(gateway.answers[ticket] == .unavailable(Self.refusal))
        #expect(try gateway.phase(id) == .review)
        gateway.store.failNextRead(.review, with: Self.refusal)
        let unread = gateway.answer(verdict, review)
        gateway.run(for: .seconds(5))
        #expect(gateway.answers[unread] == .unavailable(Self.refusal))
        gateway.answer(verdict, review)
        gateway.run(for: .seconds(5))
        #expect(try gateway.phase(id) != .review)
        #expect(try gateway.reviews(id).map(\.verdict) == [verdict])
    }

    @Test("a policy that takes over asks anew; its dismissal ends the story")
    func followUp() throws {
        let gateway = try VirtualGateway(story("on_exhausted: { policy: later }"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        let next = try #require(try gateway.family(id).last)
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        #expect(try gateway.phase(next) == .review)
        gateway.answer(.dismissed, try asked(gateway, next))
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(next) == .rejected)
        #expect(try gateway.texts("whatsapp").isEmpty)
    }

    @Test("rounds of what was approved need no other approval")
    func rounds() throws {
        let gateway = try VirtualGateway(story("review: required, repeat: { times: 1, gap: 1m }"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(1))
        gateway.answer(.approved, try asked(gateway, id))
        gateway.run(for: .seconds(300))
        #expect(try gateway.family(id).map(gateway.phase) == [.exhausted, .exhausted])
        #expect(try gateway.texts("sms").count == 2)
    }

    // MARK: budgets

    @Test("a step beyond the budget goes when somebody lets it, over a kill as well")
    func overBudget() throws {
        let gateway = try VirtualGateway(story("budget: { per_delivery: 0.20 USD, on_budget: review }"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        #expect(try gateway.state(id).steps[1].status == .held(.budget), gateway.told(id))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(60))
        #expect(gateway.violations().isEmpty)
        #expect(try gateway.reviews(id).map(\.reason) == ["budget"])
        gateway.answer(.approved, try asked(gateway, id))
        gateway.run(for: .seconds(300))
        #expect(try gateway.calls().count == 1, gateway.told(id))
        #expect(try gateway.state(id).reserved == 350_000)
        #expect(try gateway.notes(id).contains(.approved))
    }

    @Test("dismissed, it ends; a review that only tells cannot be approved, but dismissed")
    func dismissed() throws {
        let gateway = try VirtualGateway(
            story("on_exhausted: review, budget: { per_delivery: 0.20 USD, on_budget: review }"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        gateway.answer(.dismissed, try asked(gateway, id))
        gateway.run(for: .seconds(1))
        #expect(try gateway.phase(id) == .blockedBudget)
        #expect(try gateway.calls().isEmpty)
        let told = try VirtualGateway(story("on_exhausted: review"))
        let other = try told.send(TextStories.alert)
        told.run(for: .seconds(300))
        let review = try asked(told, other)
        let (no, yes) = (told.answer(.approved, review), told.answer(.dismissed, review))
        told.run(for: .seconds(1))
        #expect(told.answers[no] == .nothingToApprove)
        guard case .reviewed = told.answers[yes] else {
            Issue.record("a review that only tells was not dismissed")
            return
        }
        #expect(try !told.state(other).reviewIsOpen)
    }
}
