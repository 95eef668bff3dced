import Gateway
import JSON
import Testing

@testable import Server

@Suite("Stories of conversations")
struct ConversationStories {
    private static let ann = StoryConfiguration.owner
    private static let ben = "+447700900143"
    private static let sender = StoryConfiguration.sender

    /// Ann gets an alert on WhatsApp and answers by SMS, Ben gets a text and asks; both have the Aurora.
    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first: { fallback: [{ channel: whatsapp, template: alert }] }
              plain: { fallback: [{ channel: sms }] }
            """)
        story.rules = "    - { name: plain, when: { topic: plain }, policy: plain }"
        story.phones = ["default": ["sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        var boat = BoatRecord(id: "aurora", name: "Aurora")
        for (id, number) in [("ann", Self.ann), ("ben", Self.ben)] {
            var contact = ContactRecord(id: id, name: id)
            contact.locale = id == "ann" ? "de" : nil
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: true)]
            try gateway.store.put(contact)
            boat.contacts.append(BoatContact(contact: id, role: "owner"))
        }
        try gateway.store.put(boat)
        _ = try gateway.send(["to": "contact:ann", "template": "alert", "variables": ["item": "Bilge"]])
        gateway.run(for: .seconds(10))
        try write("On my way", gateway, from: Self.ann)
        _ = try gateway.send(["to": .string(Self.ben), "topic": "plain", "text": "The bilge is dry."])
        gateway.run(for: .seconds(10))
        try write("Which pump?", gateway, from: Self.ben)
        return gateway
    }

    private func write(_ text: String, _ gateway: VirtualGateway, from number: String) throws {
        try gateway.control("POST", "phones/\(number)/text", ["to": .string(Self.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    private func views(_ gateway: VirtualGateway, tenant: String = "default") -> ConversationViews {
        ConversationViews(records: gateway.store, directory: gateway.directory, tenant: tenant)
    }

    private func lines(_ page: ConversationViews.Page?) throws -> [String] {
        try #require(page).entries.map {
            "\($0["direction"]?.string ?? "") \($0["channel"]?.string ?? "") \($0["text"]?.string ?? "")"
        }
    }

    @Test("a contact's history is of all channels, newest first, in the language that was sent")
    func contact() throws {
        let views = views(try gateway())
        let page = try views.history(with: .contact("ann"), before: nil, words: [], limit: 50)
        #expect(try lines(page) == ["in sms On my way", "out whatsapp Bilge: bitte nachsehen. Antwort OK."])
        #expect(page?.next == nil)
        let byNumber = try views.history(with: .number(Self.ann), before: nil, words: [], limit: 50)
        #expect(try lines(byNumber) == lines(page))
        #expect(try views.history(with: .contact("nobody"), before: nil, words: [], limit: 50) == nil)
    }

    @Test("a boat's history is that of its people, in pages that miss nothing")
    func boat() throws {
        let views = views(try gateway())
        let all = try lines(try views.history(with: .boat("aurora"), before: nil, words: [], limit: 50))
        #expect(
            all == [
                "in sms Which pump?", "out sms The bilge is dry.", "in sms On my way",
                "out whatsapp Bilge: bitte nachsehen. Antwort OK.",
            ])
        var paged: [String] = []
        var cursor: RecordID?
        repeat {
            let page = try views.history(with: .boat("aurora"), before: cursor, words: [], limit: 1)
            paged += try lines(page)
            cursor = page?.next
        } while cursor != nil
        #expect(paged == all)
    }

    @Test("a search keeps what has all the words")
    func search() throws {
        let views = views(try gateway())
        func found(_ text: String) throws -> [String] {
            let words = SearchWords.significant(in: text)
            return try lines(try views.history(with: .boat("aurora"), before: nil, words: words, limit: 50))
        }
        #expect(try found("BILGE").count == 2)
        #expect(try found("bilge dry") == ["out sms The bilge is dry."])
        #expect(try found("keel").isEmpty)
    }

    @Test("the list has the last of each, and nothing that another tenant sent")
    func newest() throws {
        let gateway = try gateway()
        #expect(
            try lines(try views(gateway).newest(before: nil, limit: 50)) == ["in sms Which pump?", "in sms On my way"])
        let other = views(gateway, tenant: "other")
        #expect(
            try lines(try other.history(with: .contact("ben"), before: nil, words: [], limit: 50))
                == ["in sms Which pump?"])
        let first = try views(gateway).newest(before: nil, limit: 1)
        #expect(first.entries.count == 1)
        #expect(try lines(try views(gateway).newest(before: first.next, limit: 50)).last == "in sms On my way")
    }
}
