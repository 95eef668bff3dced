import Gateway
import JSON
import Testing

@Suite("Stories of calls")
struct CallStories {
    static let call = """
          first:
            ack: { required: true }
            expires: 6h
            fallback:
              - { channel: voice, template: alert, ring_timeout: 30s, machine: leave_message }
            on_exhausted: review
        """
    static let owner = StoryConfiguration.owner
    static let alert = TextStories.alert

    static func phone(_ voice: JSONValue) -> JSONValue {
        .object([owner: ["voice": voice, "whatsapp": ["deliver": "1s"], "sms": ["deliver": "1s"]]])
    }

    static let confirms: JSONValue = ["ring": "4s", "answer": "human", "do": [["hear": "8s"], ["press": "1"]]]

    @Test("g) 503 although the call was placed: no second call, and the key still counts")
    func placedAllTheSame() throws {
        var story = StoryConfiguration(Self.call)
        story.phones = Self.phone(Self.confirms)
        story.faults = [["kind": "status", "status": 503, "path": "Calls", "after_accepting": true, "times": 1]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(900))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.calls().count == 1)
        #expect(try gateway.acceptedCalls() == 1)
    }

    @Test("g) 503 and nothing was placed: the call stays spent and a person looks")
    func placedNothing() throws {
        var story = StoryConfiguration(Self.call)
        story.phones = Self.phone(Self.confirms)
        story.faults = [["kind": "status", "status": 503, "path": "Calls", "method": "POST", "times": 1]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(7 * 3_600))
        #expect(try gateway.calls().count == 1)
        #expect(try gateway.acceptedCalls() == 0)
        #expect(try gateway.phase(id).isTerminal)
        #expect(try gateway.reviews(id).contains { $0.reason == "call_unproven" })
    }

    @Test("h) the provider closed an idle connection: the call is still made, on a connection of its own")
    func idleConnection() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, ack_within: 5m }
                  - { channel: voice, template: alert }
            """)
        story.phones = Self.phone(Self.confirms)
        story.faults = [["kind": "idle_close", "path": "Messages"]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(1_200))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.acceptedCalls() == 1)
        #expect(try gateway.calls().count == 1)
    }

    @Test("j) declined, and calls back after a minute: hears the alert and presses 1")
    func callsBack() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: voice, template: alert }
                  - { channel: sms, template: alert, ack_within: 1h }
            """)
        story.phones = Self.phone(["ring": "3s", "outcome": "declined"])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(60))
        #expect(try gateway.state(id).steps[0].status == .failed(.declined))
        try gateway.control(
            "POST", "phones/\(Self.owner)/call",
            ["to": .string(StoryConfiguration.sender), "do": [["hear": "12s"], ["press": "1"]]])
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.calls().count == 1)
        let spoken = try gateway.webhooks().compactMap { $0["url"]?.string }
        #expect(spoken.contains { $0.contains("/voice/inbound") })
    }

    @Test("k) voicemail after 20 seconds, a message is left: not delivered, the chain goes on")
    func voicemail() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: voice, template: alert, ring_timeout: 40s, machine: leave_message }
                  - { channel: sms, template: alert, ack_within: 5m }
            """)
        story.phones = Self.phone(["ring": "20s", "answer": "machine"])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(360))
        let state = try gateway.state(id)
        #expect(state.attempts[0].level < .delivered)
        #expect(state.steps[0].status == .failed(.machine))
        #expect(try gateway.texts("sms").count == 1)
        #expect(try gateway.calls().count == 1)
    }

    @Test("l) a human taken for a machine presses 1 in the message: acknowledged")
    func mistaken() throws {
        var story = StoryConfiguration(Self.call)
        story.phones = Self.phone([
            "ring": "4s", "answer": "human", "detected_as": "machine_start", "detect": "3s",
            "do": [["hear": "20s"], ["press": "1"]],
        ])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(300))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.state(id).attempts[0].isMachine)
        #expect(try gateway.calls().count == 1)
    }

    @Test("a text is answered while the phone rings for the same alert: the ringing ends")
    func answeredWhileRinging() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, ack_within: 5m }
                  - { channel: voice, template: alert, ring_timeout: 60s }
            """)
        story.phones = Self.phone(["ring": "50s", "outcome": "no_answer"])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(320))
        #expect(try gateway.state(id).attempts[1].call == .ringing, gateway.told(id))
        try gateway.control(
            "POST", "phones/\(Self.owner)/text", ["to": .string(StoryConfiguration.sender), "body": "OK"])
        gateway.run(for: .seconds(2))
        #expect(try gateway.phase(id) == .acked)
        #expect(try gateway.notes(id).contains(.acknowledged(attempt: 0)), gateway.told(id))
        #expect(try gateway.notes(id).contains(.recalled(attempt: 1)), gateway.told(id))
        gateway.run(for: .seconds(5))
        #expect(try gateway.state(id).attempts[1].call == .ended)
    }
}
