import Gateway
import Testing

@Suite("events to be read in order, in every store")
struct EventContractTests {
    private static func published(_ sequence: Int64, tenant: String? = "shop") -> PublishedRecord {
        PublishedRecord(
            sequence: sequence, at: Sample.time(sequence), type: "inbound.received", subject: "inb_\(sequence)",
            tenant: tenant, body: Array("{}".utf8))
    }

    @Test("rows of both tables come in the order of their sequence, page by page", arguments: StoreKind.allCases)
    func merged(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        #expect(try records.eventRows(after: 0, limit: 9).isEmpty)
        #expect(try records.lastEventRow() == 0)
        try store.commit(lease) {
            $0.events = [Sample.event(2, of: 1, previous: 0), Sample.event(5, of: 2, previous: 0)]
            $0.published = [Self.published(1), Self.published(4, tenant: nil)]
        }
        try store.commit(lease) { $0.events = [Sample.event(9, of: 1, previous: 2)] }
        let all = try records.eventRows(after: 0, limit: 9)
        #expect(
            all == [
                .published(Self.published(1)), .delivery(Sample.event(2, of: 1, previous: 0)),
                .published(Self.published(4, tenant: nil)), .delivery(Sample.event(5, of: 2, previous: 0)),
                .delivery(Sample.event(9, of: 1, previous: 2)),
            ])
        #expect(try records.eventRows(after: 1, limit: 2) == Array(all[1...2]))
        #expect(try records.eventRows(after: 3, limit: 9) == Array(all[2...]))
        #expect(try records.eventRows(after: 9, limit: 9).isEmpty)
        #expect(try records.eventRows(after: 0, limit: 0).isEmpty)
    }

    @Test("the greatest sequence is that of both tables", arguments: StoreKind.allCases)
    func highest(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) {
            $0.events = [Sample.event(3, of: 1, previous: 0)]
            $0.published = [Self.published(7)]
        }
        #expect(try fixture.deliveries.highest().event == 7)
        #expect(try fixture.records.lastEventRow() == 7)
        try fixture.deliveries.commit(lease) { $0.events = [Sample.event(8, of: 1, previous: 3)] }
        #expect(try fixture.deliveries.highest().event == 8)
        #expect(try fixture.records.lastEventRow() == 8)
    }

    @Test("what is published twice is refused with all of its batch", arguments: StoreKind.allCases)
    func twice(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) { $0.published = [Self.published(1)] }
        #expect(throws: StoreError.self) {
            try fixture.deliveries.commit(lease) {
                $0.published = [Self.published(1)]
                $0.inbound = [Sample.inbound(5)]
            }
        }
        #expect(try fixture.records.inbound(before: nil, limit: 9).isEmpty)
        var alone = Batch()
        alone.published = [Self.published(2)]
        #expect(!alone.isEmpty)
    }

    @Test("a consumer moves on and never back, and belongs to its tenant", arguments: StoreKind.allCases)
    func consumers(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        let (early, late) = (EventPosition(sequence: 4, place: 1), EventPosition(sequence: 9, place: 0))
        #expect(try records.consumer("crm", ofTenant: "shop") == nil)
        #expect(try records.advance(consumer: "crm", ofTenant: "shop", to: early) == early)
        #expect(try records.advance(consumer: "crm", ofTenant: "shop", to: late) == late)
        #expect(try records.advance(consumer: "crm", ofTenant: "shop", to: early) == late)
        #expect(try records.consumer("crm", ofTenant: "shop") == late)
        #expect(try records.consumer("crm", ofTenant: "other") == nil)
        #expect(try records.advance(consumer: "crm", ofTenant: "other", to: early) == early)
    }
}
