import Gateway
import JSON
import Zones

/// The budgets that a delivery would count against, and what is left of them. Reads the store; runs where that may
/// block.
struct BudgetOutlook {
    let directory: ConfigurationDirectory
    /// What is spent; `nil` where nobody can know it.
    let records: (any RecordStore)?
    let now: Timestamp

    /// In the order of the file; one whose figures cannot be read is told without them.
    func budgets(of job: DeliveryJob) -> JSONValue {
        .array(
            directory.budgets.compactMap { budget in
                budget.name(of: job).map { name in view(budget, name, job) }
            })
    }

    private func view(_ budget: BudgetDefinition, _ name: String, _ job: DeliveryJob) -> JSONValue {
        var out: JSONObject = ["name": .string(budget.name), "of": .string(budget.scope.rawValue)]
        if !name.isEmpty { out[budget.scope.rawValue] = .string(name) }
        let today = directory.date(of: now).daysSinceEpoch
        let first = today - directory.date(of: now).day + 1
        describe("day", budget.perDay, spent(budget.scope, name, from: today, through: today), &out)
        describe("month", budget.perMonth, spent(budget.scope, name, from: first, through: today), &out)
        out["stops"] = .bool(budget.stops(job.envelope))
        out["on_budget"] = .string(budget.action.rawValue)
        return .object(out)
    }

    private func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) -> Int64? {
        try? records?.spent(scope, name, from: from, through: through)
    }

    private func describe(_ period: String, _ limit: Money?, _ spent: Int64?, _ out: inout JSONObject) {
        guard let limit else { return }
        out["per_" + period] = .string(limit.decimal)
        guard let spent else { return }
        out["spent_" + period] = .string(Money(micros: spent, currency: directory.currency).decimal)
        // Messages that override a budget may have spent more than there was.
        let left = max(0, limit.micros - spent)
        out["left_" + period] = .string(Money(micros: left, currency: directory.currency).decimal)
    }
}
