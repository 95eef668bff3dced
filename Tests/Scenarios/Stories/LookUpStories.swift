import Gateway
import JSON
import Testing

/// What nobody answered, and what the provider says of it later.
@Suite("Stories of look-ups")
struct LookUpStories {
    private static let chain = """
          first:
            success: delivered
            fallback: [{ channel: whatsapp, template: alert, deliver_within: 10m }]
            on_exhausted: review
        """

    private func alert(_ item: String) -> JSONValue {
        ["to": .string(StoryConfiguration.owner), "template": "alert", "variables": ["item": .string(item)]]
    }

    @Test("of two templates to one number the provider made the first alone: neither passes for the other")
    func twoTemplates() throws {
        var story = StoryConfiguration(Self.chain)
        story.phones = ["default": ["whatsapp": ["deliver": "1s"]]]
        // The look-up of the first comes before it is in the list, that of the second after it.
        story.faults = [
            ["kind": "list_lag", "lag": "5500ms", "path": "Messages", "times": 1],
            [
                "kind": "status", "status": 503, "path": "Messages", "method": "POST", "after_accepting": true,
                "times": 1,
            ],
            ["kind": "status", "status": 503, "path": "Messages", "method": "POST", "times": 1],
            ["kind": "callback", "what": "lost", "path": "Messages"],
        ]
        let gateway = try VirtualGateway(story)
        let first = try gateway.send(alert("Pump"))
        gateway.run(for: .seconds(1))
        let second = try gateway.send(alert("Mast"))
        gateway.run(for: .seconds(900))
        let made = try gateway.sent("Messages", "messages").compactMap { $0["body"]?.string }
        #expect(made.count { $0.hasPrefix("Pump") } == 1, gateway.told(first))
        #expect(made.count { $0.hasPrefix("Mast") } == 1, gateway.told(second))
        #expect(try gateway.phase(first) == .satisfied, gateway.told(first))
        #expect(try gateway.phase(second) == .satisfied, gateway.told(second))
    }

    @Test("the clock was ahead when the request left: what is in the list before it is no proof that nothing was sent")
    func clockAhead() throws {
        var story = StoryConfiguration(
            "      first: { success: delivered, fallback: [{ channel: sms, template: alert, deliver_within: 10m }] }")
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        gateway.setClock(ahead: .seconds(600))
        gateway.crash(.afterRequests)
        let id = try gateway.send(alert("Pump"))
        gateway.run(for: .seconds(5))
        gateway.setClock(ahead: .zero)
        try gateway.restart()
        gateway.run(for: .seconds(3_600))
        #expect(try gateway.acceptedMessages() == 1, gateway.told(id))
    }
}
