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
}
