import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of consent")
struct ConsentStories {
    private static let owner = "+41791100001"
    private static let other = "+41797654321"

    private func gateway(
        _ chain: String, whatsapp: String = StoryConfiguration.sender, optOut: String = "{}"
    ) throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                fallback: \(chain)
            """)
        story.smsRate = "100/s, consent: required"
        story.whatsappSender = whatsapp
        story.optOut = optOut
        story.templates = #"  bye: { text: { en: "You will hear no more of us." } }"#
        story.phones = ["default": ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        return gateway
    }

    private func send(_ gateway: VirtualGateway, class word: String = "transactional") throws -> RecordID {
        let id = try gateway.send([
            "to": .string(Self.owner), "template": "alert", "variables": ["item": "Bilge pump"],
            "class": .string(word),
        ])
        gateway.run(for: .seconds(30))
        return id
    }

    private func skips(_ gateway: VirtualGateway, _ id: RecordID) throws -> [SkipReason] {
        try gateway.state(id).steps.compactMap { if case .skipped(let reason) = $0.status { reason } else { nil } }
    }

    private func say(_ text: String, _ gateway: VirtualGateway) throws {
        try gateway.control(
            "POST", "phones/\(Self.owner)/text",
            ["to": .string(StoryConfiguration.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    private func answer(_ gateway: VirtualGateway) -> String {
        String(decoding: gateway.received.last?.answer?.body ?? [], as: UTF8.self)
    }

    @Test("STOP to one sender is STOP to all where the configuration says so, and START lifts both")
    func all() throws {
        let chain = "[{ channel: whatsapp, template: alert }]"
        let gateway = try gateway(chain, whatsapp: Self.other, optOut: "{ scope: all, stop: bye, start: bye }")
        try say("Stopp", gateway)
        #expect(answer(gateway).contains("You will hear no more of us."))
        #expect(try gateway.phase(try send(gateway)) == .suppressed)
        try say("start", gateway)
        #expect(!answer(gateway).contains("Message"), "the same text is not sent twice in a row")
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
    }

    @Test("STOP to one sender leaves the others, and is not answered unless a template says so")
    func one() throws {
        let gateway = try gateway("[{ channel: whatsapp, template: alert }]", whatsapp: Self.other)
        try say("STOP", gateway)
        #expect(!answer(gateway).contains("Message"))
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
    }

    @Test("STOPALL reaches every sender, and START the one that it is said to")
    func stopAll() throws {
        let gateway = try gateway(
            "[{ channel: whatsapp, template: alert }, { channel: sms, template: alert }]", whatsapp: Self.other)
        try say("STOPALL", gateway)
        #expect(try gateway.phase(try send(gateway)) == .suppressed)
        try say("START", gateway)
        let second = try send(gateway)
        #expect(try gateway.phase(second) == .satisfied)
        #expect(try skips(gateway, second) == [.optedOut])
    }

    @Test("consent: required skips a channel until the person's consent is recorded, and again once it is withdrawn")
    func required() throws {
        let gateway = try gateway("[{ channel: sms, template: alert }]")
        let first = try send(gateway)
        #expect(try skips(gateway, first) == [.noConsent])
        #expect(try gateway.phase(first) == .exhausted)
        #expect(try gateway.creations().isEmpty)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: true)
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: false)
        let third = try send(gateway)
        #expect(try skips(gateway, third) == [.optedOut])
        #expect(try gateway.phase(third) == .suppressed)
        gateway.record(Self.owner, "*", isGranted: true)
        #expect(try gateway.phase(try send(gateway)) == .suppressed)
    }

    @Test("without consent the next step goes on, and an emergency asks nobody")
    func nextStep() throws {
        let gateway = try gateway("[{ channel: sms, template: alert }, { channel: whatsapp, template: alert }]")
        let id = try send(gateway)
        #expect(try skips(gateway, id) == [.noConsent])
        #expect(try gateway.phase(id) == .satisfied)
        #expect(try gateway.texts("whatsapp").count == 1)
        #expect(try gateway.phase(try send(gateway, class: "emergency")) == .satisfied)
        #expect(try gateway.texts("sms").count == 1)
    }

    @Test("START gives consent to the sender that it was sent to, STOP takes it, and both survive a kill")
    func words() throws {
        let gateway = try gateway("[{ channel: sms, template: alert }]")
        try say("START", gateway)
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        gateway.crash()
        try gateway.restart()
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        try say("STOP", gateway)
        gateway.crash()
        try gateway.restart()
        #expect(try gateway.phase(try send(gateway)) == .suppressed)
        // YES is START for somebody who is opted out, and no word of consent for anybody else.
        try say("Yes", gateway)
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
        let marks = try gateway.store.marks(of: Self.owner).compactMap { ConsentRecord($0) }
        #expect(marks.map(\.isGranted) == [true])
    }

    @Test("after STOP to one sender another goes on only with consent of its own", arguments: [false, true])
    func ownConsent(_ isGranted: Bool) throws {
        let gateway = try gateway(
            "[{ channel: sms, template: alert }, { channel: whatsapp, template: alert }]", whatsapp: Self.other)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: true)
        if isGranted { gateway.record(Self.owner, Self.other, isGranted: true) }
        try gateway.control(
            "PUT", "phones/" + Self.owner, ["sms": ["deliver": "5m"], "whatsapp": ["deliver": "1s"]])
        let id = try send(gateway)
        #expect(try gateway.phase(id) == .active)
        try say("STOP", gateway)
        gateway.run(for: .seconds(30))
        #expect(try gateway.phase(id) == (isGranted ? .satisfied : .suppressed), gateway.told(id))
        #expect(try skips(gateway, id) == (isGranted ? [.optedOut] : [.optedOut, .noConsent]))
        #expect(try gateway.texts("whatsapp").count == (isGranted ? 1 : 0))
    }

    @Test("every statement stays in the history with where it came from, also what changed nothing and after a kill")
    func history() throws {
        let gateway = try gateway("[{ channel: sms, template: alert }]")
        let before = gateway.now
        try say("STOP", gateway)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: true)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: false, since: before)
        gateway.crash()
        try gateway.restart()
        try say("STOP", gateway)
        #expect(try gateway.phase(try send(gateway)) == .suppressed)
        let history = try gateway.records.consentHistory(of: [Self.owner], after: nil, limit: 9)
        #expect(history.map(\.consent.isGranted) == [false, true, false, false])
        #expect(history.map(\.isIgnored) == [false, false, true, false])
        #expect(history.map(\.source.word) == ["message", "api", "api", "message"])
        #expect(history.map(\.at) == history.map(\.at).sorted())
        #expect(history[2].consent.since == before && history[2].at > before)
        #expect(history[1].source == .api(key: "k"))
        let messages = try gateway.records.inbound(before: nil, limit: 9).reversed().map(\.providerID)
        #expect(messages.map { .message(providerID: $0) } == [history[0].source, history[3].source])
        #expect(try gateway.records.consentHistory(of: [Self.owner], after: history[1].id, limit: 1) == [history[2]])
    }

    @Test("a provider that refuses for an opt-out is in the history with the delivery")
    func refusedByProvider() throws {
        let gateway = try gateway("[{ channel: sms, template: alert }]")
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: true)
        try gateway.control("PUT", "phones/" + Self.owner, ["sms": ["refuse": 21610]])
        let id = try send(gateway)
        let history = try gateway.records.consentHistory(of: [Self.owner], after: nil, limit: 9)
        #expect(history.map(\.consent.isGranted) == [true, false])
        #expect(history.last?.source == .provider(delivery: id))
    }

    @Test("the latest statement counts: a consent from before a withdrawal does not lift it")
    func latest() throws {
        let gateway = try gateway("[{ channel: sms, template: alert }]")
        let before = gateway.now
        gateway.run(for: .seconds(10))
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: false)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: true, since: before)
        #expect(try gateway.phase(try send(gateway)) == .suppressed)
        gateway.record(Self.owner, StoryConfiguration.sender, isGranted: true)
        #expect(try gateway.phase(try send(gateway)) == .satisfied)
    }
}
