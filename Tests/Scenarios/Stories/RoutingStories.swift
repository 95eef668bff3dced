import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of times, languages and numbers")
struct RoutingStories {
    static let owner = StoryConfiguration.owner
    static let night = """
          first:
            ack: { required: true }
            expires: 12h
            fallback:
              - { channel: whatsapp, template: alert, deliver_within: 3m }
              - { channel: sms, template: alert, quiet_hours: { times: nights, mode: defer, override: critical }, ack_within: 15m }
              - { channel: voice, template: alert, quiet_hours: { times: nights, mode: defer, override: critical } }
        """

    private func night(_ priority: String) throws -> (VirtualGateway, RecordID) {
        var story = StoryConfiguration(Self.night)
        story.begins = "2026-11-23T21:58:00Z"
        story.phones = TextStories.phone([
            "whatsapp": "sent_only", "sms": "sent_only", "voice": ["ring": "20s", "outcome": "no_answer"],
        ])
        let gateway = try VirtualGateway(story)
        var alert = TextStories.alert.object ?? [:]
        alert["priority"] = .string(priority)
        return (gateway, try gateway.send(.object(alert)))
    }

    @Test("n) 21:58, SMS forbidden at night, voice overridden for critical only: no call for a normal alert")
    func quiet() throws {
        let (gateway, id) = try night("normal")
        gateway.run(for: .seconds(9 * 3_600))
        #expect(try gateway.calls().isEmpty)
        #expect(try gateway.texts("sms").isEmpty)
        #expect(try gateway.state(id).steps[1].status == .held(.quietHours), gateway.told(id))
        // 07:00 in London is nine hours and two minutes later.
        gateway.run(for: .seconds(180))
        #expect(try gateway.texts("sms").count == 1, gateway.told(id))
        #expect(try gateway.calls().isEmpty)
    }

    @Test("n) the same for a critical alert: the text at 22:01, the call after it")
    func overridden() throws {
        let (gateway, id) = try night("critical")
        gateway.run(for: .seconds(200))
        #expect(try gateway.texts("sms").count == 1, gateway.told(id))
        gateway.run(for: .seconds(1_800))
        #expect(try gateway.calls().count == 1, gateway.told(id))
    }

    @Test("o) `send_at` in two days, `expires: 6h`: sent")
    func scheduled() throws {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert }]
            """)
        story.phones = TextStories.phone(["sms": ["deliver": "1s"]])
        let gateway = try VirtualGateway(story)
        var alert = TextStories.alert.object ?? [:]
        alert["send_at"] = "2026-11-25T12:00:00Z"
        let id = try gateway.send(.object(alert))
        gateway.run(for: .seconds(86_400))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(86_390))
        #expect(try gateway.phase(id) == .scheduled)
        #expect(try gateway.texts("sms").isEmpty)
        gateway.run(for: .seconds(20))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        let sent = try #require(try gateway.texts("sms").first)
        #expect(sent.time - story.start == .seconds(172_800))
    }

    @Test("p) an owner of locale fr-CH, texts in English and German, a PDF: the default language with a link")
    func languages() throws {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                fallback: [{ channel: sms, template: alert }]
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        for (id, locale, number) in [("marie", "fr-CH", "+41791112233"), ("urs", "de-CH", "+41791112244")] {
            var contact = ContactRecord(id: id, name: id)
            contact.locale = locale
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: true)]
            try gateway.store.put(contact)
        }
        let link = "https://files.example/manual.pdf"
        for id in ["marie", "urs"] {
            let body: JSONValue = [
                "to": .string("contact:" + id), "template": "alert", "variables": ["item": "Main engine"],
                "media": [.string(link)],
            ]
            _ = try gateway.send(body)
        }
        gateway.run(for: .seconds(10))
        let french = try #require(try gateway.texts("sms", to: "+41791112233").first?.form["Body"])
        let german = try #require(try gateway.texts("sms", to: "+41791112244").first?.form["Body"])
        #expect(french.contains("please look") && french.contains(link))
        #expect(german.contains("bitte nachsehen") && german.contains(link))
    }

    @Test("q) wrong number 21211: no further text, no call to it, a review")
    func wrongNumber() throws {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                fallback:
                  - { channel: sms, template: alert, ack_within: 5m }
                  - { channel: whatsapp, template: alert, ack_within: 5m }
                  - { channel: voice, template: alert }
                on_exhausted: review
            """)
        story.phones = TextStories.phone(["sms": ["refuse": 21211], "voice": CallStories.confirms])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(3_600))
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        #expect(try gateway.creations().count == 1)
        #expect(try gateway.acceptedMessages() == 0)
        #expect(try gateway.acceptedCalls() == 0)
        #expect(try gateway.reviews(id).contains { $0.reason == "bad_number" && $0.isOpen })
        let second = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(3_600))
        #expect(try gateway.creations().count == 1)
        #expect(try gateway.phase(second).isTerminal)
    }
}
