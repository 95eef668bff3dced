import Gateway
import Testing

@Suite("Stores: errors")
struct ErrorContractTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour

    private static func error(
        _ raw: Int64, _ code: ErrorCode = .providerUnavailable, at time: Int64 = 1, delivery: Int64? = nil,
        isShared: Bool = false, _ fill: (inout ErrorContext) -> Void = { _ in }
    ) -> ErrorRecord {
        var context = ErrorContext()
        context.tenant = "shop"
        context.channel = "sms"
        context.provider = "twilio"
        context.country = "CH"
        context.providerCode = 20503
        context.delivery = delivery.map(Sample.id)
        context.message = delivery.map(Sample.id)
        context.step = delivery.map { _ in 1 }
        context.attempt = delivery.map { _ in 2 }
        fill(&context)
        return ErrorRecord(id: Sample.id(raw), code, context, at: Sample.time(time), isShared: isShared)
    }

    private static func all(_ records: any RecordStore) throws -> [ErrorRecord] {
        try records.errors(ErrorQuery(), before: nil, limit: 100)
    }

    @Test("an error is kept with all that is known of it", arguments: StoreKind.allCases)
    func kept(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let full = Self.error(7, .senderStopped, at: 12, delivery: 3)
        let bare = ErrorRecord(
            id: Sample.id(9), .webhookMalformed, ErrorContext(), at: Sample.time(13), count: 4, isShared: false)
        try fixture.deliveries.commit(lease) { $0.errors = [full, bare] }
        #expect(try Self.all(fixture.records) == [bare, full])
        #expect(bare.isShared)
        #expect(try fixture.deliveries.highest().id == Sample.id(9))
    }

    @Test(
        "the same error in an hour is one row, with a count and the time and place of the last",
        arguments: StoreKind.allCases)
    func counted(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let first = Self.error(5, at: 10, delivery: 3, isShared: true)
        var second = Self.error(6, at: 30, delivery: 4, isShared: true)
        second.count = 6
        try fixture.deliveries.commit(lease) { $0.errors = [first] }
        try fixture.deliveries.commit(lease) {
            $0.errors = [second, Self.error(8, at: 20, delivery: 9, isShared: true)]
        }
        let row = try #require(try Self.all(fixture.records).first)
        #expect(try Self.all(fixture.records).count == 1)
        #expect(row.id == Sample.id(5))
        #expect(row.count == 8)
        #expect(row.first == Sample.time(10))
        #expect(row.last == Sample.time(30))
        #expect(row.context.delivery == Sample.id(9))
    }

    @Test("another hour, delivery, code, place or provider's code is another row", arguments: StoreKind.allCases)
    func apart(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let others = [
            Self.error(2, at: Self.hour, delivery: 3), Self.error(3, delivery: 4),
            Self.error(4, delivery: 3, isShared: true),
            Self.error(5, .providerAuth, delivery: 3), Self.error(6, delivery: 3) { $0.tenant = "other" },
            Self.error(7, delivery: 3) { $0.channel = "e\u{301}" }, Self.error(8, delivery: 3) { $0.channel = "é" },
            Self.error(9, delivery: 3) { $0.provider = "backup" }, Self.error(10, delivery: 3) { $0.country = "DE" },
            Self.error(11, delivery: 3) { $0.providerCode = 0 },
        ]
        try fixture.deliveries.commit(lease) { $0.errors = [Self.error(1, delivery: 3)] + others }
        try fixture.deliveries.commit(lease) { $0.errors = [Self.error(12, delivery: 3)] }
        let rows = try Self.all(fixture.records)
        #expect(rows.map(\.id.rawValue) == Array(1...11).reversed())
        #expect(rows.map(\.count) == Array(repeating: 1, count: 10) + [2])
    }

    @Test("they are listed newest first, in pages, and by every filter", arguments: StoreKind.allCases)
    func listed(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) {
            $0.errors = [
                Self.error(1, .providerRateLimited, at: 10, delivery: 3),
                Self.error(2, .senderStopped, at: 20, delivery: 4) { $0.providerCode = 20003 },
                Self.error(3, .circuitOpened, at: 30) { $0.tenant = "" },
                Self.error(4, .deliveryExhausted, at: 40, delivery: 5) {
                    $0.channel = ""
                    $0.provider = "Backup"
                    $0.message = Sample.id(50)
                },
            ]
        }
        func found(_ fill: (inout ErrorQuery) -> Void, before: Int64? = nil, limit: Int = 9) throws -> [Int64] {
            var query = ErrorQuery()
            fill(&query)
            return try fixture.records.errors(query, before: before.map(Sample.id), limit: limit).map(\.id.rawValue)
        }
        #expect(try found({ _ in }, limit: 3) == [4, 3, 2])
        #expect(try found({ _ in }, before: 2, limit: 3) == [1])
        #expect(try found { $0.severities = [.critical, .info] } == [2, 1])
        #expect(try found { $0.severities = [.error] } == [4])
        #expect(try found { $0.tenant = "shop" } == [4, 2, 1])
        #expect(try found { $0.code = "circuit_opened" } == [3])
        #expect(try found { $0.code = "circuit_opene" } == [])
        #expect(try found { $0.channel = "sms" } == [3, 2, 1])
        #expect(try found { $0.provider = "Backup" } == [4])
        #expect(try found { $0.since = Sample.time(20) } == [4, 3, 2])
        #expect(try found { $0.until = Sample.time(20) } == [1])
        #expect(try found { $0.subject = Sample.id(4) } == [4, 2])
        #expect(try found { $0.subject = Sample.id(50) } == [4])
        #expect(try found { $0.text = "20003" } == [2])
        #expect(try found { $0.text = "TOO many" } == [1])
        #expect(try found { $0.text = "backup" } == [4])
        #expect(try found { $0.text = "" } == [4, 3, 2, 1])
        #expect(try found { $0.text = "nothing of this" } == [])
        #expect(
            try found {
                $0.text = "sms"
                $0.severities = [.critical, .warning]
                $0.since = Sample.time(25)
            } == [3])
    }

    @Test("what is older than it is kept goes, in parts", arguments: StoreKind.allCases)
    func old(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let store = fixture.deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.errors = (1...5).map { Self.error($0, at: $0, delivery: $0) } + [Self.error(9, at: 40, delivery: 9)]
        }
        #expect(try store.purge(before: Sample.time(30 * Self.day), limit: 2) == 0)
        #expect(try store.purge(before: Sample.time(30 * Self.day + 5), limit: 3) == 3)
        #expect(try Self.all(fixture.records).map(\.id.rawValue) == [9, 5, 4])
        #expect(try store.purge(before: Sample.time(30 * Self.day + 5), limit: 3) == 1)
        #expect(try Self.all(fixture.records).map(\.id.rawValue) == [9, 5])
        // What happened again lately stays, and the same error begins a new row after the old one went.
        try store.commit(lease) {
            $0.errors = [Self.error(20, at: 50, delivery: 5), Self.error(21, at: 60, delivery: 4)]
        }
        #expect(try store.purge(before: Sample.time(30 * Self.day + 50), limit: 3) == 1)
        #expect(try Self.all(fixture.records).map(\.id.rawValue) == [21, 5])
    }

    @Test("beyond the most rows that are kept the oldest go, in parts", arguments: StoreKind.allCases)
    func surplus(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let store = fixture.deliveries
        let lease = try store.open(partition: 0)
        let count = Int64(ErrorRecord.limit) + 3
        try store.commit(lease) { $0.errors = (1...count).map { Self.error($0, delivery: $0) } }
        func oldest() throws -> Int64? {
            try fixture.records.errors(ErrorQuery(), before: Sample.id(6), limit: 9).last?.id.rawValue
        }
        #expect(try store.purge(before: Sample.time(2), limit: 2) == 2)
        #expect(try oldest() == 3)
        #expect(try store.purge(before: Sample.time(2), limit: 2) == 1)
        #expect(try oldest() == 4)
        #expect(try store.purge(before: Sample.time(2), limit: 2) == 0)
    }
}
