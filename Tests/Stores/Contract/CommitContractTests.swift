import Gateway
import Testing

@Suite("commits of every store")
struct CommitContractTests {
    @Test("what was committed is read back", arguments: StoreKind.allCases)
    func readBack(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        try store.commit(Sample.accepted(7, event: 1), lease)

        let body = try #require(try store.body(of: Sample.id(7)))
        #expect(body.delivery == Sample.delivery(7, of: 7))
        #expect(body.message == Sample.message(7))
        #expect(try store.openStates(lease) == [Sample.state(7, event: 1)])
        #expect(try records.message(Sample.id(7)) == Sample.message(7))
        #expect(try records.delivery(Sample.id(7)) == Sample.delivery(7, of: 7))
        #expect(try records.state(of: Sample.id(7)) == Sample.state(7, event: 1))
        #expect(try records.events(of: Sample.id(7)) == [Sample.event(1, of: 7, previous: 0)])
    }

    @Test("what was never stored is absent, not an error", arguments: StoreKind.allCases)
    func absent(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        #expect(try store.body(of: Sample.id(1)) == nil)
        #expect(try store.state(of: Sample.id(1)) == nil)
        #expect(try store.answer("none") == nil)
        #expect(try store.snapshot("none") == nil)
        #expect(try store.openReview(of: Sample.id(1)) == nil)
        let ids: [RecordID] = try store.deliveries(ofMessage: Sample.id(1))
        #expect(ids.isEmpty)
        #expect(try records.message(Sample.id(1)) == nil)
        #expect(try records.delivery(Sample.id(1)) == nil)
        #expect(try records.state(of: Sample.id(1)) == nil)
        #expect(try records.events(of: Sample.id(1)).isEmpty)
        #expect(try records.contact("none") == nil)
        #expect(try records.boat("none") == nil)
        #expect(try records.key("none") == nil)
    }

    @Test("an empty batch is committed", arguments: StoreKind.allCases)
    func empty(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(Batch(), lease)
        #expect(try store.openStates(lease).isEmpty)
    }

    @Test("a batch with a message twice leaves nothing", arguments: StoreKind.allCases)
    func messageTwice(_ kind: StoreKind) throws {
        try expectNothingLeft(kind) { $0.messages = [Sample.message(20), Sample.message(21), Sample.message(20)] }
    }

    @Test("a batch with a stored delivery leaves nothing", arguments: StoreKind.allCases)
    func deliveryTwice(_ kind: StoreKind) throws {
        try expectNothingLeft(kind) { $0.deliveries = [Sample.delivery(22, of: 20), Sample.delivery(1, of: 20)] }
    }

    @Test("a batch with a stored event leaves nothing", arguments: StoreKind.allCases)
    func eventTwice(_ kind: StoreKind) throws {
        try expectNothingLeft(kind) {
            $0.events = [Sample.event(2, of: 1, previous: 1), Sample.event(1, of: 1, previous: 0)]
        }
    }

    /// Commits a batch of every sort of row that `spoil` makes fail, and expects the store as it was, and usable.
    private func expectNothingLeft(_ kind: StoreKind, _ spoil: (inout Batch) -> Void) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        try store.commit(Sample.accepted(1, event: 1), lease)

        var batch = fullBatch()
        spoil(&batch)
        let error = #expect(throws: StoreError.self) { try store.commit(batch, lease) }
        #expect(error?.kind == .failed)
        #expect(try records.messages(before: nil, limit: 9) == [Sample.message(1)])
        #expect(try records.delivery(Sample.id(10)) == nil)
        #expect(try store.openStates(lease) == [Sample.state(1, event: 1)])
        #expect(try store.state(of: Sample.id(1)) == Sample.state(1, event: 1))
        #expect(try store.highest().event == 1)
        #expect(try store.highest().id == Sample.id(1))
        #expect(try store.answer("k") == nil)
        #expect(try store.lookUp(.recipient, "+4477").isEmpty)
        #expect(try records.reviews(openOnly: false, after: nil, limit: 9).isEmpty)
        #expect(try records.inbound(before: nil, limit: 9).isEmpty)
        #expect(try store.snapshot("h") == nil)
        #expect(try store.marks(at: Sample.time(0)).isEmpty)
        #expect(try store.spends(onDay: 3).isEmpty)
        #expect(try store.outgoing().isEmpty)
        #expect(try store.receipts().isEmpty)
        #expect(try records.waitingMedia(limit: 9).isEmpty)

        try store.commit(Sample.accepted(2, event: 2), lease)
        #expect(try store.openStates(lease).count == 2)
    }

    /// A batch with a row of every sort, which would succeed.
    private func fullBatch() -> Batch {
        Sample.batch {
            $0.messages = [Sample.message(10)]
            $0.deliveries = [Sample.delivery(10, of: 10)]
            $0.states = [Sample.state(10, event: 2)]
            $0.closed = [Sample.state(1, event: 1, "ended")]
            $0.events = [Sample.event(2, of: 10, previous: 0)]
            $0.answers = [AnswerRecord(key: "k", body: [1], until: Sample.time(9))]
            $0.lookUps = [LookUpRecord(.recipient, "+4477", Sample.id(10))]
            $0.reviews = [Sample.review(11, of: 10)]
            $0.inbound = [Sample.inbound(12)]
            $0.snapshots = [SnapshotRecord(hash: "h", body: [2])]
            $0.marks = [Sample.mark("+4477", .bad, "*", at: 1, until: nil)]
            $0.spends = [SpendRecord(day: 3, key: "k", calls: 1, micros: 2)]
            $0.outgoing = [Sample.outgoing(13, of: 10)]
            $0.receipts = [ReceiptRecord(channel: "sms", country: "CH", sent: 3, reported: 2, quality: .weak)]
            $0.media = [MediaContractTests.media(9)]
        }
    }

    private static let sizes: [Int64] = [1, 7, 8, 9, 16, 30]

    @Test("a batch of any size is stored whole", arguments: StoreKind.allCases, sizes)
    func anySize(_ kind: StoreKind, _ size: Int64) throws {
        let fixture = try StoreFixture(kind)
        let store = fixture.deliveries
        let lease = try store.open(partition: 0)
        let ids = 1...size
        let batch = Sample.batch {
            $0.messages = ids.map { Sample.message($0, "envelope \($0)") }
            $0.deliveries = ids.map { Sample.delivery($0, of: $0) }
            $0.states = ids.map { Sample.state($0, event: $0, "state \($0)") }
            $0.events = ids.map { Sample.event($0, of: $0, previous: 0) }
        }
        try store.commit(batch, lease)
        #expect(try fixture.records.messages(before: nil, limit: 99) == batch.messages.reversed())
        #expect(try store.openStates(lease) == batch.states)
        for raw in ids {
            #expect(try fixture.records.delivery(Sample.id(raw)) == Sample.delivery(raw, of: raw))
            #expect(try fixture.records.events(of: Sample.id(raw)) == [Sample.event(raw, of: raw, previous: 0)])
        }

        let ended = ids.map { Sample.state($0, event: $0, "ended \($0)") }
        try store.commit(lease) {
            // Each replaces one; the last of a delivery counts.
            $0.states = ids.map { Sample.state($0, event: $0, "moved") } + [Sample.state(1, event: 1, "moved again")]
        }
        #expect(try store.openStates(lease).map(\.blob.count) == ids.map { $0 == 1 ? 19 : 13 })
        try store.commit(lease) { $0.closed = ended }
        #expect(try store.openStates(lease).isEmpty)
        for row in ended { #expect(try store.state(of: row.delivery) == row) }
    }

    @Test("a row that is refused anywhere in a batch leaves nothing of it", arguments: StoreKind.allCases, sizes)
    func refusedAnywhere(_ kind: StoreKind, _ size: Int64) throws {
        for table in 0..<3 {
            for place in Set([0, Int(size) / 2, Int(size) - 1]).sorted() {
                let fixture = try StoreFixture(kind)
                let lease = try fixture.deliveries.open(partition: 0)
                try fixture.deliveries.commit(Sample.accepted(1, event: 1), lease)
                var batch = Batch()
                for raw in 2...size + 1 {
                    batch.messages.append(Sample.message(raw))
                    batch.deliveries.append(Sample.delivery(raw, of: raw))
                    batch.events.append(Sample.event(raw, of: raw, previous: 0))
                }
                switch table {
                case 0: batch.messages[place] = Sample.message(1)
                case 1: batch.deliveries[place] = Sample.delivery(1, of: 1)
                default: batch.events[place] = Sample.event(1, of: 1, previous: 0)
                }
                let error = #expect(throws: StoreError.self) { try fixture.deliveries.commit(batch, lease) }
                #expect(error?.kind == .failed)
                #expect(try fixture.records.messages(before: nil, limit: 99) == [Sample.message(1)])
                #expect(try fixture.deliveries.highest() == (id: Sample.id(1), event: 1))
                try fixture.deliveries.commit(Sample.accepted(2, event: 2), lease)
                #expect(try fixture.deliveries.openStates(lease).count == 2)
            }
        }
    }

    @Test("a full batch that is not spoilt is stored whole", arguments: StoreKind.allCases)
    func wholeBatch(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        let batch = fullBatch()
        try store.commit(batch, lease)
        #expect(try records.messages(before: nil, limit: 9) == batch.messages)
        #expect(try store.openStates(lease) == batch.states)
        #expect(try store.state(of: Sample.id(1)) == batch.closed[0])
        #expect(try store.answer("k") == batch.answers[0])
        #expect(try store.lookUp(.recipient, "+4477") == [Sample.id(10)])
        #expect(try store.openReview(of: Sample.id(10)) == batch.reviews[0])
        #expect(try records.inbound(before: nil, limit: 9) == batch.inbound)
        #expect(try store.snapshot("h") == batch.snapshots[0])
        #expect(try store.marks(at: Sample.time(0)) == batch.marks)
        #expect(try store.spends(onDay: 3) == batch.spends)
        #expect(try store.outgoing() == batch.outgoing)
        #expect(try store.receipts() == batch.receipts)
        #expect(try records.receipts() == batch.receipts)
        #expect(try records.waitingMedia(limit: 9) == batch.media)
        #expect(try store.highest() == (id: Sample.id(13), event: 2))
    }
}
