import Gateway

/// The key of a row of costs.
struct CostKey: Hashable, Comparable, Sendable {
    let day: Int
    let names: [ByteKey]

    init(_ row: CostRecord) {
        day = row.day
        names = [row.tenant, row.policy, row.channel, row.country, row.kind, row.direction.rawValue].map(ByteKey.init)
    }

    static func < (left: Self, right: Self) -> Bool {
        left.day != right.day ? left.day < right.day : left.names.lexicographicallyPrecedes(right.names)
    }
}

/// The key of an attempt whose price is asked for.
struct SettlementKey: Hashable, Comparable, Sendable {
    let delivery: RecordID
    let attempt: Int

    init(_ row: SettlementRecord) {
        delivery = row.delivery
        attempt = row.attempt
    }

    static func < (left: Self, right: Self) -> Bool { (left.delivery, left.attempt) < (right.delivery, right.attempt) }
}

extension StoreContents {
    mutating func applyCosts(_ batch: Batch) {
        for row in batch.settlements { settlements[SettlementKey(row)] = row }
        for row in batch.settlementsDone { settlements[SettlementKey(row)] = nil }
        for row in batch.costs {
            var total =
                costs[CostKey(row)]
                ?? CostRecord(
                    day: row.day, tenant: row.tenant, policy: row.policy, channel: row.channel, country: row.country,
                    kind: row.kind, direction: row.direction)
            total.add(row)
            costs[CostKey(row)] = total
        }
        for row in batch.recipientCosts {
            let key = SpendKey(day: Int64(row.day), key: ByteKey(row.recipient))
            var total = recipientCosts[key] ?? RecipientCost(day: row.day, recipient: row.recipient, spent: 0)
            total.spent &+= row.spent
            recipientCosts[key] = total
        }
        guard let newest = batch.recipientCosts.map(\.day).max() else { return }
        recipientCosts.removeAll { $0.day < RecipientCost.oldest(keptOn: newest) }
    }

    mutating func spent(_ scope: CostScope, _ name: String, _ days: ClosedRange<Int>) -> Int64 {
        let name = ByteKey(name)
        if scope == .recipient {
            return recipientCosts.all().filter { days.contains($0.day) && ByteKey($0.recipient) == name }
                .reduce(0) { $0 &+ $1.spent }
        }
        return costs.all().filter { row in
            guard days.contains(row.day) else { return false }
            switch scope {
            case .tenant: return ByteKey(row.tenant) == name
            case .policy: return ByteKey(row.policy) == name
            case .gateway, .recipient: return true
            }
        }.reduce(0) { $0 &+ $1.spent }
    }
}

extension InMemoryStore {
    package func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) throws(StoreError) -> Int64 {
        try read(.spent) { from <= through ? $0.spent(scope, name, from...through) : 0 }
    }

    package func lastCostDay(ofKind kind: String, over channel: String) throws(StoreError) -> Int? {
        let (kind, channel) = (ByteKey(kind), ByteKey(channel))
        return try read(.lastCostDay) { contents in
            contents.costs.all().last { ByteKey($0.kind) == kind && ByteKey($0.channel) == channel }?.day
        }
    }

    package func settlements(limit: Int) throws(StoreError) -> [SettlementRecord] {
        let rows = try read(.settlements) { $0.settlements.all() }
        return Array(
            rows.sorted { ($0.due, $0.delivery, $0.attempt) < ($1.due, $1.delivery, $1.attempt) }.prefix(limit))
    }

    package func costs(from: Int, through: Int) throws(StoreError) -> [CostRecord] {
        read { $0.costs.all().filter { from <= $0.day && $0.day <= through } }
    }

    package func recipientCosts(from: Int, through: Int, limit: Int) throws(StoreError) -> [RecipientCost] {
        let rows = read { $0.recipientCosts.all().filter { from <= $0.day && $0.day <= through } }
        var sums: [ByteKey: RecipientCost] = [:]
        for row in rows {
            sums[ByteKey(row.recipient), default: .init(day: through, recipient: row.recipient, spent: 0)].spent &+=
                row.spent
        }
        let sorted = sums.sorted { ($1.value.spent, $0.key) < ($0.value.spent, $1.key) }
        return sorted.prefix(max(0, limit)).map(\.value)
    }
}
