import Gateway
import Testing

@Suite("histories of every store")
struct HistoryContractTests {
    @Test("a history follows the chain, oldest first, past other deliveries' events", arguments: StoreKind.allCases)
    func chain(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        let history = [
            Sample.event(1, of: 1, previous: 0), Sample.event(3, of: 1, previous: 1),
            Sample.event(300, of: 1, previous: 3),
        ]
        try store.commit(lease) {
            $0.events = history + [Sample.event(2, of: 2, previous: 0), Sample.event(4, of: 2, previous: 2)]
            $0.states = [Sample.state(1, event: 300), Sample.state(2, event: 4)]
        }
        #expect(try records.events(of: Sample.id(1)) == history)
        #expect(try records.events(of: Sample.id(2)).map(\.sequence) == [2, 4])

        try store.commit(lease) {
            $0.events = [Sample.event(301, of: 1, previous: 300)]
            $0.closed = [Sample.state(1, event: 301)]
        }
        #expect(try records.events(of: Sample.id(1)).map(\.sequence) == [1, 3, 300, 301])
    }

    @Test("a delivery without events has an empty history", arguments: StoreKind.allCases)
    func empty(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) { $0.states = [Sample.state(1, event: 0)] }
        #expect(try fixture.records.events(of: Sample.id(1)).isEmpty)
    }

    /// Chains that no engine writes, each with the state's last event.
    static let broken: [(name: String, last: Int64, events: [EventRecord])] = [
        ("the last event is missing", 5, []),
        ("an earlier event is missing", 5, [Sample.event(5, of: 1, previous: 4)]),
        ("an event is another delivery's", 5, [Sample.event(5, of: 2, previous: 0)]),
        ("an event follows itself", 5, [Sample.event(5, of: 1, previous: 5)]),
        (
            "an event follows a later one", 5,
            [Sample.event(5, of: 1, previous: 6), Sample.event(6, of: 1, previous: 5)]
        ),
        ("a sequence is negative", -1, []),
        ("an event is too short", 5, [EventRecord(sequence: 5, delivery: Sample.id(1), blob: [0, 0, 0])]),
    ]

    @Test("a damaged history is an error and never a loop", arguments: StoreKind.allCases, broken.indices)
    func damaged(_ kind: StoreKind, _ index: Int) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) {
            $0.states = [Sample.state(1, event: Self.broken[index].last)]
            $0.events = Self.broken[index].events
        }
        let error = #expect(throws: StoreError.self, "\(Self.broken[index].name)") {
            try fixture.records.events(of: Sample.id(1))
        }
        #expect(error?.kind == .corrupt)
    }

    @Test("a state too short to name an event is an error", arguments: StoreKind.allCases)
    func shortState(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) { $0.states = [StateRecord(delivery: Sample.id(1), blob: [])] }
        #expect(throws: StoreError.self) { try fixture.records.events(of: Sample.id(1)) }
    }
}
