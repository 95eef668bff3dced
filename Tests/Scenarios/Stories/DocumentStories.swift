import Gateway
import JSON
import Testing

@Suite("Stories of documents")
struct DocumentStories {
    static let owner = StoryConfiguration.owner
    static let other = "+447700900143"
    static let claimed = "+447700900144"
    static let sender = StoryConfiguration.sender

    /// Ann has the Aurora, Ben the Boreas, and Eve says that a number is hers.
    private func gateway(_ inbound: String? = nil) throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.templates = """
              found:
                text: { en: "Found {{ count }} warranty document(s): {{ documents }}", de: "{{ count }} gefunden: {{ documents }}" }
                voice: { say: { en: "There are {{ count }} warranty documents on file.", de: "Es sind {{ count }}." } }
              any: { text: { en: "Found {{ count }} for {{ query }}: {{ documents }}" } }
              nothing: { text: { en: "No documents found." } }
            """
        story.status = "{ search: { type: warranty, reply: found, none: nothing, unverified: verify_number } }"
        story.inbound =
            inbound ?? """
                    - { name: open alerts first, when: { open_alert: true }, do: [acknowledge] }
                    - { name: calls, when: { channel: voice }, do: [{ menu: main }] }
                    - name: unknown sender
                      when: { contact: unknown }
                      do: [{ review: unknown }, { reply: verify_number }]
                    - name: warranty question
                      when: { channel: [sms, whatsapp], text: /warrant|garant/i }
                      do:
                        search: { type: warranty, limit: 2, reply: found, none: nothing, unverified: verify_number }
                    - name: everything else
                      do:
                        - search: { reply: any, none: nothing, unverified: verify_number }
                        - emit: message.received
                """
        let gateway = try VirtualGateway(story)
        for (id, number) in [("ann", Self.owner), ("ben", Self.other), ("eve", Self.claimed)] {
            var contact = ContactRecord(id: id, name: id)
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: id != "eve")]
            try gateway.store.put(contact)
        }
        try put("aurora", ["ann", "eve"], gateway)
        try put("boreas", ["ben"], gateway)
        for (id, boat, type, title) in [
            ("1", "aurora", "warranty", "Engine Warranty - Yanmar"), ("2", "aurora", "maintenance", "Service Record"),
            ("3", "aurora", "warranty", "Radar Warranty"), ("4", "boreas", "warranty", "Engine Warranty - Volvo"),
            ("5", "boreas", "manual", "Watermaker"),
        ] {
            let document = DocumentRecord(id: id, boat: boat, type: type, title: title, at: gateway.now)
            try gateway.store.put(document)
        }
        return gateway
    }

    private func put(_ id: String, _ people: [String], _ gateway: VirtualGateway) throws {
        var boat = BoatRecord(id: id, name: id)
        boat.contacts = people.map { BoatContact(contact: $0, role: "owner") }
        try gateway.store.put(boat)
    }

    /// What the person reads; `nil` for no answer.
    private func ask(_ text: String, _ gateway: VirtualGateway, from number: String = owner) throws -> String? {
        try gateway.control("POST", "phones/\(number)/text", ["to": .string(Self.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
        let body = String(decoding: gateway.received.last?.answer?.body ?? [], as: UTF8.self)
        let parts = body.split(separator: "<Message>").dropFirst().map { String($0.prefix { $0 != "<" }) }
        return parts.isEmpty ? nil : parts.joined(separator: "|")
    }

    @Test("a document that is a file is told with a link to it, which ends")
    func file() throws {
        let gateway = try gateway()
        var document = DocumentRecord(id: "med-1", boat: "aurora", type: "warranty", title: "Winch", at: gateway.now)
        document.media = RecordID(rawValue: 77)
        try gateway.store.put(document)
        let answer = try #require(try ask("winch warranty", gateway))
        let link = try #require(answer.split(separator: " ").last { $0.hasPrefix("http://gateway.test/media/") })
        let token = link.dropFirst("http://gateway.test/media/".count)
        let links = gateway.directory.acknowledgementLinks.media
        #expect(links.read(token, at: gateway.now) == RecordID(rawValue: 77).map { .valid($0) })
        #expect(links.read(token, at: gateway.now + .seconds(900)) == .expired)
        // What has a place of its own keeps it.
        document.url = "https://a.example/w"
        try gateway.store.put(document)
        #expect(try ask("winch warranty", gateway)?.contains("Winch https://a.example/w") == true)
    }

    @Test("scenario 2: 'Find my warranty' counts and lists the warranties of the person's boats, and no others")
    func scenario() throws {
        let gateway = try gateway()
        #expect(
            try ask("Find my warranty", gateway)
                == "Found 2 warranty document(s): 1. Engine Warranty - Yanmar\n2. Radar Warranty")
        #expect(
            try ask("Find my warranty", gateway, from: Self.other)
                == "Found 1 warranty document(s): 1. Engine Warranty - Volvo")
        let inbound = try gateway.store.inbound(before: nil, limit: 10)
        #expect(inbound.map(\.contact) == ["ben", "ann"])
    }

    @Test("the words of a question choose among the documents of a type; with none of them all are told")
    func words() throws {
        let gateway = try gateway()
        #expect(try ask("warranty of the radar?", gateway) == "Found 1 warranty document(s): 1. Radar Warranty")
        #expect(try ask("warranty of the watermaker?", gateway)?.hasPrefix("Found 2 ") == true)
    }

    @Test("free text searches every type, within the person's boats only")
    func freeText() throws {
        let gateway = try gateway()
        #expect(try ask("service", gateway) == "Found 1 for service: 1. Service Record")
        #expect(try ask("watermaker", gateway) == "No documents found.")
        #expect(try ask("watermaker", gateway, from: Self.other) == "Found 1 for watermaker: 1. Watermaker")
        #expect(try ask("volvo", gateway) == nil, "the same answer is not given twice in a row")
    }

    @Test("who is not verified is told nothing of a boat")
    func unverified() throws {
        let gateway = try gateway()
        #expect(try ask("warranty", gateway, from: Self.claimed) == "We do not know this number.")
        #expect(try ask("service", gateway, from: "+447700900199") == "We do not know this number.")
    }

    @Test("where no template answers them, who is not verified becomes a review")
    func unverifiedReview() throws {
        let gateway = try gateway("    - { name: all, do: [{ search: { reply: found } }] }")
        #expect(try ask("engine", gateway, from: Self.claimed) == nil)
        #expect(try gateway.store.reviews(openOnly: true, after: nil, limit: 9).map(\.reason) == ["unverified_sender"])
    }

    @Test("the answer is in the person's language")
    func language() throws {
        let gateway = try gateway()
        var ann = try #require(try gateway.store.contact("ann"))
        ann.locale = "de-CH"
        try gateway.store.put(ann)
        #expect(try ask("Garantie?", gateway) == "2 gefunden: 1. Engine Warranty - Yanmar\n2. Radar Warranty")
    }

    @Test("a bare word of acknowledgement with nothing open is filed, not searched; STOP is not searched either")
    func bareWords() throws {
        let gateway = try gateway()
        try gateway.store.put(
            DocumentRecord(id: "ok", boat: "aurora", type: "manual", title: "OK stop", at: gateway.now))
        #expect(try ask("ok", gateway) == nil)
        #expect(try ask("STOP", gateway) == nil)
        #expect(try gateway.store.inbound(before: nil, limit: 9).count == 2)
    }

    @Test("a repeated webhook gets the stored answer, whatever was put meanwhile")
    func repeated() throws {
        let gateway = try gateway()
        let first = try ask("warranty", gateway)
        try gateway.store.put(DocumentRecord(id: "9", boat: "aurora", type: "warranty", title: "New", at: gateway.now))
        let request = try #require(gateway.received.last?.request)
        let index = gateway.repeatWebhook(request)
        gateway.run(for: .seconds(2))
        let again = String(decoding: gateway.received[index].answer?.body ?? [], as: UTF8.self)
        #expect(first.map(again.contains) == true)
        #expect(try gateway.store.inbound(before: nil, limit: 9).count == 1)
    }

    @Test("a long list leaves in messages that the provider takes, and says how many more there are")
    func long() throws {
        let gateway = try gateway(
            "    - { name: all, do: [{ search: { type: warranty, limit: 20, reply: found } }] }")
        for number in 0..<30 {
            let title = "Warranty \(number) " + String(repeating: "x", count: 170)
            try gateway.store.put(
                DocumentRecord(id: "x\(number)", boat: "aurora", type: "warranty", title: title, at: gateway.now))
        }
        let parts = try #require(try ask("warranties", gateway)).split(separator: "|")
        #expect(parts.count == 3)
        #expect(parts.allSatisfy { $0.utf16.count <= 1_600 })
        #expect(parts.first?.hasPrefix("Found 32 warranty document(s): 1. ") == true)
        #expect(parts.last?.hasSuffix("\n(+12)") == true)
    }

    @Test("a key of the menu speaks how many there are, to who is verified")
    func menu() throws {
        let gateway = try gateway()
        for (number, spoken) in [
            (Self.owner, "There are 2 warranty documents on file."), (Self.claimed, "We do not know this number."),
        ] {
            try gateway.control(
                "POST", "phones/\(number)/call",
                ["to": .string(Self.sender), "do": [["hear": "2s"], ["press": "1"], ["hear": "30s"]]])
            gateway.run(for: .seconds(60))
            let said = gateway.received.compactMap(\.answer).map { String(decoding: $0.body, as: UTF8.self) }
            #expect(said.contains { $0.contains(spoken) && $0.contains("Press 1 for status") }, "\(said.suffix(3))")
        }
        #expect(try gateway.store.reviews(openOnly: true, after: nil, limit: 9).isEmpty)
    }

    @Test("when a search comes to no end in its time, the message is filed and a person is asked")
    func late() throws {
        let gateway = try gateway()
        gateway.store.failNextRead(.documents, with: StoreError(.late, "planned"))
        #expect(try ask("warranty", gateway) == nil)
        #expect(try gateway.store.reviews(openOnly: true, after: nil, limit: 9).map(\.reason) == ["search_failed"])
        #expect(try gateway.store.inbound(before: nil, limit: 9).count == 1)
    }

    @Test("what an index outside finds is told in its order, and nothing of another boat, whatever it finds")
    func outside() throws {
        let gateway = try gateway()
        nonisolated(unsafe) var asked: [DocumentQuery] = []
        gateway.outside = { queries in
            asked += queries
            var answers = IndexAnswers()
            for query in queries { answers.found[query] = ["4", "3", "gone", "5", "1"] }
            return answers
        }
        let found = "Found 2 warranty document(s): 1. Radar Warranty\n2. Engine Warranty - Yanmar"
        #expect(try ask("engine radar warranty", gateway) == found)
        #expect(asked.map(\.words) == [["engine", "radar"]])
        #expect(asked.map(\.within) == [SearchAction.usualTime])
        #expect(try ask("engine radar warranty", gateway, from: Self.claimed)?.contains("Warranty -") != true)
        #expect(asked.count == 1)
    }

    @Test("when the documents cannot be read, the message is filed and a person is asked")
    func unreadable() throws {
        let gateway = try gateway()
        gateway.store.failNextRead(.documents, with: StoreError(.busy, "planned"))
        #expect(try ask("warranty", gateway) == nil)
        #expect(try gateway.store.reviews(openOnly: true, after: nil, limit: 9).map(\.reason) == ["search_failed"])
        #expect(try gateway.store.inbound(before: nil, limit: 9).count == 1)
        #expect(gateway.violations().isEmpty)
    }
}
