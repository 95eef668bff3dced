import Gateway
import JSON
import Testing

@Suite("Stories of lanes, outages and restarts")
struct LaneStories {
    static let smsThenCall = """
          first:
            success: delivered
            expires: 6h
            fallback:
              - { channel: sms, template: alert, deliver_within: 2m }
              - { channel: voice, template: alert }
        """

    static func alert(_ number: Int) -> JSONValue {
        ["to": .string("+41791\(100_000 + number)"), "template": "alert", "variables": ["item": "Bilge pump"]]
    }

    private func slow() -> StoryConfiguration {
        var story = StoryConfiguration(Self.smsThenCall)
        story.smsRate = "1/s"
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "long_code"]])
        story.phones = ["default": ["sms": ["deliver": "2s"]]]
        return story
    }

    @Test("e) 2,000 alerts on one long code: nobody is called because they wait")
    func storm() throws {
        let gateway = try VirtualGateway(slow())
        let ids = try (0..<2_000).map { try gateway.send(Self.alert($0)) }
        gateway.run(for: .seconds(2_100))
        #expect(try gateway.calls().isEmpty)
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(try gateway.texts("sms").count == 2_000)
        #expect(gateway.violations().isEmpty)
    }

    @Test("i) killed with 500 in lanes: all go out after the restart, once, and none escalates")
    func killed() throws {
        let gateway = try VirtualGateway(slow())
        let ids = try (0..<500).map { try gateway.send(Self.alert($0)) }
        gateway.run(for: .milliseconds(20_040))
        gateway.crash()
        gateway.run(for: .seconds(30))
        try gateway.restart()
        gateway.run(for: .seconds(900))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(try gateway.calls().isEmpty)
        #expect(try gateway.acceptedMessages() == 500)
        #expect(gateway.violations().isEmpty)
    }

    @Test(
        "the provider takes a text, and the process is away before it hears of it: found however late, and sent once",
        arguments: [20, 49, 70, 600, 7_200])
    func away(seconds: Int) throws {
        let gateway = try VirtualGateway(slow())
        gateway.run(for: .seconds(1))
        gateway.crash(.afterRequests)
        let id = try gateway.send(Self.alert(1))
        gateway.run(for: .seconds(seconds))
        try gateway.restart()
        gateway.run(for: .seconds(600))
        #expect(try gateway.texts("sms").count == 1, gateway.told(id))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try gateway.calls().isEmpty)
    }

    @Test("i) killed between a commit and its request: looked up, and sent once")
    func killedAfterCommit() throws {
        let gateway = try VirtualGateway(slow())
        gateway.run(for: .seconds(1))
        gateway.crashAfterNextCommit()
        let id = try gateway.send(Self.alert(1))
        gateway.run(for: .seconds(1))
        #expect(try gateway.texts("sms").isEmpty)
        #expect(try gateway.state(id).steps[0].status == .intent)
        try gateway.restart()
        gateway.run(for: .seconds(30))
        #expect(try gateway.texts("sms").isEmpty)
        gateway.run(for: .seconds(300))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try gateway.acceptedMessages() == 1)
    }

    @Test("2,000 receipts came while the gateway was down: each is asked for, slowly, and nobody is called meanwhile")
    func asksSlowly() throws {
        var story = slow()
        story.smsRate = "1000/s"
        story.latency = "900ms..1100ms"
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = ["default": ["sms": ["deliver": "20s"]]]
        let gateway = try VirtualGateway(story)
        let ids = try (0..<2_000).map { try gateway.send(Self.alert($0)) }
        gateway.run(for: .seconds(15))
        #expect(try gateway.acceptedMessages() == 2_000)
        gateway.crash()
        gateway.run(for: .seconds(300))
        try gateway.restart()
        gateway.run(for: .seconds(300))
        #expect(try gateway.calls().isEmpty)
        let lost = try ids.filter { try gateway.phase($0) != .satisfied }
        #expect(lost.isEmpty, lost.first.map(gateway.told))
        #expect(gateway.violations().isEmpty)
    }

    @Test("r) the token is rotated: held, operations are told, and it goes on by itself")
    func rotated() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, ack_within: 1h }
                  - { channel: voice, template: alert }
            """)
        story.phones = ["default": ["sms": ["deliver": "1s", "reply": ["text": "ok"]]]]
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        try gateway.control("PUT", "faults", ["faults": [["kind": "status", "status": 401]]])
        let id = try gateway.send(Self.alert(1))
        gateway.run(for: .seconds(900))
        #expect(try gateway.state(id).steps[0].status == .held(.senderStopped), gateway.told(id))
        #expect(gateway.notices.contains(.senderStopped(channel: "sms")))
        #expect(try gateway.acceptedCalls() == 0)
        try gateway.control("DELETE", "faults")
        gateway.run(for: .seconds(120))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.acceptedMessages() == 2)
    }

    @Test("r) a reload brings the new token: what was held goes at once")
    func rotatedByReload() throws {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert }]
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        try gateway.reload(story, authToken: "not the token", apiKey: "not the secret")
        gateway.run(for: .seconds(1))
        let id = try gateway.send(Self.alert(1))
        gateway.run(for: .seconds(300))
        #expect(try gateway.state(id).steps[0].status == .held(.senderStopped), gateway.told(id))
        try gateway.reload(story, authToken: "token of the stories", apiKey: "secret of the stories")
        gateway.run(for: .seconds(5))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
    }

    @Test("a reload leaves open deliveries their steps and gives new ones the new policy")
    func reloaded() throws {
        var story = slow()
        let gateway = try VirtualGateway(story)
        let old = try (0..<20).map { try gateway.send(Self.alert($0)) }
        gateway.run(for: .seconds(2))
        story.policies = """
              first:
                success: sent
                fallback: [{ channel: whatsapp, template: alert }]
            """
        try gateway.reload(story)
        gateway.run(for: .seconds(1))
        let new = try gateway.send(Self.alert(100))
        gateway.run(for: .seconds(2))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(120))
        #expect(try old.allSatisfy { try gateway.phase($0) == .satisfied })
        #expect(try gateway.phase(new) == .satisfied, gateway.told(new))
        #expect(try gateway.texts("sms").count == 20)
        #expect(try gateway.texts("whatsapp").count == 1)
    }
}
