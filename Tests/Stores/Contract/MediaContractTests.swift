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

    @Test("what is to be gone is in no list, comes first of what waits, and goes", arguments: StoreKind.allCases)
    func removed(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        var marked = Self.stored(3)
        marked.remove()
        try store.commit(lease) { $0.media = [Self.media(1, due: 1), Self.stored(2), marked] }
        #expect(try records.media(MediaQuery(), before: nil, limit: 9).map(\.id.rawValue) == [2, 1])
        var query = MediaQuery()
        query.state = .removed
        #expect(try records.media(query, before: nil, limit: 9) == [marked])
        #expect(try records.media(Sample.id(3)) == marked)
        #expect(try records.waitingMedia(limit: 9).map(\.id.rawValue) == [3, 1])
        try store.commit(lease) { $0.mediaRemoved = [Sample.id(3), Sample.id(9)] }
        #expect(try store.media(Sample.id(3)) == nil)
        #expect(try records.waitingMedia(limit: 9).map(\.id.rawValue) == [1])
        try store.commit(lease) {
            $0.media = [Self.stored(2)]
            $0.mediaRemoved = [Sample.id(2)]
        }
        #expect(try records.media(MediaQuery(), before: nil, limit: 9).map(\.id.rawValue) == [1])
    }

    @Test("bytes are kept as long as a file has them that is not to be gone", arguments: StoreKind.allCases)
    func hashes(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var (first, second) = (Self.stored(1), Self.stored(2))
        try fixture.deliveries.commit(lease) { $0.media = [first, second, Self.media(3)] }
        first.remove()
        try fixture.deliveries.commit(lease) { $0.media = [first] }
        #expect(try fixture.records.hasMedia(withHash: "ab12"))
        #expect(try !fixture.records.hasMedia(withHash: "AB12"))
        second.remove()
        try fixture.deliveries.commit(lease) { $0.media = [second] }
        #expect(try !fixture.records.hasMedia(withHash: "ab12"))
    }

    @Test(
        "what was announced before a time and waits for nothing is found, the oldest first",
        arguments: StoreKind.allCases)
    func old(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        func raw(_ milliseconds: Int64, _ number: Int64) -> Int64 { milliseconds << 22 + number }
        var marked = Self.stored(raw(5, 2))
        marked.remove()
        try fixture.deliveries.commit(lease) {
            $0.media = [
                Self.stored(raw(5, 3)), Self.media(raw(5, 1)), Self.stored(raw(4, 7)), marked, Self.stored(raw(6, 0)),
            ]
        }
        func ids(_ milliseconds: Int64, _ limit: Int = 9) throws -> [Int64] {
            let time = Timestamp(milliseconds: RecordID.epoch + milliseconds)
            return try fixture.records.media(announcedBefore: time, limit: limit).map(\.id.rawValue)
        }
        #expect(try ids(6) == [raw(4, 7), raw(5, 3)])
        #expect(try ids(7) == [raw(4, 7), raw(5, 3), raw(6, 0)])
        #expect(try ids(7, 1) == [raw(4, 7)])
        #expect(try ids(4).isEmpty && ids(0).isEmpty && ids(-5).isEmpty)
    }

    @Test("documents that are a file are found by it", arguments: StoreKind.allCases)
    func documentsOfMedia(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        for (id, media) in [("b", 7), ("a", 7), ("Z", 7), ("c", 8), ("d", nil)] as [(String, Int64?)] {
            var document = DocumentRecord(id: id, boat: "aurora", type: "media", title: id, at: Sample.time(1))
            document.media = media.map(Sample.id)
            try records.put(document)
        }
        #expect(try records.documents(ofMedia: Sample.id(7)) == ["Z", "a", "b"])
        #expect(try records.documents(ofMedia: Sample.id(9)).isEmpty)
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
