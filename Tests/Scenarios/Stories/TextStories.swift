import Gateway
import JSON
import Testing

@Suite("Stories of texts and fallback")
struct TextStories {
    static let chain = """
          first:
            ack: { required: true }
            expires: 6h
            fallback:
              - { channel: whatsapp, template: alert, deliver_within: 3m, ack_within: 10m }
              - { channel: sms, template: alert, deliver_within: 2m, ack_within: 10m }
              - { channel: voice, template: alert, ring_timeout: 30s }
            on_exhausted: review
        """
    static let owner = StoryConfiguration.owner
    static let alert: JSONValue = [
        "to": .string(owner), "template": "alert", "variables": ["item": "Main engine"], "priority": "high",
    ]

    static func phone(_ script: JSONValue) -> JSONValue { .object([owner: script]) }

    @Test("a) WhatsApp delivered but unread, SMS delivered but not answered, call answered with 1: acknowledged")
    func escalates() throws {
        var story = StoryConfiguration(Self.chain)
        story.phones = Self.phone([
            "whatsapp": ["deliver": "1s"], "sms": ["deliver": "1s"],
            "voice": ["ring": "4s", "answer": "human", "do": [["hear": "8s"], ["press": "1"]]],
        ])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(3_600))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.texts("whatsapp", to: Self.owner).count == 1)
        #expect(try gateway.texts("sms", to: Self.owner).count == 1)
        #expect(try gateway.calls(to: Self.owner).count == 1)
        let whatsApp = try #require(try gateway.texts("whatsapp").first).time - story.start
        let sms = try #require(try gateway.texts("sms").first).time - story.start
        let call = try #require(try gateway.calls().first).time - story.start
        #expect(whatsApp < .seconds(1))
        // Each waits for its answer for ten minutes after its delivery, a second after it was sent.
        #expect(sms > .seconds(600) && sms < .seconds(610))
        #expect(call > .seconds(1_200) && call < .seconds(1_220))
        #expect(gateway.violations().isEmpty)
    }

    @Test("b) not on WhatsApp: 63024 by callback leads to the SMS, and the next alert skips WhatsApp")
    func notOnWhatsApp() throws {
        var story = StoryConfiguration(Self.chain)
        story.phones = Self.phone(["whatsapp": ["fail": 63024], "sms": ["deliver": "1s", "reply": ["text": "OK"]]])
        let gateway = try VirtualGateway(story)
        let first = try gateway.send(Self.alert)
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(first) == .acked, gateway.told(first))
        let sms = try #require(try gateway.texts("sms").first)
        let failed = try gateway.time(first) { if case .outcome(0, .failed, 63024) = $0 { true } else { false } }
        #expect(sms.time - failed < .milliseconds(100))
        let second = try gateway.send(Self.alert)
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(second) == .acked, gateway.told(second))
        #expect(try gateway.texts("whatsapp").count == 1)
        #expect(try gateway.texts("sms").count == 2)
        #expect(try gateway.state(second).steps[0].status == .skipped(.unfit))
        #expect(try gateway.calls().isEmpty)
    }

    @Test("c) free text outside the window: 63016 by callback leads to the template on the same channel")
    func outsideWindow() throws {
        var story = StoryConfiguration(Self.chain)
        // The first one meets a window that has closed; what comes after it arrives.
        story.phones = Self.phone(["whatsapp": ["fail": 63016, "after": "2s"]])
        let gateway = try VirtualGateway(story)
        try gateway.control(
            "POST", "phones/\(Self.owner)/text",
            ["to": .string(StoryConfiguration.sender), "channel": "whatsapp", "body": "hello"])
        gateway.run(for: .seconds(3_600))
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(1))
        try gateway.control(
            "PUT", "phones/\(Self.owner)", ["whatsapp": ["deliver": "1s", "reply": ["after": "5s", "text": "ok"]]])
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        let sent = try gateway.texts("whatsapp", to: Self.owner)
        #expect(sent.count == 2)
        #expect(sent.first?.form["Body"] != nil)
        #expect(sent.last?.form["ContentSid"] == "HX00000000000000000000000000000001")
        #expect(try gateway.texts("sms").isEmpty)
        #expect(try gateway.state(id).steps[0].useTemplate)
    }

    @Test("d) SMS stays sent in a country without receipts: the ack clock runs from there, nobody is called early")
    func noReceipts() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, ack_within: 15m }
                  - { channel: voice, template: alert }
            """)
        story.receipts = "  receipts: { sms: { GB: none } }"
        story.phones = Self.phone(["sms": "sent_only", "voice": ["ring": "20s", "outcome": "no_answer"]])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(890))
        #expect(try gateway.calls().isEmpty)
        #expect(try gateway.phase(id) == .active)
        gateway.run(for: .seconds(30))
        let call = try #require(try gateway.calls().first)
        let sent = try gateway.time(id) { if case .evidence(0, .sent, _) = $0 { true } else { false } }
        #expect(call.time - sent >= .seconds(900))
        #expect(call.time - sent < .seconds(901))
    }

    @Test("f) the provider answers 503 for 90 seconds: held, then sent, once")
    func outage() throws {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                fallback: [{ channel: sms, template: alert }]
            """)
        story.phones = Self.phone(["sms": ["deliver": "1s"]])
        let gateway = try VirtualGateway(story)
        try gateway.control("PUT", "faults", ["faults": [["kind": "status", "status": 503]]])
        gateway.plan(after: .seconds(90)) { _ = try? $0.control("DELETE", "faults") }
        var ids: [RecordID] = []
        for number in 0..<8 {
            ids.append(
                try gateway.send([
                    "to": .string("+44770090010\(number)"), "template": "alert", "variables": ["item": "Pump"],
                ]))
            gateway.run(for: .seconds(2))
        }
        gateway.run(for: .seconds(60))
        let held = try ids.filter { try gateway.state($0).steps[0].status == .held(.circuitOpen) }
        #expect(!held.isEmpty)
        gateway.run(for: .seconds(900))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(try gateway.acceptedMessages() == 8)
        #expect(gateway.violations().isEmpty)
    }
}

extension VirtualGateway {
    /// Messages that the provider holds.
    func acceptedMessages() throws -> Int64 { try control("GET", "state")["messages"]?.int ?? -1 }

    /// Calls that the provider placed or received.
    func acceptedCalls() throws -> Int64 { try control("GET", "state")["calls"]?.int ?? -1 }
}
