import Gateway
import JSON
import Testing

@Suite("Stories of PINs")
struct PINStories {
    static let owner = StoryConfiguration.owner
    static let other = "+447700900143"
    static let claimed = "+447700900144"
    static let sender = StoryConfiguration.sender

    /// Ann has the Aurora and a PIN, Ben the Boreas and none; Eve only says that her number is hers.
    private func gateway(_ pin: String = "wrong: pin_wrong, locked: pin_locked, missing: pin_missing") throws
        -> VirtualGateway
    {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.templates = """
              found: { text: { en: "Found {{ count }}: {{ documents }}" } }
              thanks: { text: { en: "Thank you." } }
              pin_ask: { text: { en: "Your PIN, please." } }
              pin_wrong: { text: { en: "That is not it." } }
              pin_locked: { text: { en: "Too many. A person will call." } }
              pin_missing: { text: { en: "You have no PIN yet." } }
            """
        story.inbound = """
                - { name: all of it, do: [{ task: { queue: all } }], continue: true }
                - name: question
                  when: { text: /warrant/i }
                  do:
                    - tag: warranty
                    - { search: { reply: found }, pin: true }
                - { name: thanks, when: { text: "thanks" }, do: [{ reply: thanks }] }
                - { name: everything else, do: [{ tag: other }] }
            """
        story.sections = "pin: { ask: pin_ask, tries: 3, \(pin) }"
        let gateway = try VirtualGateway(story)
        for (id, number) in [("ann", Self.owner), ("ben", Self.other), ("eve", Self.claimed)] {
            var contact = ContactRecord(id: id, name: id)
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: id != "eve")]
            try gateway.store.put(contact)
            var boat = BoatRecord(id: "boat-" + id, name: id)
            boat.contacts = [BoatContact(contact: id, role: "owner")]
            try gateway.store.put(boat)
            try gateway.store.put(
                DocumentRecord(
                    id: "doc-" + id, boat: boat.id, type: "warranty", title: "Warranty of \(id)", at: gateway.now))
        }
        try set("2580", of: "ann", gateway)
        return gateway
    }

    private func set(_ digits: String, of contact: String, _ gateway: VirtualGateway) throws {
        let pin = try #require(PIN(digits))
        #expect(try gateway.store.putPIN(PINRecord(pin, since: gateway.now), ofContact: contact))
    }

    /// What the person reads; `nil` for no answer.
    private func say(_ text: String, _ gateway: VirtualGateway, from number: String = owner) throws -> String? {
        try gateway.control("POST", "phones/\(number)/text", ["to": .string(Self.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
        let body = String(decoding: gateway.received.last?.answer?.body ?? [], as: UTF8.self)
        return body.split(separator: "<Message>").dropFirst().map { String($0.prefix { $0 != "<" }) }.first
    }

    private func last(_ gateway: VirtualGateway) throws -> JSONValue {
        try JSONValue(parsing: try #require(try gateway.store.inbound(before: nil, limit: 1).first).body)
    }

    @Test("a PIN is asked for, the right one answers the question, and holds for a while")
    func right() throws {
        let gateway = try gateway()
        #expect(try say("my warranty", gateway) == "Your PIN, please.")
        #expect(try last(gateway)["tags"] == ["warranty"], "what needs no PIN is done at once")
        #expect(try say(" 25-80 ", gateway) == "Found 1: 1. Warranty of ann")
        #expect(try last(gateway)["tags"] == nil, "and not once more")
        #expect(
            try gateway.store.tasks(TaskQuery(), after: nil, limit: 9).count == 1, "not by the rules before it either")
        #expect(try say("thanks", gateway) == "Thank you.")
        #expect(try say("warranty engine", gateway) == "Found 1: 1. Warranty of ann")
        gateway.run(for: .seconds(15 * 60))
        #expect(try say("warranties", gateway) == "Your PIN, please.")
    }

    @Test("neither a right nor a wrong PIN is filed, nor told to an assistant or another system")
    func masked() throws {
        let gateway = try gateway()
        _ = try say("my warranty", gateway)
        _ = try say("2581", gateway)
        #expect(try last(gateway)["text"] == "[PIN]")
        #expect(try last(gateway)["pin"] == ["right": false, "question": "my warranty"])
        _ = try say("2580", gateway)
        #expect(try last(gateway)["text"] == "[PIN]")
        #expect(try last(gateway)["pin"] == ["right": true])
        let filed = try gateway.store.inbound(before: nil, limit: 9).map { String(decoding: $0.body, as: UTF8.self) }
        #expect(filed.count == 3 && !filed.contains { $0.contains("258") })
    }

    @Test("wrong ones are told each time, count for an hour over a restart, and then the right one does not help")
    func locked() throws {
        let gateway = try gateway()
        _ = try say("my warranty", gateway)
        #expect(try say("1111", gateway) == "That is not it.")
        #expect(try say("2222", gateway) == "That is not it.")
        try gateway.restart()
        #expect(try say("3333", gateway) == "Too many. A person will call.")
        #expect(try gateway.store.reviews(openOnly: true, after: nil, limit: 9).map(\.reason) == ["pin_locked"])
        #expect(try say("2580", gateway) == nil, "the question does not wait any more")
        gateway.run(for: .seconds(1_800))
        #expect(try say("my warranty", gateway) == "Too many. A person will call.")
        gateway.run(for: .seconds(1_800))
        #expect(try say("my warranty", gateway) == "Your PIN, please.")
        #expect(try say("2580", gateway) == "Found 1: 1. Warranty of ann")
    }

    @Test("the right PIN forgets the wrong ones before it")
    func forgotten() throws {
        let gateway = try gateway()
        for _ in 0..<2 {
            _ = try say("my warranty", gateway)
            #expect(try say("1111", gateway) == "That is not it.")
            #expect(try say("2580", gateway)?.hasPrefix("Found 1") == true)
            gateway.run(for: .seconds(3_600))
        }
    }

    @Test("digits that nobody asked for are a message like others; so are other words in between")
    func unasked() throws {
        let gateway = try gateway()
        #expect(try say("2580", gateway) == nil)
        #expect(try last(gateway)["text"] == "2580")
        _ = try say("my warranty", gateway)
        #expect(try say("thanks", gateway) == "Thank you.")
        #expect(try say("2580", gateway)?.hasPrefix("Found 1") == true)
        gateway.run(for: .seconds(3_600))
        _ = try say("my warranty", gateway)
        gateway.run(for: .seconds(600))
        #expect(try say("2580", gateway) == nil, "too late")
    }

    @Test("who has no PIN, or whose number is not known to be theirs, is told so, or becomes a review")
    func missing() throws {
        let gateway = try gateway()
        #expect(try say("my warranty", gateway, from: Self.other) == "You have no PIN yet.")
        #expect(try say("my warranty", gateway, from: Self.claimed) == "You have no PIN yet.")
        try set("2580", of: "eve", gateway)
        #expect(try say("the warranty", gateway, from: Self.claimed) == nil, "said once, and nothing else")
        let silent = try self.gateway("wrong: pin_wrong")
        #expect(try say("my warranty", silent, from: Self.other) == nil)
        #expect(try silent.store.reviews(openOnly: true, after: nil, limit: 9).map(\.reason) == ["pin_missing"])
    }

    @Test("a new PIN ends what the old one opened, and another contact's opens nothing")
    func changed() throws {
        let gateway = try gateway()
        _ = try say("my warranty", gateway)
        _ = try say("2580", gateway)
        try set("8642", of: "ann", gateway)
        #expect(try say("the warranty", gateway) == "Your PIN, please.")
        #expect(try say("2580", gateway) == "That is not it.")
        #expect(try say("8642", gateway)?.hasPrefix("Found 1") == true)
        gateway.run(for: .seconds(3_600))
        // The number goes to Ben, who has a PIN of his own.
        var ann = try #require(try gateway.store.contact("ann"))
        ann.addresses = []
        try gateway.store.put(ann)
        var ben = try #require(try gateway.store.contact("ben"))
        ben.addresses.append(ContactAddress(kind: "phone", value: Self.owner, verified: true))
        try gateway.store.put(ben)
        try set("1357", of: "ben", gateway)
        #expect(try say("my warranty", gateway) == "Your PIN, please.")
        #expect(try say("8642", gateway) == "That is not it.")
    }
}
