import Gateway
import SQL

extension Database {
    /// Adds to the rows of the days, and removes recipients' days that are over for good.
    func store(_ costs: [CostRecord], _ recipients: [RecipientCost]) throws(StoreError) {
        for row in costs { try add(row) }
        for row in recipients {
            try run(
                """
                INSERT INTO cost_recipient(recipient, day, spent) VALUES (?, ?, ?)
                ON CONFLICT(recipient, day) DO UPDATE SET spent = spent + excluded.spent
                """, .text(row.recipient), .integer(Int64(row.day)), .integer(row.spent))
        }
        guard let newest = recipients.map(\.day).max() else { return }
        try run("DELETE FROM cost_recipient WHERE day < ?", .integer(Int64(RecipientCost.oldest(keptOn: newest))))
    }

    private func add(_ row: CostRecord) throws(StoreError) {
        try run(
            """
            INSERT INTO cost(day, tenant, policy, channel, country, kind, direction, attempts, estimate, settled,
                settled_estimate, actual, duplicates, duplicate_estimate)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(day, tenant, policy, channel, country, kind, direction) DO UPDATE SET
                attempts = attempts + excluded.attempts, estimate = estimate + excluded.estimate,
                settled = settled + excluded.settled, settled_estimate = settled_estimate + excluded.settled_estimate,
                actual = actual + excluded.actual, duplicates = duplicates + excluded.duplicates,
                duplicate_estimate = duplicate_estimate + excluded.duplicate_estimate
            """, .integer(Int64(row.day)), .text(row.tenant), .text(row.policy), .text(row.channel),
            .text(row.country), .text(row.kind), .text(row.direction.rawValue), .integer(Int64(row.attempts)),
            .integer(row.estimate), .integer(Int64(row.settled)),
            .integer(row.settledEstimate), .integer(row.actual), .integer(Int64(row.duplicates)),
            .integer(row.duplicateEstimate))
    }

    func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) throws(StoreError) -> Int64 {
        let sql =
            switch scope {
            case .gateway: Self.sum + " AND ?3 IS NOT NULL"
            case .tenant: Self.sum + " AND tenant = ?3"
            case .policy: Self.sum + " AND policy = ?3"
            case .recipient:
                "SELECT coalesce(sum(spent), 0) FROM cost_recipient WHERE day BETWEEN ?1 AND ?2 AND recipient = ?3"
            }
        return try first(sql, .integer(Int64(from)), .integer(Int64(through)), .text(name)) { $0.integer(0) } ?? 0
    }

    private static let sum =
        "SELECT coalesce(sum(estimate - settled_estimate + actual), 0) FROM cost WHERE day BETWEEN ?1 AND ?2"
}

extension SQLiteDeliveries {
    package func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) throws(StoreError) -> Int64 {
        try database.spent(scope, name, from: from, through: through)
    }

    package func lastCostDay(ofKind kind: String, over channel: String) throws(StoreError) -> Int? {
        // The key begins with the day, so that this reads no further than the last such row.
        try database.first(
            "SELECT day FROM cost WHERE kind = ? AND channel = ? ORDER BY day DESC LIMIT 1", .text(kind), .text(channel)
        ) { Int($0.integer(0)) }
    }
}

extension SQLiteRecords {
    package func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) throws(StoreError) -> Int64 {
        try read { database throws(StoreError) in
            try database.spent(scope, name, from: from, through: through)
        }
    }

    package func costs(from: Int, through: Int) throws(StoreError) -> [CostRecord] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT day, tenant, policy, channel, country, attempts, estimate, settled, settled_estimate, actual,
                    duplicates, duplicate_estimate, kind, direction FROM cost
                WHERE day BETWEEN ? AND ? ORDER BY day, tenant, policy, channel, country, kind, direction
                """, .integer(Int64(from)), .integer(Int64(through))
            ) { row in
                var cost = CostRecord(
                    day: Int(row.integer(0)), tenant: row.text(1), policy: row.text(2), channel: row.text(3),
                    country: row.text(4), kind: row.text(12),
                    direction: PriceTable.Direction(rawValue: row.text(13)) ?? .out)
                cost.attempts = Int(row.integer(5))
                cost.estimate = row.integer(6)
                cost.settled = Int(row.integer(7))
                cost.settledEstimate = row.integer(8)
                cost.actual = row.integer(9)
                cost.duplicates = Int(row.integer(10))
                cost.duplicateEstimate = row.integer(11)
                return cost
            }
        }
    }

    package func recipientCosts(from: Int, through: Int, limit: Int) throws(StoreError) -> [RecipientCost] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT recipient, sum(spent) AS total FROM cost_recipient WHERE day BETWEEN ? AND ?
                GROUP BY recipient ORDER BY total DESC, recipient LIMIT ?
                """, .integer(Int64(from)), .integer(Int64(through)), .limit(limit)
            ) { row in RecipientCost(day: through, recipient: row.text(0), spent: row.integer(1)) }
        }
    }
}
