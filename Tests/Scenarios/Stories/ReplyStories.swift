import Gateway
import JSON
import Testing

/// Answers to alerts of which the gateway knows only that the provider has accepted them.
@Suite("Stories of answers that come before the reports")
struct ReplyStories {
    private static let other = "+447700900143"

    /// No status callback comes; `more` are further faults.
    private func story(_ policies: String = AnswerStories.sms, _ more: JSONValue...) -> StoryConfiguration {
        var story = StoryConfiguration(policies)
        story.phones = ["default": ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]]]
        story.faults = .array([["kind": "callback", "what": "lost", "path": "Messages"]] + more)
        return story
    }

    private func write(_ text: String, _ gateway: VirtualGateway) throws {
        try gateway.control(
            "POST", "phones/\(TextStories.owner)/text",
            ["to": .string(StoryConfiguration.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    private func level(_ id: RecordID, _ gateway: VirtualGateway) throws -> EvidenceLevel? {
        try gateway.state(id).attempts.last?.level
    }

    @Test("the reports are lost, the person answers: the provider is asked, and the answer counts")
    func reportsLost() throws {
        let gateway = try VirtualGateway(story(TextStories.chain))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(10))
        #expect(try level(id, gateway) == .accepted)
        try write("OK", gateway)
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        gateway.run(for: .seconds(3_600))
        #expect(try gateway.creations().count == 1)
    }

    @Test("two alerts whose reports are lost are answered by one text")
    func both() throws {
        let gateway = try VirtualGateway(story())
        let ids = try (0..<2).map { _ in try gateway.send(TextStories.alert) }
        gateway.run(for: .seconds(10))
        try write("OK", gateway)
        for id in ids { #expect(try gateway.phase(id) == .acked, gateway.told(id)) }
    }

    @Test("a second 'OK' to an earlier alert answers nothing that still waits in the provider's queue")
    func queued() throws {
        var story = story()
        story.world["senders"] = .object([StoryConfiguration.sender: ["rate": "0.1/s"]])
        let gateway = try VirtualGateway(story)
        let first = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(5))
        var alert = TextStories.alert.object ?? [:]
        alert["to"] = .string(Self.other)
        for _ in 0..<2 { _ = try gateway.send(.object(alert)) }
        let second = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(5))
        for _ in 0..<2 { try write("OK", gateway) }
        #expect(try gateway.phase(first) == .acked, gateway.told(first))
        #expect(try gateway.phase(second) == .active, gateway.told(second))
        #expect(try gateway.state(second).reply == nil)
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(second) == .active, gateway.told(second))
        try write("OK", gateway)
        #expect(try gateway.phase(second) == .acked, gateway.told(second))
    }

    @Test("while the provider answers nothing, a text that names the alert counts, and one that does not waits")
    func named() throws {
        let silence: JSONValue = ["kind": "status", "status": 503, "method": "GET"]
        let gateway = try VirtualGateway(story(AnswerStories.sms, silence))
        let ids = try (0..<2).map { _ in try gateway.send(TextStories.alert) }
        gateway.run(for: .seconds(5))
        try write("OK", gateway)
        for id in ids { #expect(try gateway.phase(id) == .active, gateway.told(id)) }
        try write("ACK " + AcknowledgementCode(of: ids[1]).text, gateway)
        #expect(try gateway.phase(ids[0]) == .active, gateway.told(ids[0]))
        #expect(try gateway.phase(ids[1]) == .acked, gateway.told(ids[1]))
        #expect(try gateway.state(ids[1]).attempts[0].isDecisive)
    }

    @Test("killed before the provider has said it: it is asked again after the start")
    func killed() throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(10))
        try gateway.control(
            "POST", "phones/\(TextStories.owner)/text",
            ["to": .string(StoryConfiguration.sender), "body": "OK"])
        gateway.crash(.afterCommit)
        gateway.run(for: .seconds(20))
        try gateway.restart()
        #expect(try gateway.state(id).reply != nil)
        gateway.run(for: .seconds(2))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
    }

    @Test("of several channels the one that has reached the person is answered, not the newest")
    func broadcast() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                broadcast:
                  - { channel: whatsapp, template: alert }
                  - { channel: sms, template: alert }
                on_exhausted: review
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]]]
        story.whatsappSender = "+41791234568"
        story.world["senders"] = .object([
            StoryConfiguration.sender: ["rate": "0.01/s"], story.whatsappSender: ["rate": "10/s"],
        ])
        let gateway = try VirtualGateway(story)
        var alert = TextStories.alert.object ?? [:]
        alert["to"] = .string(Self.other)
        _ = try gateway.send(.object(alert))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(10))
        let family = try gateway.family(id)
        #expect(try family.dropFirst().map { try level($0, gateway) } == [.delivered, .accepted], gateway.told(id))
        try write("OK", gateway)
        #expect(try family.map(gateway.phase) == [.acked, .acked, .acked], gateway.told(id))
    }
}
