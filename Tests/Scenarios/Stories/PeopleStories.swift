import JSON
import Testing

@testable import Gateway

@Suite("Stories of other people and of several channels at once")
struct PeopleStories {
    static let owner = StoryConfiguration.owner
    static let anna = "+41791110001"
    static let ben = "+41791110002"

    private func story(_ phones: JSONObject, target: String = "group:crew") -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 2h
                fallback:
                  - { channel: sms, template: alert, deliver_within: 2m, ack_within: 5m }
                  - { target: "\(target)", policy: crew, ack_within: 20m }
                  - { channel: voice, template: alert, ring_timeout: 20s }
                on_exhausted: review
              crew:
                ack: { required: true }
                fallback:
                  - { channel: whatsapp, template: alert, deliver_within: 1m, ack_within: 5m }
                  - { channel: voice, template: alert, ring_timeout: 30s }
            """)
        story.sections = """
            groups:
              crew: [contact:anna, contact:ben]
            schedules:
              duty:
                - { times: nights, target: contact:anna }
                - { times: late, target: contact:ben }
            """
        var all: JSONObject = [Self.owner: ["sms": ["undelivered": 30003]]]
        for (number, phone) in phones.members { all[number] = phone }
        story.phones = .object(all)
        return story
    }

    private func gateway(_ story: StoryConfiguration) throws -> VirtualGateway {
        let gateway = try VirtualGateway(story)
        for (id, number) in [("anna", Self.anna), ("ben", Self.ben)] {
            var contact = ContactRecord(id: id, name: id.capitalized)
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: true)]
            try gateway.store.put(contact)
        }
        return gateway
    }

    private static let silent: JSONValue = [
        "whatsapp": ["deliver": "1s"], "voice": ["ring": "25s", "outcome": "no_answer"],
    ]
    private static let answers: JSONValue = [
        "whatsapp": ["deliver": "1s"],
        "voice": ["ring": "4s", "answer": "human", "do": [["hear": "8s"], ["press": "1"]]],
    ]

    @Test("the first of a group who answers acknowledges for all: the other's ringing call is ended")
    func group() throws {
        let gateway = try gateway(story([Self.anna: Self.silent, Self.ben: Self.answers]))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(30))
        let family = try gateway.family(id)
        #expect(family.count == 3)
        #expect(try gateway.state(id).steps[1].status == .delegated, gateway.told(id))
        #expect(try gateway.texts("whatsapp").count == 2)
        gateway.run(for: .seconds(900))
        #expect(try family.map(gateway.phase) == [.acked, .cancelled, .acked], gateway.told(id))
        #expect(try gateway.calls().count == 2)
        #expect(try gateway.calls(to: Self.owner).isEmpty)
        #expect(try gateway.notes(family[1]).contains { if case .recalled = $0 { true } else { false } })
        #expect(gateway.core?.gauges.open == 0)
        #expect(gateway.core?.relatives.isEmpty == true)
        #expect(gateway.violations().isEmpty)
    }

    @Test("nobody of the group answers: the next step follows when the last of them has ended")
    func unanswered() throws {
        let gateway = try gateway(story([Self.anna: Self.silent, Self.ben: ["whatsapp": ["fail": 63024]]]))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(3_600))
        let family = try gateway.family(id)
        #expect(try family.dropFirst().allSatisfy { try gateway.phase($0) == .exhausted }, gateway.told(family[1]))
        #expect(try gateway.state(id).steps[1].status == .superseded)
        #expect(try gateway.calls(to: Self.owner).count == 1)
        let last = try family.dropFirst().map {
            try gateway.time($0) { if case .ended = $0 { true } else { false } }
        }.max()
        #expect(try gateway.time(id) { $0 == .started(step: 2) } == last)
        #expect(try gateway.reviews(id).count == 1)
    }

    @Test("ack_within of the step ends what the others' policy would still do")
    func within() throws {
        var story = story([Self.anna: Self.silent, Self.ben: Self.silent])
        story.policies = story.policies.replacing("ack_within: 20m", with: "ack_within: 2m")
        let gateway = try gateway(story)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(200))
        let family = try gateway.family(id)
        #expect(try family.dropFirst().map(gateway.phase) == [.expired, .expired])
        #expect(try gateway.calls(to: Self.anna).isEmpty)
        #expect(try gateway.calls(to: Self.owner).count == 1)
        // Too late for the step, not for the alert.
        gateway.act(.acknowledge, family[1])
        gateway.run(for: .seconds(1))
        #expect(try gateway.phase(id) == .acked)
        #expect(try gateway.phase(family[1]) == .acked)
    }

    @Test(
        "whoever is on duty when the step starts is asked, and nobody where nobody is",
        arguments: [("2026-11-23T12:00:00Z", nil), ("2026-11-23T23:30:00Z", anna), ("2026-11-23T21:30:00Z", anna)])
    func schedule(begins: String, number: String?) throws {
        var story = story([Self.anna: Self.answers], target: "schedule:duty")
        story.begins = begins
        let gateway = try gateway(story)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(900))
        let asked = try gateway.texts("whatsapp").compactMap { $0.form["To"] }
        #expect(asked == (number.map { ["whatsapp:" + $0] } ?? []))
        if number == nil {
            #expect(try gateway.state(id).steps[1].status == .skipped(.nobody), gateway.told(id))
            #expect(try gateway.calls(to: Self.owner).count == 1)
        } else {
            #expect(try gateway.phase(id) == .acked, gateway.told(id))
        }
    }

    @Test("a contact that is gone, or without a number that may be called, is left out")
    func leftOut() throws {
        let gateway = try VirtualGateway(story([:]))
        var contact = ContactRecord(id: "anna", name: "Anna")
        contact.addresses = [ContactAddress(kind: "phone", value: "+882345678901", verified: true)]
        try gateway.store.put(contact)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(30))
        #expect(try gateway.state(id).steps[1].status == .skipped(.nobody), gateway.told(id))
        #expect(try gateway.family(id).count == 1)
    }

    @Test("cancelled, or at its end, it takes the others' deliveries with it", arguments: [true, false])
    func ended(isCancelled: Bool) throws {
        let gateway = try gateway(story([Self.anna: Self.silent, Self.ben: Self.silent]))
        var alert = TextStories.alert.object ?? [:]
        if !isCancelled { alert["expires_in"] = "320s" }
        let id = try gateway.send(.object(alert))
        // The others' phones ring.
        gateway.run(for: .seconds(315))
        let family = try gateway.family(id)
        #expect(try gateway.calls().count == 2, gateway.told(family[1]))
        if isCancelled { gateway.act(.cancel, id) }
        gateway.run(for: .seconds(3 * 3_600))
        #expect(try gateway.phase(id) == (isCancelled ? .cancelled : .expired), gateway.told(id))
        let ends: [DeliveryPhase] = isCancelled ? [.cancelled] : [.expired, .cancelled]
        for other in family.dropFirst() { #expect(ends.contains(try gateway.phase(other)), gateway.told(other)) }
        #expect(try gateway.family(id) == family)
        #expect(try gateway.calls(to: Self.owner).isEmpty)
        #expect(gateway.core?.gauges.open == 0)
    }

    @Test("killed at any moment: everybody is asked once, and the answer counts")
    func killed() throws {
        let gateway = try gateway(story([Self.anna: Self.silent, Self.ben: Self.answers]))
        let id = try gateway.send(TextStories.alert)
        for pause in [1, 2, 1, 20, 200, 100, 5, 5] {
            gateway.run(for: .seconds(pause))
            gateway.crash()
            try gateway.restart()
        }
        gateway.run(for: .seconds(2 * 3_600))
        let family = try gateway.family(id)
        #expect(family.count == 3)
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        #expect(try gateway.texts("whatsapp").count <= 2)
        #expect(try gateway.calls(to: Self.ben).count == 1)
        #expect(gateway.violations().isEmpty)
    }

    @Test("a store that cannot be read leaves nobody out")
    func unreadable() throws {
        let gateway = try gateway(story([Self.anna: Self.answers, Self.ben: Self.answers]))
        for _ in 0..<3 { gateway.store.failNextRead(.contact, with: StoreError(.busy, "planned")) }
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(900))
        #expect(try gateway.family(id).count == 3, gateway.told(id))
        #expect(gateway.core?.counters.rollbacks == 3)
        #expect(try gateway.phase(id) == .acked)
    }

    // MARK: broadcast

    private func broadcast(_ phone: JSONValue, ack: Bool) -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                \(ack ? "ack: { required: true }" : "success: delivered")
                expires: 2h
                broadcast:
                  - { channel: whatsapp, template: alert, deliver_within: 2m }
                  - { channel: sms, template: alert, deliver_within: 2m }
                  - { channel: voice, template: alert, ring_timeout: 30s }
                on_exhausted: review
            """)
        story.phones = .object([Self.owner: phone])
        return story
    }

    @Test("all channels at once, and a key in the call answers every one of them")
    func broadcastAcknowledged() throws {
        let gateway = try VirtualGateway(broadcast(Self.answers, ack: true))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(3))
        #expect(try gateway.creations().count == 3)
        gateway.run(for: .seconds(60))
        let family = try gateway.family(id)
        #expect(try family.map(gateway.phase) == [.acked, .acked, .acked, .acked], gateway.told(id))
        #expect(gateway.core?.openAlerts([Self.owner]).isEmpty == true)
    }

    @Test("a text answers for the call that rings, and is one question")
    func broadcastReply() throws {
        let gateway = try VirtualGateway(
            broadcast(
                [
                    "sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"],
                    "voice": ["ring": "25s", "outcome": "no_answer"],
                ],
                ack: true))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(5))
        #expect(gateway.core?.openAlerts([Self.owner]).count == 1)
        try gateway.control(
            "POST", "phones/\(Self.owner)/text", ["to": .string(StoryConfiguration.sender), "body": "ok"])
        gateway.run(for: .seconds(60))
        let family = try gateway.family(id)
        #expect(try family.map(gateway.phase) == [.acked, .acked, .acked, .acked], gateway.told(id))
        #expect(
            try gateway.notes(family[3]).contains { if case .recalled = $0 { true } else { false } },
            gateway.told(family[3]))
    }

    @Test("one that arrives is enough, and the others go out all the same")
    func broadcastSatisfied() throws {
        let gateway = try VirtualGateway(
            broadcast(
                ["sms": ["deliver": "1s"], "whatsapp": ["fail": 63024], "voice": ["ring": "4s", "outcome": "busy"]],
                ack: false))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(900))
        let family = try gateway.family(id)
        #expect(
            try family.map(gateway.phase) == [.satisfied, .exhausted, .satisfied, .exhausted], gateway.told(id))
        #expect(try gateway.calls().count == 1)
        #expect(try gateway.reviews(id).isEmpty)
    }

    @Test("when none arrives on_exhausted follows, once")
    func broadcastExhausted() throws {
        let gateway = try VirtualGateway(
            broadcast(
                [
                    "sms": ["undelivered": 30003], "whatsapp": ["fail": 63024],
                    "voice": ["ring": "4s", "outcome": "busy"],
                ],
                ack: false))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(900))
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        let reviews = try gateway.store.reviews(openOnly: false, after: nil, limit: 100)
        #expect(reviews.map(\.delivery) == [id])
    }
}

@Suite("Stories of what a delivery may spend")
struct BudgetStories {
    private func story(_ budget: String) -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 6h
                budget: \(budget)
                fallback:
                  - { channel: sms, template: alert, deliver_within: 2m, ack_within: 5m }
                  - { channel: voice, template: alert, max_duration: 2m }
                  - { channel: whatsapp, template: alert, ack_within: 5m }
                on_exhausted: nothing
            """)
        story.sections = """
            prices:
              sms: { out: { per: segment, "*": 0.05 USD } }
              voice: { out: { per: minute, "*": 0.10 USD } }
              whatsapp: { out: { per: message, "*": 0.01 USD } }
            """
        story.phones = .object([
            StoryConfiguration.owner: ["sms": ["undelivered": 30003], "whatsapp": ["deliver": "1s"]]
        ])
        return story
    }

    @Test("a call that would cost too much is left out, and what costs less is sent")
    func skipped() throws {
        let gateway = try VirtualGateway(story("{ per_delivery: 0.20 USD, on_budget: skip }"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        #expect(try gateway.calls().isEmpty)
        let state = try gateway.state(id)
        #expect(state.steps[1].status == .skipped(.budget), gateway.told(id))
        #expect(state.reserved == 60_000)
        #expect(try gateway.texts("whatsapp").count == 1)
    }

    @Test("a delivery that may spend no more ends")
    func blocked() throws {
        let gateway = try VirtualGateway(story("{ per_delivery: 0.20 USD, on_budget: block }"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .blockedBudget, gateway.told(id))
        #expect(try gateway.reviews(id).isEmpty)
        #expect(try gateway.calls().isEmpty)
    }

    @Test("what a refusal gives back may be spent again")
    func givenBack() throws {
        var story = story("{ per_delivery: 0.25 USD, on_budget: block }")
        story.faults = [["kind": "status", "status": 429, "path": "Messages", "times": 4]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(200))
        #expect(try gateway.calls().count == 1, gateway.told(id))
    }
}

extension VirtualGateway {
    /// All deliveries of a message, in the order in which they came to be.
    func family(_ message: RecordID) throws -> [RecordID] {
        try store.deliveries(ofMessage: message).map { (record: DeliveryRecord) in record.id }
    }
}
