import Gateway
import Testing

@Suite("contacts that are merged, in every store")
struct MergeContractTests {
    /// `a` and `b`, and what is filed under both.
    private func fixture(_ kind: StoreKind) throws -> StoreFixture {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.records.put(Sample.contact("a", ("+441", false)))
        try fixture.records.put(Sample.contact("b", ("+442", true), ("+441", true)))
        try fixture.records.put(Sample.boat("alba", ("b", "owner"), ("c", "owner"), ("a", "owner"), ("b", "other")))
        try fixture.deliveries.commit(lease) {
            var came = [Sample.inbound(1), Sample.inbound(2), Sample.inbound(3)]
            came[0].contact = "a"
            came[1].contact = "b"
            var review = Sample.review(4, of: nil)
            review.contact = "b"
            $0.inbound = came
            $0.reviews = [review]
        }
        return fixture
    }

    private func merge(_ records: any RecordStore, _ from: String, into id: String) throws {
        let (contact, other) = (try #require(try records.contact(id)), try #require(try records.contact(from)))
        let boats = try records.boats(ofContact: from).map { $0.handed(from: from, to: id) }
        try records.merge(contact.merged(with: other), from: from, boats)
    }

    @Test("one contact has what both had, the other is gone and found under it", arguments: StoreKind.allCases)
    func merged(_ kind: StoreKind) throws {
        let fixture = try fixture(kind)
        let records = fixture.records
        #expect(try records.putPreferences(.init(topicsOff: ["x"]), ofContact: "b"))
        try merge(records, "b", into: "a")
        var wanted = Sample.contact("a", ("+441", true), ("+442", true))
        wanted.preferences = .init(topicsOff: ["x"])
        #expect(try records.contacts(after: nil, limit: 9) == [wanted])
        #expect(try records.contact("a") == wanted)
        #expect(try records.contact("b") == wanted)
        #expect(try fixture.deliveries.contact("b") == wanted)
        #expect(try records.contact(withNumber: "+442") == wanted)
        #expect(try records.successor(ofContact: "b") == "a")
        #expect(try records.successor(ofContact: "a") == nil)
        #expect(try records.boat("alba") == Sample.boat("alba", ("a", "owner"), ("c", "owner"), ("a", "other")))
        #expect(try records.boats(ofContact: "b").isEmpty)
        #expect(try records.inbound(before: nil, limit: 9).map(\.contact) == [nil, "a", "a"])
        #expect(try records.inbound(Sample.id(2))?.contact == "a")
        #expect(try records.review(Sample.id(4))?.contact == "a")
        #expect(try fixture.deliveries.review(Sample.id(4))?.contact == "a")
        #expect(try records.reviews(openOnly: true, after: nil, limit: 9).map(\.contact) == ["a"])
        #expect(try !records.putPreferences(nil, ofContact: "b"))
        #expect(try !records.removeContact("b"))
        #expect(try records.contact("b") == wanted)
    }

    @Test("a contact that goes on into a third takes along what went into it", arguments: StoreKind.allCases)
    func chain(_ kind: StoreKind) throws {
        let fixture = try fixture(kind)
        let records = fixture.records
        try records.put(Sample.contact("c", ("+443", true)))
        try merge(records, "b", into: "a")
        try merge(records, "a", into: "c")
        #expect(try ["a", "b"].map { try records.successor(ofContact: $0) } == ["c", "c"])
        #expect(try records.inbound(before: nil, limit: 9).map(\.contact) == [nil, "c", "c"])
        #expect(try records.contact("b")?.addresses.map(\.value) == ["+443", "+441", "+442"])
    }

    @Test(
        "an id that is put again is another contact; one that goes takes its others along",
        arguments: StoreKind.allCases)
    func again(_ kind: StoreKind) throws {
        let fixture = try fixture(kind)
        let records = fixture.records
        try merge(records, "b", into: "a")
        let anew = Sample.contact("b", ("+449", false))
        try records.put(anew)
        #expect(try records.contact("b") == anew)
        #expect(try records.successor(ofContact: "b") == nil)
        #expect(try records.inbound(Sample.id(2))?.contact == "b")

        try merge(records, "b", into: "a")
        #expect(try records.removeContact("a"))
        #expect(try records.contact("b") == nil)
        try records.put(Sample.contact("a"))
        #expect(try records.contact("b") == nil)
    }

    @Test("files of the other contact are the one's", arguments: StoreKind.allCases)
    func files(_ kind: StoreKind) throws {
        let fixture = try fixture(kind)
        let media = MediaRecord(
            id: Sample.id(40), inbound: Sample.id(2), InboundMedia(url: "https://a.example/1"), provider: "twilio",
            contact: "b", boat: nil, at: Sample.time(1))
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) { $0.media = [media] }
        try merge(fixture.records, "b", into: "a")
        #expect(try fixture.records.media(Sample.id(40))?.contact == "a")
        var query = MediaQuery()
        query.contact = "a"
        #expect(try fixture.records.media(query, before: nil, limit: 9).map(\.id) == [Sample.id(40)])
    }

    @Test("a merged contact knows what it is, else what the other is")
    func fields() {
        var a = Sample.contact("a", ("+441", true))
        a.name = ""
        a.timeZone = "Europe/Rome"
        a.preferences = .init(topicsOff: ["x"])
        var b = Sample.contact("b")
        b.addresses = [
            ContactAddress(kind: "whatsapp", value: "+441", verified: false),
            ContactAddress(kind: "phone", value: "+441", verified: false),
        ]
        b.locale = "de"
        b.timeZone = "Europe/Zurich"
        b.preferences = .init(topicsOff: ["y"])
        let merged = a.merged(with: b)
        #expect(merged.id == "a" && merged.name == b.name && merged.locale == "de")
        #expect(merged.timeZone == "Europe/Rome" && merged.preferences?.topicsOff == ["x"])
        #expect(merged.addresses == [a.addresses[0], b.addresses[0]])
    }
}
