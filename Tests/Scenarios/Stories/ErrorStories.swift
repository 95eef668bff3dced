import JSON
import MemoryStore
import Testing

@testable import Gateway

@Suite("Stories of errors that are kept")
struct ErrorStories {
    private static let refusal = StoreError(.full, "planned")
    private static let chain = """
          first:
            success: delivered
            expires: 6h
            fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
        """

    private func story(_ policies: String = Self.chain) -> StoryConfiguration {
        var story = StoryConfiguration(policies)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.smsRate = "1000/s"
        return story
    }

    /// A provider that answers every request for a text so.
    private func gateway(
        refusing status: Int, code: Int, times: Int = 1_000, _ policies: String = Self.chain
    ) throws -> VirtualGateway {
        var story = story(policies)
        story.faults = [
            [
                "kind": "status", "path": "Messages", "method": "POST", "status": .int(status), "code": .int(code),
                "times": .int(times),
            ]
        ]
        return try VirtualGateway(story)
    }

    /// All that is kept, the oldest first.
    private func errors(_ gateway: VirtualGateway) throws -> [ErrorRecord] {
        try gateway.records.errors(ErrorQuery(), before: nil, limit: 1_000).reversed()
    }

    private func codes(_ gateway: VirtualGateway) throws -> [String] { try errors(gateway).map(\.code) }

    @Test("a refusal is kept with its place, and so is the end that came of it")
    func refused() throws {
        let gateway = try gateway(refusing: 400, code: 21211)
        let id = try gateway.send(LaneStories.alert(1), tenant: "shop")
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        let errors = try errors(gateway)
        #expect(errors.map(\.code) == ["provider_invalid_recipient", "delivery_exhausted"])
        #expect(errors.map(\.severity) == [.warning, .error])
        #expect(errors.map(\.message) == [ErrorCode.providerInvalidRecipient, .deliveryExhausted].map(\.message))
        var context = ErrorContext()
        context.tenant = "shop"
        context.country = "CH"
        context.delivery = id
        context.message = id
        #expect(errors.last?.context == context)
        context.channel = "sms"
        context.provider = "twilio"
        context.step = 0
        context.attempt = 0
        context.providerCode = 21211
        #expect(errors.first?.context == context)
        #expect(errors.allSatisfy { $0.count == 1 && !$0.isShared && $0.first == $0.last })
    }

    @Test("messages without an error leave none, and no commit more than before")
    func none() throws {
        let gateway = try VirtualGateway(story())
        for number in 0..<20 { try gateway.accept(LaneStories.alert(number)) }
        gateway.run(for: .seconds(60))
        #expect(try gateway.acceptedMessages() == 20)
        #expect(try errors(gateway).isEmpty)
    }

    @Test("wrong credentials stop the sender: the refusal, the stop and nothing twice")
    func stopped() throws {
        let gateway = try gateway(refusing: 401, code: 20003)
        try gateway.accept(LaneStories.alert(1))
        gateway.run(for: .seconds(5))
        let errors = try errors(gateway)
        #expect(errors.map(\.code) == ["provider_auth", "sender_stopped"])
        #expect(errors.map(\.severity) == [.error, .critical])
        #expect(errors.last?.context.channel == "sms")
        #expect(errors.last?.context.providerCode == 20003)
    }

    @Test("a fault of the request is kept, also when it is reported after the last step")
    func requestFault() throws {
        let held = try gateway(refusing: 400, code: 21620)
        try held.accept(LaneStories.alert(1))
        held.run(for: .seconds(5))
        #expect(try codes(held) == ["provider_content", "request_fault"])
        var story = story()
        story.phones = ["default": ["sms": ["undelivered": 21620, "after": "1s"]]]
        let reported = try VirtualGateway(story)
        let id = try reported.send(LaneStories.alert(1))
        reported.run(for: .seconds(60))
        #expect(try reported.phase(id) == .exhausted, reported.told(id))
        #expect(reported.notices.contains(.requestFault(channel: "sms", code: 21620)))
        let errors = try errors(reported)
        #expect(errors.map(\.code).sorted() == ["attempt_undelivered", "delivery_exhausted", "request_fault"])
        #expect(errors.filter { $0.code != "delivery_exhausted" }.allSatisfy { $0.context.channel == "sms" })
    }

    @Test("ten deliveries have a row of their own; a flood is one more, with a count")
    func flood() throws {
        let gateway = try gateway(refusing: 400, code: 21211)
        for number in 0..<50 { try gateway.accept(LaneStories.alert(number)) }
        gateway.run(for: .seconds(60))
        let refusals = try errors(gateway).filter { $0.code == "provider_invalid_recipient" }
        #expect(refusals.count == 11)
        #expect(refusals.count { $0.isShared } == 1)
        #expect(refusals.first { $0.isShared }?.count == 40)
        #expect(Set(refusals.map(\.context.delivery)).count == 11)
        gateway.run(until: gateway.now + .seconds(3_600))
        try gateway.accept(LaneStories.alert(60))
        gateway.run(for: .seconds(60))
        #expect(try errors(gateway).count { $0.code == "provider_invalid_recipient" } == 12)
    }

    @Test("tries of one delivery that meet the same error are one row")
    func tries() throws {
        let gateway = try gateway(refusing: 429, code: 20429, times: 3)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(120))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        let errors = try errors(gateway)
        #expect(errors.map(\.code) == ["provider_rate_limited"])
        #expect(errors.first?.count == 3)
        #expect(errors.first.map { $0.first < $0.last } == true)
        #expect(errors.first?.context.attempt == 2)
    }

    @Test("an ambiguous request and a circuit that opens are kept")
    func outage() throws {
        let ambiguous = try gateway(refusing: 500, code: 20500, times: 1)
        try ambiguous.accept(LaneStories.alert(1))
        ambiguous.run(for: .seconds(1))
        #expect(try codes(ambiguous) == ["request_ambiguous"])
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = true
        for number in 0..<6 { try gateway.accept(LaneStories.alert(number)) }
        gateway.run(for: .milliseconds(100))
        let circuit = try #require(try errors(gateway).first { $0.code == "provider_circuit_opened" })
        #expect(circuit.context.provider == "twilio")
        #expect(circuit.context.tenant.isEmpty)
        #expect(circuit.isShared)
        #expect(try errors(gateway).contains { $0.code == "provider_unavailable" && $0.context.delivery != nil })
    }

    @Test("what a budget stops is kept")
    func budget() throws {
        var story = story()
        story.sections = """
            prices: { sms: { out: { per: segment, "*": 0.05 USD } } }
            budgets: { all: { per_day: 0.04 USD } }
            """
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(id) == .blockedBudget)
        #expect(try codes(gateway) == ["budget_denied", "delivery_blocked_budget"])
    }

    @Test("a report of a failure, and a receiver that cannot be told, are kept with their codes")
    func reports() throws {
        var story = story(Self.chain + "\n    on_exhausted: { webhook: \"http://hooks.test/ended\" }")
        story.phones = ["default": ["sms": ["undelivered": 30003, "after": "1s"]]]
        let gateway = try VirtualGateway(story)
        gateway.hook = { _ in .answered(status: 503, headers: [], body: []) }
        let id = try gateway.send(LaneStories.alert(1), tenant: "shop")
        gateway.run(for: .seconds(60))
        let errors = try errors(gateway)
        #expect(errors.map(\.code) == ["attempt_undelivered", "delivery_exhausted", "outgoing_failed"])
        #expect(errors.map(\.context.providerCode) == [30003, 0, 503])
        #expect(errors.allSatisfy { $0.context.delivery == id && $0.context.tenant == "shop" })
        #expect((errors.last?.count ?? 0) > 1)
        gateway.hook = { _ in .answered(status: 410, headers: [], body: []) }
        gateway.run(for: .seconds(3_600))
        #expect(try self.errors(gateway).filter { $0.code == "outgoing_gone" }.map(\.context.providerCode) == [410])
    }

    @Test("a webhook whose token leads nowhere is kept as its provider's")
    func unknownToken() throws {
        let gateway = try VirtualGateway(story())
        let request = Gateway.WebhookRequest(method: "POST", target: "/", headers: [], body: [])
        let event = WebhookEvent.report(token: "none", kind: .sms, AttemptReport(.delivered))
        gateway.submit(
            .webhook(WebhookInput(event: event, request: request, provider: "twilio"), ticket: gateway.takeTicket()))
        gateway.run(for: .seconds(1))
        let errors = try errors(gateway)
        #expect(errors.map(\.code) == ["webhook_unknown_token"])
        #expect(errors.first?.context.provider == "twilio")
    }

    @Test("an event that kills twice is kept, once for each time that it is barred")
    func crashed() throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .milliseconds(10))
        gateway.deaths = PlannedDeaths { $0.delivery == id }
        gateway.isSupervised = true
        gateway.crash()
        for _ in 0..<3 where gateway.core == nil { try gateway.restart() }
        gateway.run(for: .seconds(60))
        let crashes = try errors(gateway).filter { $0.code == "crashed_twice" }
        #expect(crashes.map(\.context.delivery) == [id])
        #expect(crashes.first?.severity == .critical)
    }

    @Test("a commit that fails takes its errors with it; they come again, with that of the store")
    func rolledBack() throws {
        let gateway = try gateway(refusing: 400, code: 21211)
        gateway.run(for: .seconds(1))
        try gateway.accept(LaneStories.alert(1))
        gateway.run(for: .milliseconds(5))
        gateway.store.failNextCommit(with: Self.refusal)
        gateway.run(for: .seconds(60))
        let errors = try errors(gateway)
        #expect(Set(errors.map(\.code)) == ["provider_invalid_recipient", "delivery_exhausted", "store_refused"])
        #expect(errors.allSatisfy { $0.count == 1 })
    }

    @Test("what the shell met is not lost with a commit that fails, and makes none by itself after that")
    func carried() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        var context = ErrorContext()
        context.provider = "twilio"
        let met = [ErrorOccurrence(.webhookBadSignature, context, count: 3)]
        gateway.store.failNextCommit(with: Self.refusal)
        gateway.submit(.errors(met))
        gateway.run(for: .seconds(1))
        let commits = gateway.store.commits
        gateway.submit(.tick)
        gateway.run(for: .seconds(60))
        #expect(gateway.store.commits == commits)
        #expect(try errors(gateway).isEmpty)
        try gateway.accept(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        let errors = try errors(gateway)
        #expect(Set(errors.map(\.code)) == ["webhook_bad_signature", "store_refused"])
        #expect(errors.first { $0.code == "webhook_bad_signature" }?.count == 3)
    }

    @Test("a restart keeps what is stored, and identifiers go on behind it")
    func restart() throws {
        let gateway = try gateway(refusing: 400, code: 21211)
        try gateway.accept(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        let before = try errors(gateway)
        #expect(before.count == 2)
        gateway.crash()
        try gateway.restart()
        #expect(try errors(gateway) == before)
        try gateway.accept(LaneStories.alert(2))
        gateway.run(for: .seconds(60))
        let after = try errors(gateway)
        #expect(Array(after.prefix(2)) == before)
        #expect(after.count == 4)
    }
}
