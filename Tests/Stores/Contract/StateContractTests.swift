import Gateway
import Testing

@Suite("leases and states of every store")
struct StateContractTests {
    @Test("a later lease fences the earlier one", arguments: StoreKind.allCases)
    func fencing(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let old = try store.open(partition: 0)
        try store.commit(Sample.accepted(1, event: 1), old)
        let new = try store.open(partition: 0)
        #expect(new.epoch > old.epoch)

        let refused = #expect(throws: StoreError.self) { try store.commit(Sample.accepted(2, event: 2), old) }
        #expect(refused?.kind == .fenced)
        let unread = #expect(throws: StoreError.self) { try store.openStates(old) }
        #expect(unread?.kind == .fenced)
        #expect(try store.openStates(new).map(\.delivery) == [Sample.id(1)])
        try store.commit(Sample.accepted(2, event: 2), new)
    }

    @Test("leases of other partitions do not fence each other", arguments: StoreKind.allCases)
    func partitions(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let first = try store.open(partition: 1)
        let last = try store.open(partition: 1023)
        let (one, other) = (Int64(1) << 22 | 1 << 12, Int64(1) << 22 | 1023 << 12)
        try store.commit(Sample.accepted(one, event: 1), first)
        try store.commit(Sample.accepted(other, event: 2), last)
        #expect(try store.openStates(first).map(\.delivery.rawValue) == [one])
        #expect(try store.openStates(last).map(\.delivery.rawValue) == [other])
        #expect(try store.openStates(try store.open(partition: 0)).count == 2)
    }

    @Test("a partition outside 0...1023 is refused", arguments: StoreKind.allCases, [-1, 1024, .max, .min])
    func badPartition(_ kind: StoreKind, _ partition: Int) throws {
        let store = try StoreFixture(kind).deliveries
        let error = #expect(throws: StoreError.self) { try store.open(partition: partition) }
        #expect(error?.kind == .failed)
    }

    @Test("a lease that nobody gave is fenced", arguments: StoreKind.allCases)
    func inventedLease(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        _ = try store.open(partition: 0)
        for lease in [Lease(partition: 0, epoch: 99), Lease(partition: 3, epoch: 1), Lease(partition: -5, epoch: 0)] {
            let error = #expect(throws: StoreError.self) { try store.commit(Batch(), lease) }
            #expect(error?.kind == .fenced)
        }
    }

    @Test("a scan goes in the order of the identifiers", arguments: StoreKind.allCases)
    func scanOrder(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        // More than one page of a store that reads in pages.
        let raws = (1...3_000).map { Int64($0) * 7_919 % 3_001 }
        try store.commit(lease) { $0.states = raws.map { Sample.state($0) } }
        #expect(try store.openStates(lease).map(\.delivery.rawValue) == Array(1...3_000))
    }

    @Test("an error of the visitor ends the scan and comes out", arguments: StoreKind.allCases)
    func scanEnds(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) { $0.states = (1...5).map { Sample.state($0) } }
        var seen = 0
        let error = #expect(throws: StoreError.self) {
            try store.scan(lease) { (_) throws(StoreError) in
                seen += 1
                if seen == 2 { throw StoreError(.corrupt, "unreadable") }
            }
        }
        #expect(error == StoreError(.corrupt, "unreadable"))
        #expect(seen == 2)
    }

    @Test("a visitor may use the store", arguments: StoreKind.allCases)
    func scanReenters(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        for raw in 1...3 { try store.commit(Sample.accepted(Int64(raw), event: Int64(raw)), lease) }
        var found: [RecordID] = []
        try store.scan(lease) { (state) throws(StoreError) in
            if let body = try store.body(of: state.delivery) { found.append(body.delivery.id) }
            _ = try store.openStates(lease)
        }
        #expect(found == (1...3).map { Sample.id($0) })
    }

    @Test("the last state counts", arguments: StoreKind.allCases)
    func replacedState(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(Sample.accepted(1, event: 1), lease)
        try store.commit(lease) { $0.states = [Sample.state(1, event: 1, "a"), Sample.state(1, event: 1, "longer")] }
        #expect(try store.openStates(lease) == [Sample.state(1, event: 1, "longer")])
    }

    @Test("an ended delivery leaves the open ones, and a late move replaces it", arguments: StoreKind.allCases)
    func closing(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        try store.commit(Sample.accepted(1, event: 1), lease)
        try store.commit(Sample.accepted(2, event: 2), lease)

        try store.commit(lease) {
            $0.states = [Sample.state(1, event: 1, "still open")]
            $0.closed = [Sample.state(1, event: 1, "failed")]
        }
        #expect(try store.openStates(lease).map(\.delivery) == [Sample.id(2)])
        #expect(try store.state(of: Sample.id(1)) == Sample.state(1, event: 1, "failed"))
        #expect(try store.state(of: Sample.id(2)) == Sample.state(2, event: 2))
        #expect(try store.state(of: Sample.id(3)) == nil)
        #expect(try records.state(of: Sample.id(1)) == Sample.state(1, event: 1, "failed"))

        try store.commit(lease) { $0.closed = [Sample.state(1, event: 1, "satisfied late")] }
        #expect(try store.state(of: Sample.id(1)) == Sample.state(1, event: 1, "satisfied late"))
        #expect(try records.state(of: Sample.id(2)) == Sample.state(2, event: 2))
    }

    @Test("a delivery may be accepted and ended at once", arguments: StoreKind.allCases)
    func endedAtOnce(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.messages = [Sample.message(1)]
            $0.deliveries = [Sample.delivery(1, of: 1)]
            $0.closed = [Sample.state(1, event: 0, "rejected")]
        }
        #expect(try store.openStates(lease).isEmpty)
        #expect(try store.state(of: Sample.id(1)) == Sample.state(1, event: 0, "rejected"))
    }

    @Test("the highest identifier and event are those of any table", arguments: StoreKind.allCases)
    func highest(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        #expect(try store.highest() == (id: nil, event: 0))
        let lease = try store.open(partition: 0)
        try store.commit(lease) { $0.messages = [Sample.message(5)] }
        #expect(try store.highest() == (id: Sample.id(5), event: 0))
        try store.commit(lease) { $0.deliveries = [Sample.delivery(6, of: 5)] }
        #expect(try store.highest().id == Sample.id(6))
        try store.commit(lease) { $0.reviews = [Sample.review(7, of: 6)] }
        #expect(try store.highest().id == Sample.id(7))
        try store.commit(lease) { $0.inbound = [Sample.inbound(.max)] }
        try store.commit(lease) { $0.events = [Sample.event(41, of: 6, previous: 0)] }
        #expect(try store.highest() == (id: Sample.id(.max), event: 41))
    }
}
