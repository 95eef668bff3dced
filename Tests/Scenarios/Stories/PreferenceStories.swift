import Gateway
import JSON
import MemoryStore
import Testing

@testable import Server

@Suite("Stories of what recipients prefer")
struct PreferenceStories {
    private static let number = "+41791100001"

    /// WhatsApp, then SMS, then a call; the story begins at noon UTC.
    private func gateway(_ preferences: ContactPreferences, zone: String? = nil) throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 20h
                fallback:
                  - { channel: whatsapp, template: alert, ack_within: 5m }
                  - { channel: sms, template: alert, ack_within: 5m }
                  - { channel: voice, template: alert }
                on_exhausted: review
              second:
                ack: { required: true }
                fallback:
                  - { channel: sms, template: alert, ack_within: 5m }
                  - { target: contact:ben, policy: crew, ack_within: 10m }
                  - { channel: whatsapp, template: alert, ack_within: 5m }
              crew: { ack: { required: true }, fallback: [{ channel: sms, template: alert, ack_within: 5m }] }
            """)
        story.phones = [
            "default": [
                "sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"],
                "voice": ["ring": "5s", "outcome": "no_answer"],
            ]
        ]
        let gateway = try VirtualGateway(story)
        try put("ana", Self.number, zone, gateway)
        try put("ben", "+41791100002", nil, gateway)
        #expect(try gateway.store.putPreferences(preferences, ofContact: "ana"))
        gateway.run(for: .seconds(1))
        return gateway
    }

    private func put(_ id: String, _ number: String, _ zone: String?, _ gateway: VirtualGateway) throws {
        var contact = ContactRecord(id: id, name: id)
        contact.timeZone = zone
        contact.addresses = [ContactAddress(kind: "phone", value: number, verified: true)]
        try gateway.store.put(contact)
    }

    private func send(
        _ gateway: VirtualGateway, topic: String = "engine", _ more: JSONObject = [:]
    ) throws -> RecordID {
        var body: JSONObject = [
            "to": "contact:ana", "topic": .string(topic), "template": "alert", "variables": ["item": "Pump"],
        ]
        for (key, value) in more.members { body[key] = value }
        return try gateway.send(.object(body))
    }

    /// To whom and over what requests went, in order.
    private func sent(_ gateway: VirtualGateway) throws -> [String] {
        try gateway.creations().map { request in
            let to = request.form["To"] ?? ""
            if request.path.hasSuffix("Calls.json") { return "voice " + to }
            return to.hasPrefix("whatsapp:") ? "whatsapp " + to.dropFirst(9) : "sms " + to
        }
    }

    private let nights = ContactPreferences.QuietHours.ranges([DailyRange(start: 20 * 60, end: 8 * 60)])

    // MARK: order

    @Test("the preferred channel goes first, and every other step follows in the policy's order")
    func order() throws {
        let gateway = try gateway(ContactPreferences(channels: [.init(topic: nil, channel: .sms)]))
        let id = try send(gateway)
        gateway.run(for: .seconds(3_600))
        #expect(try sent(gateway) == ["sms", "whatsapp", "voice"].map { $0 + " " + Self.number })
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
    }

    @Test("a channel is preferred for the topics that it names, the first entry that fits counts, and a call may be it")
    func topics() throws {
        let gateway = try gateway(
            ContactPreferences(channels: [
                .init(topic: "warranty.*", channel: .voice), .init(topic: "engine", channel: .sms),
            ]))
        for (topic, first) in [("engine", "sms"), ("warranty.due", "voice"), ("bilge", "whatsapp")] {
            let before = try sent(gateway).count
            _ = try send(gateway, topic: topic)
            gateway.run(for: .seconds(3_600))
            let after = try sent(gateway).dropFirst(before)
            #expect(after.first == first + " " + Self.number)
            #expect(after.count == 3)
        }
    }

    @Test("a preferred step does not pass people who are asked before the recipient")
    func others() throws {
        let gateway = try gateway(ContactPreferences(channels: [.init(topic: nil, channel: .whatsapp)]))
        _ = try send(gateway, ["policy": "second"])
        gateway.run(for: .seconds(3_600))
        #expect(
            try sent(gateway) == ["sms " + Self.number, "sms +41791100002", "whatsapp " + Self.number])
    }

    @Test("the order survives a crash, and later preferences count for later messages")
    func crash() throws {
        let gateway = try gateway(ContactPreferences(channels: [.init(topic: nil, channel: .sms)]))
        _ = try send(gateway)
        gateway.run(for: .seconds(60))
        #expect(try gateway.store.putPreferences(nil, ofContact: "ana"))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(3_600))
        #expect(try sent(gateway) == ["sms", "whatsapp", "voice"].map { $0 + " " + Self.number })
        _ = try send(gateway)
        gateway.run(for: .seconds(3_600))
        #expect(try sent(gateway).dropFirst(3).first == "whatsapp " + Self.number)
    }

    // MARK: quiet hours

    @Test("every step waits for the end of the person's quiet hours, in the person's own zone")
    func quiet() throws {
        // Noon UTC is 21:00 in Tokyo.
        let gateway = try gateway(ContactPreferences(quietHours: nights), zone: "Asia/Tokyo")
        let id = try send(gateway)
        gateway.run(for: .seconds(3_600))
        #expect(try sent(gateway).isEmpty)
        #expect(try gateway.state(id).steps[0].status == .held(.quietHours), gateway.told(id))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(20 * 3_600))
        // 08:00 in Tokyo.
        let first = try #require(try gateway.creations().first)
        #expect(
            first.time.milliseconds / 60_000 == (StoryConfiguration("").start + .seconds(11 * 3_600)).milliseconds
                / 60_000)
        #expect(try sent(gateway).count == 3)
    }

    @Test("critical messages and emergencies ask for no quiet hours", arguments: ["priority", "class"])
    func override(_ key: String) throws {
        let gateway = try gateway(ContactPreferences(quietHours: nights), zone: "Asia/Tokyo")
        _ = try send(gateway, [key: key == "class" ? "emergency" : "critical", "expires_in": "19h"])
        gateway.run(for: .seconds(5))
        #expect(try sent(gateway) == ["whatsapp " + Self.number])
    }

    @Test("quiet hours by a name are those of the running configuration, and the later end counts")
    func named() throws {
        let gateway = try gateway(ContactPreferences(quietHours: .named("nights")), zone: "Asia/Tokyo")
        gateway.run(for: .seconds(2 * 3_600))
        _ = try send(gateway)
        gateway.run(for: .seconds(3_600))
        #expect(try sent(gateway).isEmpty)
        gateway.run(for: .seconds(9 * 3_600))
        #expect(try sent(gateway).count == 3)
        let first = try #require(try gateway.creations().first)
        #expect((first.time - StoryConfiguration("").start).milliseconds / 3_600_000 == 10)
    }

    // MARK: topics

    @Test("a topic that is switched off is not sent, asks nobody for a review, and other people still are asked")
    func topicOff() throws {
        let gateway = try gateway(ContactPreferences(topicsOff: ["offers.*"]))
        let id = try send(gateway, topic: "offers.summer")
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .suppressed)
        #expect(try gateway.state(id).steps.map(\.status) == Array(repeating: .skipped(.topicOff), count: 3))
        #expect(try gateway.reviews(id).isEmpty)
        #expect(try sent(gateway).isEmpty)
        _ = try send(gateway, topic: "offers.summer", ["policy": "second"])
        gateway.run(for: .seconds(60))
        #expect(try sent(gateway) == ["sms +41791100002"])
        _ = try send(gateway, topic: "offers.summer", ["class": "emergency"])
        gateway.run(for: .seconds(5))
        #expect(try sent(gateway).last == "whatsapp " + Self.number)
    }
}
