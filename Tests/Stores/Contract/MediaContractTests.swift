import Gateway
import Testing

@Suite("files that people sent, of every store")
struct MediaContractTests {
    static func media(_ raw: Int64, boat: String? = nil, contact: String? = nil, due: Int64? = 5) -> MediaRecord {
        var media = MediaRecord(
            id: Sample.id(raw), inbound: Sample.id(raw + 1),
            InboundMedia(url: "https://a.example/\(raw)", contentType: "image/png"),
            provider: "twilio", contact: contact, boat: boat, at: Sample.time(raw))
        media.due = due.map(Sample.time)
        return media
    }

    private static func stored(_ raw: Int64) -> MediaRecord {
        var media = media(raw, boat: "aurora", contact: "ana")
        media.tries = 2
        media.take(.stored(MediaContent(type: "image/png", size: 9_000_000_000, hash: "ab12")), at: Sample.time(99))
        return media
    }

    @Test("a file comes back whole, and is replaced whole", arguments: StoreKind.allCases)
    func whole(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        let first = Self.media(7)
        try store.commit(lease) { $0.media = [first] }
        #expect(try store.media(Sample.id(7)) == first)
        #expect(try records.media(Sample.id(7)) == first)
        #expect(try store.media(Sample.id(8)) == nil)
        #expect(try store.highest().id == Sample.id(7))
        let second = Self.stored(7)
        try store.commit(lease) { $0.media = [first, second] }
        #expect(try store.media(Sample.id(7)) == second)
        #expect(try records.waitingMedia(limit: 9).isEmpty)
        for reason in MediaReason.allCases {
            var ended = first
            ended.take(.missing(reason), at: Sample.time(50))
            try store.commit(lease) { $0.media = [ended] }
            #expect(try records.media(Sample.id(7)) == ended)
        }
    }

    @Test("those that wait come in the order in which they are due", arguments: StoreKind.allCases)
    func waiting(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) {
            $0.media = [
                Self.media(1, due: 30), Self.media(2, due: 10), Self.media(3, due: 20), Self.media(4, due: 10),
                Self.stored(5),
            ]
        }
        func ids(_ limit: Int) throws -> [Int64] { try fixture.records.waitingMedia(limit: limit).map(\.id.rawValue) }
        #expect(try ids(9) == [2, 4, 3, 1])
        #expect(try ids(2) == [2, 4])
        #expect(try ids(0).isEmpty)
    }

    @Test("lists are newest first, and have only what is asked for", arguments: StoreKind.allCases)
    func lists(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) {
            $0.media = [
                Self.media(1, boat: "aurora", contact: "ana"), Self.media(2, contact: "ben"), Self.stored(3),
                Self.media(4, boat: "boreas"), Self.media(5, boat: "aurora", contact: "ben"),
            ]
        }
        func ids(before: Int64? = nil, limit: Int = 9, _ fill: (inout MediaQuery) -> Void = { _ in }) throws -> [Int64]
        {
            var query = MediaQuery()
            fill(&query)
            return try fixture.records.media(query, before: before.map(Sample.id), limit: limit).map(\.id.rawValue)
        }
        #expect(try ids() == [5, 4, 3, 2, 1])
        #expect(try ids(before: 4, limit: 2) == [3, 2])
        #expect(try ids { $0.boat = "aurora" } == [5, 3, 1])
        #expect(try ids(before: 5) { $0.boat = "aurora" } == [3, 1])
        #expect(try ids { $0.contact = "ben" } == [5, 2])
        #expect(try ids { $0.state = .stored } == [3])
        #expect(try ids { ($0.boat, $0.contact, $0.state) = ("aurora", "ana", .waiting) } == [1])
        #expect(try ids { $0.boat = "Aurora" }.isEmpty)
    }

    @Test("a batch that fails leaves none", arguments: StoreKind.allCases)
    func refused(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(Sample.accepted(1, event: 1), lease)
        #expect(throws: StoreError.self) {
            try fixture.deliveries.commit(lease) {
                $0.media = [Self.media(7)]
                $0.messages = [Sample.message(1)]
            }
        }
        #expect(try fixture.records.media(Sample.id(7)) == nil)
    }

    @Test("a document keeps which file it is", arguments: StoreKind.allCases)
    func document(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        var document = DocumentRecord(id: "med-1", boat: "aurora", type: "media", title: "Impeller", at: Sample.time(1))
        document.media = Sample.id(7)
        try records.put(document)
        #expect(try records.document("med-1") == document)
        #expect(try records.documents(after: nil, limit: 9) == [document])
        #expect(try records.documents(DocumentQuery(.all, words: ["impeller"], limit: 9)).documents == [document])
        #expect(try records.documents(DocumentQuery(.boat("aurora"), words: [], limit: 9)).documents == [document])
        document.media = nil
        try records.put(document)
        #expect(try records.document("med-1")?.media == nil)
    }
}
