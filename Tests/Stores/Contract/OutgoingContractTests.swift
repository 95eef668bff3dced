import Gateway
import Testing

@Suite("what other systems are to be told, in every store")
struct OutgoingContractTests {
    @Test("it is kept with its tries until it is done, in the order of its ids", arguments: StoreKind.allCases)
    func kept(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        #expect(try store.outgoing().isEmpty)
        try store.commit(lease) { $0.outgoing = [Sample.outgoing(9, of: 1), Sample.outgoing(4, of: 2)] }
        var later = Sample.outgoing(4, of: 2)
        later.tries = 3
        later.due = Sample.time(99)
        try store.commit(lease) { $0.outgoing = [later] }
        #expect(try store.outgoing() == [later, Sample.outgoing(9, of: 1)])
        #expect(try store.highest().id == Sample.id(9))
        try store.commit(lease) { $0.outgoingDone = [Sample.id(4), Sample.id(5)] }
        #expect(try store.outgoing() == [Sample.outgoing(9, of: 1)])
    }

    @Test("what is inserted and done in one commit is done", arguments: StoreKind.allCases)
    func both(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.outgoing = [Sample.outgoing(4, of: 2)]
            $0.outgoingDone = [Sample.id(4)]
        }
        #expect(try store.outgoing().isEmpty)
    }
}
