import Gateway
import Testing

@Suite("what keys spent, in every store")
struct SpendContractTests {
    private func spend(_ day: Int64, _ key: String, _ calls: Int, _ micros: Int64) -> SpendRecord {
        SpendRecord(day: day, key: key, calls: calls, micros: micros)
    }

    @Test("spends of a day add up, by key", arguments: StoreKind.allCases)
    func addUp(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        #expect(try store.spends(onDay: 20_000).isEmpty)
        try store.commit(lease) { $0.spends = [spend(20_000, "b", 1, 5), spend(20_000, "b", 2, 7)] }
        try store.commit(lease) { $0.spends = [spend(20_000, "a", 0, 9), spend(20_000, "b", 1, 0)] }
        #expect(try store.spends(onDay: 20_000) == [spend(20_000, "a", 0, 9), spend(20_000, "b", 4, 12)])
        #expect(try store.spends(onDay: 20_001).isEmpty)
    }

    @Test("the day before stays, and older ones go with the next spend", arguments: StoreKind.allCases)
    func oldDays(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) { $0.spends = [spend(20_000, "a", 1, 1)] }
        try store.commit(lease) { $0.spends = [spend(20_001, "a", 2, 2)] }
        #expect(try store.spends(onDay: 20_000) == [spend(20_000, "a", 1, 1)])
        try store.commit(lease) { $0.spends = [spend(20_002, "b", 3, 3)] }
        #expect(try store.spends(onDay: 20_000).isEmpty)
        #expect(try store.spends(onDay: 20_001) == [spend(20_001, "a", 2, 2)])
    }
}
