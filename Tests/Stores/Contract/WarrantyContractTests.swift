import Gateway
import Testing

@Suite("the register of warranties of every store")
struct WarrantyContractTests {
    private func warranty(_ id: String, look: Int64?) -> WarrantyRecord {
        var warranty = WarrantyRecord(id: id, boat: "alba", item: "Pump", expires: 20_900)
        warranty.look = look.map(Sample.time)
        warranty.version = 3
        warranty.leads = [90, 7]
        warranty.armed = Sample.time(17)
        return warranty
    }

    @Test("a warranty comes back whole, is replaced whole, and is removed", arguments: StoreKind.allCases)
    func life(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var full = warranty("w.1", look: 5)
        full.tenant = "shop"
        full.claimURL = "https://a.example"
        full.variables = ["serial": "7", "years": 2]
        full.labels = ["maker": "volvo", "a": "b"]
        full.attachments = ["https://a.example/1"]
        try fixture.deliveries.commit(lease) { $0.warranties = [full, warranty("a", look: nil)] }
        #expect(try fixture.records.warranty("w.1") == full)
        #expect(try fixture.deliveries.warranty("w.1") == full)
        #expect(try fixture.records.warranties(after: nil, limit: 9).map(\.id) == ["a", "w.1"])
        #expect(try fixture.records.warranties(after: "a", limit: 9).map(\.id) == ["w.1"])
        #expect(try fixture.records.warranties(after: nil, limit: 1).map(\.id) == ["a"])
        let plain = warranty("w.1", look: nil)
        try fixture.deliveries.commit(lease) { $0.warranties = [full, plain] }
        #expect(try fixture.records.warranty("w.1") == plain)
        try fixture.deliveries.commit(lease) {
            $0.warranties = [full]
            $0.warrantiesRemoved = ["w.1", "unknown"]
        }
        #expect(try fixture.records.warranty("w.1") == nil)
    }

    @Test("those that are due come in the order of their times, and no others", arguments: StoreKind.allCases)
    func due(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) {
            $0.warranties = [
                warranty("c", look: 2), warranty("b", look: 1), warranty("a", look: 2), warranty("d", look: 4),
                warranty("e", look: nil),
            ]
        }
        #expect(try fixture.records.warranties(dueBy: Sample.time(3), limit: 9).map(\.id) == ["b", "a", "c"])
        #expect(try fixture.records.warranties(dueBy: Sample.time(3), limit: 2).map(\.id) == ["b", "a"])
        #expect(try fixture.records.warranties(dueBy: Sample.time(0), limit: 2).isEmpty)
    }

    @Test("a reminder is stored once, and outlives its warranty", arguments: StoreKind.allCases)
    func reminders(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let first = warranty("w", look: 1)
        var made = ReminderRecord(first, lead: 30, at: Sample.time(8), outcome: "reminded")
        made.message = Sample.id(4)
        let passed = ReminderRecord(first, lead: 90, at: Sample.time(8), outcome: "passed")
        let earlier = ReminderRecord(warranty: "w", expires: 20_000, lead: 7, at: Sample.time(2), outcome: "passed")
        try fixture.deliveries.commit(lease) {
            $0.warranties = [first]
            $0.reminders = [
                made, passed, earlier,
                ReminderRecord(warranty("v", look: 1), lead: 7, at: Sample.time(1), outcome: "x"),
            ]
        }
        #expect(try fixture.records.reminders(ofWarranty: "w") == [earlier, passed, made])
        #expect(throws: StoreError.self) {
            try fixture.deliveries.commit(lease) {
                $0.warranties = [warranty("w", look: 77)]
                $0.reminders = [made]
            }
        }
        #expect(try fixture.records.warranty("w") == first)
        try fixture.deliveries.commit(lease) { $0.warrantiesRemoved = ["w"] }
        #expect(try fixture.deliveries.reminders(ofWarranty: "w") == [earlier, passed, made])
    }
}
