import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of a store that refuses")
struct StoreStories {
    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
                on_exhausted: review
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        return try VirtualGateway(story)
    }

    private static let refusal = StoreError(.full, "planned")

    @Test("a message whose commit failed is refused to its caller, and nothing of it leaves")
    func refused() throws {
        let gateway = try gateway()
        gateway.run(for: .seconds(1))
        gateway.store.failNextCommit(with: Self.refusal)
        let accepted = try gateway.accept(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        #expect(gateway.answers[accepted.ticket] == .unavailable(Self.refusal))
        #expect(try gateway.creations().isEmpty)
        #expect(gateway.core?.gauges.open == 0)
        let again = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(again) == .satisfied)
    }

    @Test("an answer whose commit failed is taken again, and windows stay as wide as they are")
    func answerAgain() throws {
        let gateway = try gateway()
        for number in 0..<20 {
            let id = try gateway.send(LaneStories.alert(number))
            gateway.run(for: .milliseconds(5))
            for _ in 0..<3 { gateway.store.failNextCommit(with: Self.refusal) }
            gateway.run(for: .seconds(20))
            #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        }
        #expect(try gateway.acceptedMessages() == 20)
        let gauges = try #require(gateway.core?.gauges)
        #expect(gauges.ready.allSatisfy { $0.inFlight == 0 && $0.waiting == 0 })
    }

    @Test("a timer whose commit failed fires again")
    func timerAgain() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                fallback:
                  - { channel: sms, template: alert, ack_within: 5m }
                  - { channel: whatsapp, template: alert, ack_within: 5m }
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(100))
        gateway.store.failNextCommit(with: Self.refusal)
        gateway.run(for: .seconds(210))
        #expect(try gateway.texts("whatsapp").count == 1, gateway.told(id))
    }

    @Test("a recovery whose commit failed is made again: nothing stays in intent")
    func recoverAgain() throws {
        let gateway = try gateway()
        gateway.run(for: .seconds(1))
        gateway.crashAfterNextCommit()
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(1))
        gateway.store.failNextCommit(with: Self.refusal)
        gateway.store.failNextCommit(with: Self.refusal)
        try gateway.restart()
        gateway.run(for: .seconds(10))
        #expect(try gateway.state(id).steps[0].status == .ambiguous, gateway.told(id))
        gateway.run(for: .seconds(300))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try gateway.acceptedMessages() == 1)
    }

    @Test("a reload whose commit failed loses no snapshot: what it accepted can be read again")
    func reloadAgain() throws {
        let gateway = try gateway()
        var story = StoryConfiguration(
            """
              first:
                success: sent
                expires: 6h
                fallback: [{ channel: sms, template: alert }]
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        gateway.run(for: .seconds(1))
        gateway.store.failNextCommit(with: Self.refusal)
        try gateway.reload(story)
        gateway.run(for: .seconds(1))
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .milliseconds(30))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(300))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
    }

    // MARK: what cannot be read is not taken for missing

    @Test("a repeated request whose earlier answer cannot be read is refused, and replayed when it can")
    func unreadableAnswer() throws {
        let gateway = try gateway()
        let key = IdempotencyKey(key: "default:one", fingerprint: "same")
        func handIn() throws -> EngineAnswer? {
            let accepted = try gateway.accept(LaneStories.alert(1)) {
                $0.idempotency = key
                $0.answer = [1]
            }
            gateway.run(for: .milliseconds(1))
            return gateway.answers[accepted.ticket]
        }
        #expect(try handIn() == .accepted([1]))
        gateway.run(for: .seconds(10))
        gateway.store.failNextRead(.answer, with: Self.refusal)
        #expect(try handIn() == .unavailable(Self.refusal))
        gateway.run(for: .seconds(10))
        #expect(try handIn() == .replayed([1]))
        gateway.run(for: .seconds(600))
        #expect(try gateway.acceptedMessages() == 1)
    }

    @Test("an acknowledgement of an ended delivery that cannot be read is refused, and counts when it can")
    func unreadableState() throws {
        let gateway = try gateway()
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .satisfied)
        gateway.store.failNextRead(.state, with: Self.refusal)
        let refused = gateway.act(.acknowledge, id)
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[refused] == .unavailable(Self.refusal))
        let taken = gateway.act(.acknowledge, id)
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[taken] == .acted(.acked))
    }

    @Test("a review that cannot be read when its delivery is acknowledged is closed all the same")
    func unreadableReview() throws {
        let gateway = try gateway()
        try gateway.control("PUT", "phones/+41791100001", ["sms": "sent_only"])
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(600))
        #expect(try gateway.reviews(id).map(\.isOpen) == [true])
        gateway.store.failNextRead(.openReview, with: Self.refusal)
        for _ in 0..<2 {
            gateway.act(.acknowledge, id)
            gateway.run(for: .seconds(1))
        }
        #expect(try gateway.reviews(id).map(\.isOpen) == [false])
    }

    @Test("an answer of a person whose alerts cannot be looked up is refused, and acknowledges when it is repeated")
    func unreadableLookUp() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                fallback: [{ channel: sms, template: alert, ack_within: 1h }]
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(60))
        gateway.store.failNextRead(.lookUp, with: Self.refusal)
        try gateway.control(
            "POST", "phones/+41791100001/text", ["to": .string(StoryConfiguration.sender), "body": "OK"])
        gateway.run(for: .seconds(2))
        let refused = try #require(gateway.received.last)
        #expect(refused.answer?.status == 503)
        #expect(try gateway.phase(id) == .active)
        let place = gateway.repeatWebhook(refused.request)
        gateway.run(for: .seconds(2))
        #expect(gateway.received[place].answer?.status == 200)
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
    }
}
