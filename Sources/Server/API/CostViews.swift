import Gateway
import JSON
import Zones

/// Costs and budgets as the API shows them. Reads the store; runs where that may block.
struct CostViews {
    let records: any RecordStore
    let directory: ConfigurationDirectory

    private func money(_ micros: Int64) -> JSONValue {
        .string(Money(micros: micros, currency: directory.currency).decimal)
    }

    static func text(_ day: Int) -> String {
        let date = CivilDate(daysSinceEpoch: day)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(date.year)-\(two(date.month))-\(two(date.day))"
    }

    // MARK: costs

    func costs(_ query: CostQuery) throws(StoreError) -> JSONValue {
        var groups: [(names: [String], row: CostRecord)] = []
        var places: [[String]: Int] = [:]
        var total = CostRecord(day: query.through, tenant: "", policy: "", channel: "", country: "")
        for row in try records.costs(from: query.from, through: query.through) {
            guard query.tenant == nil || query.tenant == row.tenant else { continue }
            let names = query.by.map { Self.name($0, of: row) }
            if let place = places[names] {
                groups[place].row.add(row)
            } else {
                places[names] = groups.count
                groups.append((names, row))
            }
            total.add(row)
        }
        groups.sort { $0.names.lexicographicallyPrecedes($1.names) }
        return [
            "currency": .string(directory.currency), "from": .string(Self.text(query.from)),
            "to": .string(Self.text(query.through)),
            "data": .array(
                groups.map { group in
                    let names = zip(query.by, group.names).map { ($0.rawValue, JSONValue.string($1)) }
                    return .object(JSONObject(names + figures(group.row)))
                }), "total": .object(JSONObject(figures(total))),
        ]
    }

    private static func name(_ dimension: CostQuery.Dimension, of row: CostRecord) -> String {
        switch dimension {
        case .day: text(row.day)
        case .month: String(text(row.day).dropLast(3))
        case .tenant: row.tenant
        case .policy: row.policy
        case .channel: row.channel
        case .country: row.country
        case .kind: row.kind
        case .direction: row.direction.rawValue
        }
    }

    private func figures(_ row: CostRecord) -> [(String, JSONValue)] {
        [
            ("attempts", .integer(Int64(row.attempts))), ("estimate", money(row.estimate)),
            ("settled", .integer(Int64(row.settled))), ("settled_estimate", money(row.settledEstimate)),
            ("actual", money(row.actual)), ("spent", money(row.spent)),
            ("duplicates", .integer(Int64(row.duplicates))), ("duplicate_estimate", money(row.duplicateEstimate)),
        ]
    }

    // MARK: budgets

    /// How many recipients of a budget are named, those who cost most.
    private static let mostRecipients = 100

    func budgets(on today: CivilDate) throws(StoreError) -> JSONValue {
        let day = today.daysSinceEpoch
        let first = day - today.day + 1
        let rows = try records.costs(from: first, through: day)
        var data: [JSONValue] = []
        for budget in directory.budgets {
            let sums =
                budget.scope == .recipient
                ? try recipients(first, day) : Self.sums(budget, rows, today: day)
            data.append(view(budget, sums))
        }
        return [
            "currency": .string(directory.currency), "day": .string(Self.text(day)),
            "month": .string(String(Self.text(day).dropLast(3))), "data": .array(data),
        ]
    }

    private typealias Sums = [(name: String, day: Int64, month: Int64)]

    private func recipients(_ first: Int, _ day: Int) throws(StoreError) -> Sums {
        let limit = Self.mostRecipients
        let today = try records.recipientCosts(from: day, through: day, limit: limit)
        let days = Dictionary(today.map { ($0.recipient, $0.spent) }, uniquingKeysWith: { first, _ in first })
        return try records.recipientCosts(from: first, through: day, limit: limit).map {
            ($0.recipient, days[$0.recipient] ?? 0, $0.spent)
        }
    }

    private static func sums(_ budget: BudgetDefinition, _ rows: [CostRecord], today: Int) -> Sums {
        var sums: Sums = budget.scope == .gateway ? [("", 0, 0)] : budget.only.map { ($0, 0, 0) }
        for row in rows {
            let name = budget.scope == .tenant ? row.tenant : budget.scope == .policy ? row.policy : ""
            guard budget.only.isEmpty || budget.only.contains(name) else { continue }
            // What is used has no policy.
            guard budget.scope != .policy || !name.isEmpty else { continue }
            let place = sums.firstIndex { $0.name == name } ?? sums.count
            if place == sums.count { sums.append((name, 0, 0)) }
            sums[place].month &+= row.spent
            if row.day == today { sums[place].day &+= row.spent }
        }
        return sums.sorted { $0.name < $1.name }
    }

    private func view(_ budget: BudgetDefinition, _ sums: Sums) -> JSONValue {
        var out: JSONObject = ["name": .string(budget.name), "of": .string(budget.scope.rawValue)]
        out["per_day"] = budget.perDay.map { .string($0.decimal) }
        out["per_month"] = budget.perMonth.map { .string($0.decimal) }
        out["alerts"] = .array(budget.alerts.map { .integer(Int64($0)) })
        let override = [budget.override?.rawValue].compactMap { $0 } + budget.overridingClasses.map(\.rawValue)
        out["override"] = .array(override.map(JSONValue.string))
        out["on_budget"] = .string(budget.action.rawValue)
        out["spent"] = .array(
            sums.map { sum in
                var entry: JSONObject = sum.name.isEmpty ? [:] : [budget.scope.rawValue: .string(sum.name)]
                entry["day"] = money(sum.day)
                entry["month"] = money(sum.month)
                entry["day_percent"] = Self.percent(sum.day, of: budget.perDay)
                entry["month_percent"] = Self.percent(sum.month, of: budget.perMonth)
                return .object(entry)
            })
        return .object(out)
    }

    /// Rounded down; `nil` without a limit, or for one of nothing.
    private static func percent(_ micros: Int64, of limit: Money?) -> JSONValue? {
        guard let limit, limit.micros > 0 else { return nil }
        return .integer(Int64(Double(micros) / Double(limit.micros) * 100))
    }
}
