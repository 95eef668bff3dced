import Gateway
import Testing

@Suite("contacts, boats, keys and lists of every store")
struct RecordContractTests {
    @Test("the marks of a number are its own, by kind and scope", arguments: StoreKind.allCases)
    func marks(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let consented = Sample.mark("+4477", .consented, "+41", at: 5, until: nil)
        let unfit = Sample.mark("+4477", .unfit, "sms", at: 1, until: 2)
        try fixture.deliveries.commit(lease) {
            $0.marks = [unfit, consented, Sample.mark("+4478", .consented, "+41", at: 5, until: nil)]
        }
        #expect(try fixture.records.marks(of: "+4477") == [consented, unfit])
        #expect(try fixture.records.marks(of: "+4479").isEmpty)
    }

    @Test("a contact comes back whole and is replaced whole", arguments: StoreKind.allCases)
    func contacts(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        var contact = Sample.contact("anna.k", ("+447700900123", true), ("+447700900124", false))
        contact.locale = "de-CH"
        contact.timeZone = "Europe/Zurich"
        contact.addresses.append(ContactAddress(kind: "email", value: "a@example.org", verified: false))
        try records.put(contact)
        #expect(try records.contact("anna.k") == contact)

        contact.addresses = [ContactAddress(kind: "phone", value: "+447700900125", verified: true)]
        contact.locale = nil
        try records.put(contact)
        #expect(try records.contact("anna.k") == contact)
        #expect(try records.contact(withNumber: "+447700900123") == nil)
        #expect(try records.contact(withNumber: "+447700900125") == contact)
        #expect(try records.contact("Anna.k") == nil)
    }

    @Test("many contacts and boats are put at once, each as by itself", arguments: StoreKind.allCases)
    func many(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.put(Sample.contact("a", ("+441", true)))
        #expect(try records.putPreferences(.init(topicsOff: ["x"]), ofContact: "a"))
        try records.put(Sample.boat("alba", ("a", "owner")))
        let contacts = [Sample.contact("a", ("+442", false)), Sample.contact("b", ("+441", false))]
        let boats = [Sample.boat("alba", ("b", "broker"), ("a", "owner")), Sample.boat("brisa")]
        try records.put(contacts, boats)
        var kept = contacts[0]
        kept.preferences = .init(topicsOff: ["x"])
        #expect(try records.contacts(after: nil, limit: 9) == [kept, contacts[1]])
        #expect(try records.contact(withNumber: "+441")?.id == "b")
        #expect(try records.boats(after: nil, limit: 9) == boats)
        try records.put([], [])
        #expect(try records.contacts(after: nil, limit: 9) == [kept, contacts[1]])
    }

    @Test("a person is found by an id of WhatsApp, not by a mailbox", arguments: StoreKind.allCases)
    func addressesOfPeople(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        var contact = ContactRecord(id: "ana", name: "Ana")
        contact.addresses = [
            ContactAddress(kind: "email", value: "a@example.org", verified: true),
            ContactAddress(kind: "whatsapp", value: "CH.a1B2", verified: true),
            ContactAddress(kind: "whatsapp", value: "+447700900125", verified: false),
        ]
        try records.put(contact)
        #expect(try records.contact(withNumber: "CH.a1B2") == contact)
        #expect(try records.contact(withNumber: "+447700900125") == contact)
        #expect(try records.contact(withNumber: "a@example.org") == nil)
        #expect(try records.contact(withNumber: "CH.A1B2") == nil)
    }

    @Test("what a contact prefers is kept when it is put again, and goes with it", arguments: StoreKind.allCases)
    func preferences(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let records = fixture.records
        let preferences = ContactPreferences(
            quietHours: .ranges([DailyRange(start: 1_320, end: 420, location: "Europe/Zurich")]),
            channels: [.init(topic: "a.*", channel: .sms), .init(topic: nil, channel: .voice)], topicsOff: ["b"])
        #expect(try !records.putPreferences(preferences, ofContact: "a"))
        try records.put(Sample.contact("a", ("+441", true)))
        #expect(try records.putPreferences(preferences, ofContact: "a"))
        try records.put(Sample.contact("a", ("+442", true)))
        var wanted = Sample.contact("a", ("+442", true))
        wanted.preferences = preferences
        #expect(try records.contact("a") == wanted)
        #expect(try fixture.deliveries.contact("a") == wanted)
        #expect(try records.contact(withNumber: "+442") == wanted)
        #expect(try records.putPreferences(nil, ofContact: "a"))
        #expect(try records.contact("a") == Sample.contact("a", ("+442", true)))
        #expect(try records.putPreferences(.init(quietHours: .named("nights")), ofContact: "a"))
        #expect(try records.contact("a")?.preferences?.quietHours == .named("nights"))
        #expect(try records.removeContact("a"))
        try records.put(Sample.contact("a"))
        #expect(try records.contact("a")?.preferences == nil)
    }

    @Test("a removed contact is gone, with its numbers and roles", arguments: StoreKind.allCases)
    func removedContact(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.put(Sample.contact("a", ("+441", true)))
        try records.put(Sample.boat("boat", ("a", "owner"), ("b", "broker")))
        #expect(try records.removeContact("a"))
        #expect(try !records.removeContact("a"))
        #expect(try records.contact("a") == nil)
        #expect(try records.contact(withNumber: "+441") == nil)
        #expect(try records.boat("boat") == Sample.boat("boat", ("b", "broker")))
        #expect(try records.boats(ofContact: "a").isEmpty)
    }

    @Test("contacts are listed in pages by the bytes of their id", arguments: StoreKind.allCases)
    func contactPages(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        let ids = ["Z", "_", "a", "a-1", "a.b", "b"]
        for id in ids.shuffled() { try records.put(Sample.contact(id)) }
        #expect(try records.contacts(after: nil, limit: 100).map(\.id) == ids)
        #expect(try records.contacts(after: nil, limit: 2).map(\.id) == ["Z", "_"])
        #expect(try records.contacts(after: "_", limit: 2).map(\.id) == ["a", "a-1"])
        #expect(try records.contacts(after: "a.", limit: 9).map(\.id) == ["a.b", "b"])
        #expect(try records.contacts(after: "b", limit: 9).isEmpty)
        #expect(try records.contacts(after: nil, limit: 0).isEmpty)
        #expect(try records.contacts(after: nil, limit: -1).isEmpty)
    }

    @Test("of two contacts with a number the verified one has it, then the first id", arguments: StoreKind.allCases)
    func sharedNumber(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.put(Sample.contact("c", ("+441", false)))
        try records.put(Sample.contact("b", ("+441", false)))
        #expect(try records.contact(withNumber: "+441")?.id == "b")
        try records.put(Sample.contact("d", ("+449", false), ("+441", true)))
        #expect(try records.contact(withNumber: "+441")?.id == "d")
        #expect(try records.contact(withNumber: "+44") == nil)
    }

    @Test("an email address is not a number", arguments: StoreKind.allCases)
    func emailIsNoNumber(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        var contact = Sample.contact("a")
        contact.addresses = [ContactAddress(kind: "email", value: "+441", verified: true)]
        try records.put(contact)
        #expect(try records.contact(withNumber: "+441") == nil)
    }

    @Test("boats keep the order of their people and are found by them", arguments: StoreKind.allCases)
    func boats(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        let first = Sample.boat("alba", ("z", "owner"), ("a", "broker"), ("z", "other"))
        let second = Sample.boat("brisa", ("a", "owner"))
        try records.put(second)
        try records.put(first)
        #expect(try records.boat("alba") == first)
        #expect(try records.boats(after: nil, limit: 9) == [first, second])
        #expect(try records.boats(after: "alba", limit: 9) == [second])
        #expect(try records.boats(ofContact: "a") == [first, second])
        #expect(try records.boats(ofContact: "z") == [first])

        try records.put(Sample.boat("alba", ("b", "owner")))
        #expect(try records.boats(ofContact: "z").isEmpty)
        #expect(try records.removeBoat("alba"))
        #expect(try !records.removeBoat("alba"))
        #expect(try records.boats(after: nil, limit: 9) == [second])
        #expect(try records.boats(ofContact: "b").isEmpty)
    }

    @Test("a key comes back whole and is replaced whole", arguments: StoreKind.allCases)
    func keys(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        var key = Sample.key("k2")
        try records.put(key)
        try records.put(Sample.key("k1"))
        #expect(try records.key("k2") == key)
        key.dailyCalls = 100
        key.dailySpend = 5_000_000_000
        key.revoked = Sample.time(77)
        key.scopes = ["b", "a", "with space, and comma"]
        try records.put(key)
        #expect(try records.key("k2") == key)
        #expect(try records.keys() == [Sample.key("k1"), key])
        key.scopes = []
        try records.put(key)
        #expect(try records.key("k2")?.scopes == [])
    }

    @Test("reviews are listed rising, the open ones alone on request", arguments: StoreKind.allCases)
    func reviews(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        var done = Sample.review(2, of: 8, isOpen: false)
        done.closed = Sample.time(9)
        done.verdict = .dismissed
        done.closedBy = "k"
        let rows = [Sample.review(1, of: nil), done, Sample.review(3, of: 8), Sample.review(4, of: 9)]
        try store.commit(lease) { $0.reviews = rows.reversed() }
        #expect(try records.reviews(openOnly: false, after: nil, limit: 9) == rows)
        #expect(try records.reviews(openOnly: true, after: nil, limit: 2) == [rows[0], rows[2]])
        #expect(try records.reviews(openOnly: true, after: Sample.id(3), limit: 9) == [rows[3]])
        #expect(try records.reviews(openOnly: false, after: Sample.id(1), limit: 1) == [done])
        #expect(try store.openReview(of: Sample.id(8)) == rows[2])

        var closed = rows[2]
        closed.isOpen = false
        closed.closed = Sample.time(50)
        closed.verdict = .approved
        #expect(try store.review(Sample.id(3)) == rows[2])
        try store.commit(lease) { $0.reviews = [closed] }
        #expect(try store.review(Sample.id(3)) == closed)
        #expect(try records.review(Sample.id(3)) == closed)
        #expect(try store.review(Sample.id(5)) == nil)
        #expect(try store.openReview(of: Sample.id(8)) == nil)
        #expect(try records.reviews(openOnly: false, after: Sample.id(2), limit: 1) == [closed])
    }

    @Test("messages are listed newest first in pages", arguments: StoreKind.allCases)
    func messages(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let rows = (1...5).map { Sample.message($0 * 10) }
        for row in [rows[1], rows[0], rows[2], rows[4], rows[3]] {
            try fixture.deliveries.commit(lease) { $0.messages = [row] }
        }
        let records = fixture.records
        #expect(try records.messages(before: nil, limit: 9) == rows.reversed())
        #expect(try records.messages(before: Sample.id(50), limit: 2) == [rows[3], rows[2]])
        #expect(try records.messages(before: Sample.id(35), limit: 2) == [rows[2], rows[1]])
        #expect(try records.messages(before: Sample.id(10), limit: 2).isEmpty)
        #expect(try records.messages(before: nil, limit: -3).isEmpty)
    }

    @Test("a message's deliveries come in order", arguments: StoreKind.allCases)
    func deliveriesOfMessage(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.messages = [Sample.message(1), Sample.message(2)]
            $0.deliveries = [Sample.delivery(12, of: 1), Sample.delivery(2, of: 2), Sample.delivery(1, of: 1)]
        }
        let ids: [RecordID] = try store.deliveries(ofMessage: Sample.id(1))
        #expect(ids == [Sample.id(1), Sample.id(12)])
        let rows: [DeliveryRecord] = try records.deliveries(ofMessage: Sample.id(1))
        #expect(rows == [Sample.delivery(1, of: 1), Sample.delivery(12, of: 1)])
        #expect(try store.body(of: Sample.id(12))?.message == Sample.message(1))
    }

    @Test("what people sent is listed newest first", arguments: StoreKind.allCases)
    func inbound(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var known = Sample.inbound(2)
        known.contact = "anna"
        known.body = Array(#"{"text":"yes"}"#.utf8)
        try fixture.deliveries.commit(lease) { $0.inbound = [Sample.inbound(1), known, Sample.inbound(3)] }
        let records = fixture.records
        #expect(try records.inbound(before: nil, limit: 9) == [Sample.inbound(3), known, Sample.inbound(1)])
        #expect(try records.inbound(before: Sample.id(3), limit: 1) == [known])
        #expect(try records.inbound(before: nil, limit: 0).isEmpty)
    }

    @Test("a PIN belongs to a contact that is there, is replaced, and goes with it", arguments: StoreKind.allCases)
    func pins(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        let (pin, other) = (PINRecord(hash: "h", since: Sample.time(1)), PINRecord(hash: "i", since: Sample.time(2)))
        #expect(try !records.putPIN(pin, ofContact: "a"))
        #expect(try records.pin(ofContact: "a") == nil)
        try records.put(Sample.contact("a", ("+441", true)))
        #expect(try records.putPIN(nil, ofContact: "a"))
        #expect(try records.putPIN(pin, ofContact: "a"))
        try records.put(Sample.contact("a", ("+442", true)))
        #expect(try records.pin(ofContact: "a") == pin, "it is kept when the contact is put again")
        #expect(try records.putPIN(other, ofContact: "a"))
        #expect(try records.pin(ofContact: "a") == other)
        #expect(try records.removeContact("a"))
        try records.put(Sample.contact("a"))
        #expect(try records.pin(ofContact: "a") == nil)
        #expect(try records.putPIN(pin, ofContact: "a"))
        #expect(try records.putPIN(nil, ofContact: "a"))
        #expect(try records.pin(ofContact: "a") == nil)
    }

    @Test(
        "of two contacts that are merged the first one's PIN is kept, else that of the other",
        arguments: StoreKind.allCases)
    func mergedPINs(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        let (first, second) = (PINRecord(hash: "h", since: Sample.time(1)), PINRecord(hash: "i", since: Sample.time(2)))
        for id in ["a", "b", "c"] { try records.put(Sample.contact(id)) }
        #expect(try records.putPIN(first, ofContact: "b"))
        #expect(try records.putPIN(second, ofContact: "c"))
        try records.merge(Sample.contact("a"), from: "b", [])
        #expect(try records.pin(ofContact: "a") == first)
        #expect(try records.pin(ofContact: "b") == nil)
        try records.merge(Sample.contact("a"), from: "c", [])
        #expect(try records.pin(ofContact: "a") == first)
        #expect(try records.pin(ofContact: "c") == nil)
    }
}
