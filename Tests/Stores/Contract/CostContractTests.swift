import Gateway
import Testing

@Suite("costs of days")
struct CostContractTests {
    private func row(
        _ day: Int, _ tenant: String = "t", policy: String = "p", country: String = "CH", estimate: Int64 = 10
    ) -> CostRecord {
        var row = CostRecord(day: day, tenant: tenant, policy: policy, channel: "sms", country: country)
        row.attempts = 1
        row.estimate = estimate
        return row
    }

    @Test("rows are added up by day, tenant, policy, channel and country", arguments: StoreKind.allCases)
    func added(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var settled = row(8)
        settled.attempts = 0
        settled.estimate = 0
        settled.settled = 1
        settled.settledEstimate = 10
        settled.actual = 7
        settled.duplicates = 1
        settled.duplicateEstimate = 10
        var refused = row(8, estimate: -10)
        refused.attempts = -1
        try fixture.deliveries.commit(lease) { $0.costs = [row(8), row(8, country: ""), row(9), row(8), row(8)] }
        try fixture.deliveries.commit(lease) { $0.costs = [settled, refused] }
        var sum = row(8)
        sum.attempts = 2
        sum.estimate = 20
        sum.settled = 1
        sum.settledEstimate = 10
        sum.actual = 7
        sum.duplicates = 1
        sum.duplicateEstimate = 10
        #expect(sum.spent == 17)
        #expect(try fixture.records.costs(from: 8, through: 8) == [row(8, country: ""), sum])
        #expect(try fixture.records.costs(from: 0, through: 99).map(\.day) == [8, 8, 9])
        #expect(try fixture.records.costs(from: 9, through: 8).isEmpty)
    }

    @Test(
        "what was sold and which way it went are rows of their own, and the last day of a kind is known",
        arguments: StoreKind.allCases)
    func kinds(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        func row(_ day: Int, _ kind: String, _ direction: PriceTable.Direction) -> CostRecord {
            var row = CostRecord(
                day: day, tenant: "t", policy: "", channel: "sms", country: "CH", kind: kind, direction: direction)
            row.attempts = 1
            row.estimate = 10
            return row
        }
        #expect(try fixture.deliveries.lastCostDay(ofKind: "sms", over: "sms") == nil)
        let rows = [row(8, "mms", .in), row(8, "sms", .in), row(8, "sms", .out), row(9, "number", .use)]
        try fixture.deliveries.commit(lease) { $0.costs = rows.reversed() }
        #expect(try fixture.records.costs(from: 0, through: 99) == rows)
        try fixture.deliveries.commit(lease) { $0.costs = [row(7, "number", .use), row(8, "sms", .in)] }
        #expect(try fixture.records.costs(from: 8, through: 8).map(\.attempts) == [1, 2, 1])
        #expect(try fixture.deliveries.spent(.tenant, "t", from: 0, through: 99) == 60)
        #expect(try fixture.deliveries.lastCostDay(ofKind: "number", over: "sms") == 9)
        #expect(try fixture.deliveries.lastCostDay(ofKind: "sms", over: "sms") == 8)
        #expect(try fixture.deliveries.lastCostDay(ofKind: "number", over: "voice") == nil)
    }

    @Test("what was spent is summed up for everybody, a tenant, a policy, a recipient", arguments: StoreKind.allCases)
    func spent(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let store = fixture.deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.costs = [row(7), row(8), row(8, "u", estimate: 30), row(9, "u", policy: "q", estimate: 100)]
            $0.recipientCosts = [
                .init(day: 8, recipient: "+41", spent: 5), .init(day: 8, recipient: "+41", spent: 6),
                .init(day: 9, recipient: "contact:a", spent: 20), .init(day: 9, recipient: "+41", spent: -1),
            ]
        }
        #expect(try store.spent(.gateway, "", from: 8, through: 9) == 140)
        #expect(try store.spent(.tenant, "u", from: 8, through: 8) == 30)
        #expect(try store.spent(.policy, "p", from: 7, through: 9) == 50)
        #expect(try store.spent(.recipient, "+41", from: 8, through: 9) == 10)
        #expect(try store.spent(.recipient, "+41", from: 8, through: 8) == 11)
        #expect(try store.spent(.tenant, "nobody", from: 0, through: 99) == 0)
        #expect(
            try fixture.records.recipientCosts(from: 8, through: 9, limit: 9) == [
                .init(day: 9, recipient: "contact:a", spent: 20), .init(day: 9, recipient: "+41", spent: 10),
            ])
        #expect(try fixture.records.recipientCosts(from: 8, through: 9, limit: 1).map(\.recipient) == ["contact:a"])
        try store.commit(lease) { $0.recipientCosts = [.init(day: 8 + 62 + 1, recipient: "+41", spent: 1)] }
        #expect(try store.spent(.recipient, "+41", from: 0, through: 8) == 0)
        #expect(try store.spent(.recipient, "+41", from: 9, through: 99) == 0)
    }

    @Test("attempts whose price is asked for are listed by when they are due", arguments: StoreKind.allCases)
    func settlements(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        let first = SettlementRecord(delivery: Sample.id(9), attempt: 1, created: Sample.time(1))
        var second = SettlementRecord(delivery: Sample.id(9), attempt: 0, created: Sample.time(2))
        let third = SettlementRecord(delivery: Sample.id(8), attempt: 0, created: Sample.time(2))
        try store.commit(lease) { $0.settlements = [second, first, third] }
        #expect(try store.settlements(limit: 9) == [first, third, second])
        #expect(try store.settlements(limit: 1) == [first])
        second.due = Sample.time(0)
        second.tries = 1
        try store.commit(lease) {
            $0.settlements = [second]
            $0.settlementsDone = [first]
        }
        #expect(try store.settlements(limit: 9) == [second, third])
    }
}
