import JSON
import Patterns
import Testing

@testable import Gateway
@testable import MemoryStore
@testable import Server

@Suite("Stories of what others are told: events")
struct EventStories {
    private func gateway(_ phone: JSONValue, tenants: String = "") throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first: { ack: { required: true }, expires: 2h, fallback: [{ channel: sms, template: alert }] }
              asked: { review: required, fallback: [{ channel: sms, template: alert }] }
            """)
        story.tenants = tenants
        story.phones = ["default": phone]
        return try VirtualGateway(story)
    }

    private static let reached: JSONValue = ["sms": ["deliver": "1s"]]

    private func write(_ text: String, _ gateway: VirtualGateway, from number: String = TextStories.owner) throws {
        try gateway.control(
            "POST", "phones/\(number)/text", ["to": .string(StoryConfiguration.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    @Test("an alert that is answered tells its whole way, and what answered it, in order")
    func way() throws {
        let gateway = try gateway(Self.reached)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(30))
        try write("OK", gateway)
        let events = try gateway.events()
        #expect(
            events.map(\.type) == [
                "message.accepted", "message.submitted", "message.sent", "message.delivered", "inbound.received",
                "message.acknowledged",
            ], gateway.told(id))
        #expect(events.map(\.position) == events.map(\.position).sorted())
        let message = try #require(try gateway.records.delivery(id)).message
        #expect(events.filter { $0.type.hasPrefix("message.") }.allSatisfy { $0.subject == message.text(.message) })
        let inbound = try #require(events.first { $0.type == "inbound.received" })
        #expect(inbound.alias == "twilio.sms.inbound")
        #expect(inbound.data["acknowledges"]?.bool == true)
        #expect(inbound.data["open_alerts"]?.array == [.string(id.text(.delivery))])
        #expect(try gateway.records.inbound(before: nil, limit: 1).first?.id.text(.inbound) == inbound.subject)
        #expect(events[3].alias == "twilio.sms.status")
    }

    @Test("no event has a text or a whole number")
    func nothingPersonal() throws {
        let gateway = try gateway(Self.reached)
        _ = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(5))
        try write("what is this, please?", gateway)
        try write("STOP", gateway)
        try write("who are you", gateway, from: "+447700900199")
        let text = try gateway.events().map { String(decoding: $0.cloudEvent.bytes(), as: UTF8.self) }.joined()
        #expect(text.contains("consent.changed") && text.contains("review.opened"))
        for secret in ["900142", "900199", "Main engine", "please", "who are"] { #expect(!text.contains(secret)) }
    }

    @Test("a stranger's message opens a review, and a rule's event has the name that the rule gives it")
    func people() throws {
        let gateway = try gateway(Self.reached)
        try write("hello", gateway)
        var contact = ContactRecord(id: "ana", name: "Ana")
        contact.addresses = [ContactAddress(kind: "phone", value: TextStories.owner, verified: true)]
        try gateway.store.put(contact)
        try write("hello again", gateway)
        let events = try gateway.events()
        #expect(events.map(\.type) == ["review.opened", "inbound.received", "inbound.received", "rule.emitted"])
        #expect(events[0].subject == events[1].subject)
        #expect(events[3].alias == "message.received")
        #expect(events[3].data["contact"]?.string == "ana")
        #expect(events.allSatisfy { $0.tenant == nil })
        #expect(try gateway.events(["message.received"]).map(\.type) == ["rule.emitted"])
        #expect(try gateway.events(["twilio.sms.*"]).count == 2)
    }

    @Test("a person's call is told when it comes and when it is over, each once, however often the provider says so")
    func calls() throws {
        let gateway = try gateway(Self.reached)
        try gateway.control(
            "POST", "phones/\(TextStories.owner)/call",
            [
                "to": .string(StoryConfiguration.sender),
                "do": [["hear": "4s"], ["press": "1"], ["hear": "6s"], ["press": "2"], ["hear": "6s"]],
            ])
        gateway.run(for: .seconds(120))
        for request in gateway.received.map(\.request) {
            _ = gateway.repeatWebhook(request)
            gateway.run(for: .seconds(1))
        }
        let events = try gateway.events()
        #expect(events.map(\.type) == ["call.received", "call.ended"])
        #expect(events.map(\.alias) == ["twilio.voice.inbound", "twilio.voice.status"])
        #expect(events[0].data["provider_id"]?.string == events[1].subject)
        #expect((events[1].data["seconds"]?.int ?? 0) >= 10)
    }

    @Test("a review of a message is opened and closed under the message, with the verdict")
    func reviews() throws {
        let gateway = try gateway(Self.reached)
        var message = try #require(TextStories.alert.object)
        message["policy"] = "asked"
        let id = try gateway.send(.object(message))
        gateway.run(for: .seconds(1))
        gateway.answer(.approved, try #require(try gateway.reviews(id).first).id, by: "k7")
        gateway.run(for: .seconds(1))
        let events = try gateway.events(["review.*"])
        #expect(events.map(\.type) == ["review.opened", "review.closed"])
        #expect(events.last?.data["verdict"]?.string == "approved")
        #expect(events.last?.data["closed_by"]?.string == "k7")
        #expect(events.allSatisfy { $0.delivery == id && $0.tenant == "default" && $0.subject.hasPrefix("msg_") })
        #expect(try gateway.events(subject: id.text(.delivery)).count > 3)
    }

    @Test("consent is told when it changes and not when it is said once more")
    func consent() throws {
        let gateway = try gateway(Self.reached)
        gateway.run(for: .seconds(1))
        for isGranted in [true, true, false, true] {
            gateway.record(TextStories.owner, StoryConfiguration.sender, isGranted: isGranted)
        }
        let states = try gateway.events(["consent.changed"]).map { $0.data["state"]?.string }
        #expect(states == ["granted", "withdrawn", "granted"])
    }

    @Test("a batch is told when it is over, to its tenant, once")
    func batch() throws {
        let gateway = try MailingStories.gateway()
        _ = try gateway.accept(batch: MailingStories.batch(3, bad: 3))
        gateway.run(for: .seconds(60))
        let event = try #require(try gateway.events(["batch.completed"]).first)
        #expect(try gateway.events(["batch.*"]).count == 1)
        #expect(event.tenant == "default")
        #expect(event.data["accepted"]?.int == 2 && event.data["rejected"]?.int == 1)
        #expect(event.data["states"]?["satisfied"]?.int == 2)
        #expect(try gateway.events().filter { $0.data["batch"]?.string == event.subject }.count > 4)
    }

    @Test("tenants see what is theirs and what is nobody's")
    func tenants() throws {
        let gateway = try gateway(Self.reached, tenants: "shop: { rate: 5/s }")
        _ = try gateway.send(LaneStories.alert(1), tenant: "shop")
        _ = try gateway.send(LaneStories.alert(2))
        gateway.run(for: .seconds(10))
        try write("hello", gateway)
        #expect(Set(try gateway.events(tenant: "shop").map(\.tenant)) == ["shop", nil])
        #expect(Set(try gateway.events(tenant: "default").map(\.tenant)) == ["default", nil])
        #expect(Set(try gateway.events().map(\.tenant)) == ["shop", "default", nil])
    }

    @Test("a commit that fails tells nothing, and its effect is told once when it is there")
    func refused() throws {
        let gateway = try gateway(Self.reached)
        gateway.run(for: .seconds(1))
        gateway.store.failNextCommit(with: StoreError(.full, "planned"))
        try gateway.control(
            "POST", "phones/\(TextStories.owner)/text",
            ["to": .string(StoryConfiguration.sender), "body": "hello"])
        gateway.run(for: .seconds(60))
        let types = try gateway.events().map(\.type)
        let filed = try gateway.records.inbound(before: nil, limit: 9).count
        #expect(types.filter { $0 == "inbound.received" }.count == filed)
    }

    @Test("over kills at every moment sequences rise, and every page continues where the last one ended")
    func kills() throws {
        let gateway = try gateway(Self.reached)
        for (index, moment) in [VirtualGateway.Death.beforeCommit, .afterCommit, .afterRequests].enumerated() {
            try write("hello \(index)", gateway)
            _ = try gateway.send(LaneStories.alert(index))
            gateway.crash(moment)
            gateway.run(for: .seconds(1))
            if gateway.core == nil { try gateway.restart() }
            gateway.run(for: .seconds(30))
        }
        let all = try gateway.events()
        #expect(Set(all.map(\.position)).count == all.count)
        let feed = EventFeed(records: gateway.records, directory: gateway.directory)
        var pages: [GatewayEvent] = []
        var position = EventPosition.start
        while true {
            let page = try feed.page(after: position, EventFilter(tenant: nil), limit: 3)
            pages += page.events
            #expect(page.end >= position)
            position = page.end
            if page.isAtEnd { break }
        }
        #expect(pages == all)
        #expect(try feed.page(after: position, EventFilter(tenant: nil), limit: 3).events.isEmpty)
        #expect(try feed.page(after: .start, EventFilter(tenant: nil), limit: 500, rows: 2).isAtEnd == false)
        #expect(try feed.end() >= position)
    }
}

extension VirtualGateway {
    /// What others are told so far.
    func events(
        _ types: [String] = [], subject: String? = nil, tenant: String? = nil
    ) throws -> [GatewayEvent] {
        let filter = EventFilter(types: types.map { Glob($0) }, subject: subject, tenant: tenant)
        let page = try EventFeed(records: records, directory: directory)
            .page(after: .start, filter, limit: 10_000, rows: 100_000)
        #expect(page.isAtEnd)
        return page.events
    }
}
