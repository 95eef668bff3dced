import Gateway
import HTTP
import JSON
import Testing

@Suite("Stories of answers")
struct AnswerStories {
    static let owner = StoryConfiguration.owner
    static let alert = TextStories.alert
    static let sender = StoryConfiguration.sender
    static let sms = """
          first:
            ack: { required: true }
            expires: 6h
            fallback: [{ channel: sms, template: alert, ack_within: 5m }]
            on_exhausted: review
          linked:
            ack: { required: true }
            fallback: [{ channel: sms, template: linked, ack_within: 5m }]
        """

    private func story() -> StoryConfiguration {
        var story = StoryConfiguration(Self.sms)
        story.phones = TextStories.phone(["sms": ["deliver": "1s"]])
        return story
    }

    private func write(_ text: String, _ gateway: VirtualGateway, from number: String = owner) throws {
        try gateway.control("POST", "phones/\(number)/text", ["to": .string(Self.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    @Test("m) two alerts are open, one 'OK' answers both")
    func both() throws {
        let gateway = try VirtualGateway(story())
        let first = try gateway.send(Self.alert)
        gateway.run(for: .seconds(20))
        let second = try gateway.send(Self.alert)
        gateway.run(for: .seconds(20))
        try write("OK", gateway)
        #expect(try gateway.phase(first) == .acked, gateway.told(first))
        #expect(try gateway.phase(second) == .acked, gateway.told(second))
        #expect(try !gateway.state(first).isLate)
    }

    @Test(
        "who is known by an id of WhatsApp alone answers alerts that went to their number, where the id is known to be theirs",
        arguments: [true, false])
    func hiddenNumber(_ isVerified: Bool) throws {
        let gateway = try VirtualGateway(story())
        var contact = ContactRecord(id: "ann", name: "Ann")
        contact.addresses = [
            ContactAddress(kind: "phone", value: Self.owner, verified: true),
            ContactAddress(kind: "whatsapp", value: "GB.1a2B3c", verified: isVerified),
        ]
        try gateway.store.put(contact)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(20))
        var message = InboundMessage(
            kind: .whatsapp, from: "GB.1a2B3c", to: Self.sender, text: "OK",
            providerID: "SM0123456789abcdef0123456789abcdef")
        message.userID = "GB.1a2B3c"
        let request = Gateway.WebhookRequest(method: "POST", target: "/webhooks/twilio/whatsapp", headers: [], body: [])
        var input = WebhookInput(event: .message(message), request: request, provider: "twilio")
        InboundPreparation(gateway.directory, gateway.records).complete(&input, now: gateway.now)
        gateway.submit(.webhook(input, ticket: gateway.takeTicket()))
        gateway.run(for: .seconds(2))
        #expect(try gateway.phase(id) == (isVerified ? .acked : .active), gateway.told(id))
    }

    @Test("u) acknowledged ten minutes after the chain was exhausted: the review closes")
    func late() throws {
        let gateway = try VirtualGateway(story())
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(360))
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        #expect(try gateway.reviews(id).map(\.isOpen) == [true])
        gateway.run(for: .seconds(600))
        try write("ok", gateway)
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.state(id).isLate)
        #expect(try gateway.reviews(id).map(\.isOpen) == [false])
    }

    @Test("s) a preview fetches the link: not acknowledged; the page's button is")
    func preview() throws {
        let gateway = try VirtualGateway(story())
        var alert = Self.alert.object ?? [:]
        alert["policy"] = "linked"
        let id = try gateway.send(.object(alert))
        gateway.run(for: .seconds(5))
        let text = try #require(try gateway.texts("sms").first?.form["Body"])
        let link = String(try #require(text.split(separator: " ").last))
        for method in ["GET", "HEAD", "GET"] {
            #expect(try gateway.open(method, link).status == 200)
            gateway.run(for: .seconds(5))
            #expect(try gateway.phase(id) == .active)
        }
        #expect(try gateway.open("POST", link + "x").status == 404)
        #expect(try gateway.open("DELETE", link).status == 405)
        #expect(try gateway.phase(id) == .active)
        _ = try gateway.open("POST", link)
        gateway.run(for: .seconds(1))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
    }

    @Test("t) a caller presses 1, comes back, presses 2: every turn is answered, a repeated one alike")
    func menu() throws {
        let gateway = try VirtualGateway(story())
        try gateway.control(
            "POST", "phones/\(Self.owner)/call",
            [
                "to": .string(Self.sender),
                "do": [["hear": "4s"], ["press": "1"], ["hear": "6s"], ["press": "2"], ["hear": "6s"]],
            ])
        gateway.run(for: .seconds(120))
        let documents = gateway.received.filter { $0.request.url.contains("/voice/") && $0.answer?.status == 200 }
        let spoken = documents.map { String(decoding: $0.answer?.body ?? [], as: UTF8.self) }
        #expect(spoken.count >= 3)
        #expect(spoken.first?.contains("Welcome") == true)
        #expect(spoken.contains { $0.contains("All is well.") })
        #expect(spoken.last?.contains("We will call you back.") == true)
        #expect(gateway.received.allSatisfy { ($0.answer?.status ?? 500) < 300 })
        for document in documents {
            let place = gateway.repeatWebhook(document.request)
            gateway.run(for: .seconds(1))
            #expect(gateway.received[place].answer?.body == document.answer?.body)
        }
        #expect(try gateway.store.inbound(before: nil, limit: 10).count == 1)
    }

    @Test(
        "t) with the alert's own keys: 2 repeats it, and again, 1 confirms; every turn is answered, a repeated one alike"
    )
    func alertKeys() throws {
        var story = StoryConfiguration(CallStories.call)
        story.phones = CallStories.phone([
            "ring": "4s", "answer": "human",
            "do": [
                ["hear": "8s"], ["press": "2"], ["hear": "6s"], ["press": "2"], ["hear": "6s"], ["press": "1"],
                ["hear": "4s"],
            ],
        ])
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(Self.alert)
        gateway.run(for: .seconds(120))
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        let turns = gateway.received.filter { $0.request.url.contains("/voice/alert") }
        let spoken = turns.map { String(decoding: $0.answer?.body ?? [], as: UTF8.self) }
        #expect(spoken.map { $0.contains("Main engine needs attention.") } == [true, true, true, false])
        #expect(spoken.last?.contains("Your confirmation has been received") == true)
        #expect(turns.allSatisfy { $0.answer?.status == 200 })
        let state = try gateway.state(id)
        for turn in turns {
            let place = gateway.repeatWebhook(turn.request)
            gateway.run(for: .seconds(1))
            #expect(gateway.received[place].answer?.body == turn.answer?.body)
        }
        #expect(try gateway.state(id) == state)
        #expect(try gateway.calls().count == 1)
    }

    @Test("v) an out-of-office robot answers from an unknown number whatever it is sent: one reply, no loop")
    func robot() throws {
        let gateway = try VirtualGateway(story())
        let robot = "+41791234998"
        try write("I am away until Monday.", gateway, from: robot)
        var replies = try gateway.texts("sms", to: robot).count + answered(gateway, "We do not know this number.")
        #expect(replies == 1)
        for _ in 0..<10 {
            try write("I am away until Monday.", gateway, from: robot)
            gateway.run(for: .seconds(600))
        }
        replies = try gateway.texts("sms", to: robot).count + answered(gateway, "We do not know this number.")
        #expect(replies == 1)
    }

    /// Webhooks whose answer says a text.
    private func answered(_ gateway: VirtualGateway, _ text: String) -> Int {
        gateway.received.count { String(decoding: $0.answer?.body ?? [], as: UTF8.self).contains(text) }
    }

    @Test("an inbound message that is repeated, before and after a crash, has one effect and one answer (I11)")
    func repeated() throws {
        let gateway = try VirtualGateway(story())
        try write("What is this?", gateway, from: "+41791234999")
        let place = try #require(gateway.received.indices.last)
        let answer = try #require(gateway.received[place].answer)
        #expect(!answer.body.isEmpty)
        for isCrash in [false, true, false] {
            if isCrash {
                gateway.crash()
                try gateway.restart()
            }
            let again = gateway.repeatWebhook(gateway.received[place].request)
            gateway.run(for: .seconds(1))
            #expect(gateway.received[again].answer?.body == answer.body)
        }
        #expect(try gateway.store.inbound(before: nil, limit: 10).count == 1)
        #expect(try gateway.store.reviews(openOnly: false, after: nil, limit: 10).map(\.reason) == ["unknown"])
    }

    @Test("an acknowledgement through the API ends the chain, and a cancelled alert goes no further")
    func api() throws {
        let gateway = try VirtualGateway(story())
        let first = try gateway.send(Self.alert)
        let second = try gateway.send(Self.alert)
        gateway.run(for: .seconds(10))
        let acknowledged = gateway.act(.acknowledge, first)
        let cancelled = gateway.act(.cancel, second)
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[acknowledged] == .acted(.acked))
        #expect(gateway.answers[cancelled] == .acted(.cancelled))
        gateway.run(for: .seconds(3_600))
        #expect(try gateway.reviews(first).isEmpty && gateway.reviews(second).isEmpty)
    }

    @Test("STOP ends what is open on that sender, and START lets the next one go")
    func stop() throws {
        let gateway = try VirtualGateway(story())
        let first = try gateway.send(Self.alert)
        gateway.run(for: .seconds(10))
        try write("STOP", gateway)
        #expect(try gateway.phase(first) == .suppressed, gateway.told(first))
        let second = try gateway.send(Self.alert)
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(second) == .suppressed, gateway.told(second))
        #expect(try gateway.texts("sms").count == 1)
        try write("START", gateway)
        let third = try gateway.send(Self.alert)
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(third) == .active, gateway.told(third))
        #expect(try gateway.texts("sms").count == 2)
    }
}
