import Zones

// What attempts cost, and budgets of days and months: counted in the transaction of the intent, given back when the
// provider surely did not process it (docs/decisions/0048-budgets-of-days-and-months.md).

extension EngineCore {
    /// The running configuration's budgets.
    func configureBudgets() {
        budgets = directory.budgets
        costSums = CostSums()
        rentsDue = nil
    }

    // MARK: before an intent

    /// What the first budget that is spent says; `nil` when all allow it. What costs nothing is always allowed.
    func denial(of job: DeliveryJob, price: Int64) -> BudgetAction? {
        guard price > 0 else { return nil }
        beginCostDay()
        for budget in budgets where budget.stops(job.envelope) {
            guard let subject = budget.subject(of: job) else { continue }
            let sum = costSum(of: subject)
            if let limit = budget.perDay, sum.day &+ price > limit.micros { return budget.action }
            if let limit = budget.perMonth, sum.month &+ price > limit.micros { return budget.action }
        }
        return nil
    }

    /// Micros that were spent under a policy's name today.
    func spentToday(byPolicy name: String) -> Int64 {
        beginCostDay()
        return costSum(of: CostSubject(scope: .policy, name: name)).day
    }

    func beginCostDay() {
        let date = directory.date(of: now)
        let first = CivilDate(year: date.year, month: date.month, day: 1) ?? date
        costSums.begin(day: date.daysSinceEpoch, monthStart: first.daysSinceEpoch)
    }

    /// Reads what the store has, and adds what this turn has not stored yet.
    private func costSum(of subject: CostSubject) -> CostSums.Sum {
        if let known = costSums[subject] { return known }
        let (first, today) = (costSums.monthStart, costSums.day)
        let stored = readNow { () throws(StoreError) in
            let month = try store.spent(subject.scope, subject.name, from: first, through: today)
            return CostSums.Sum(
                day: try store.spent(subject.scope, subject.name, from: today, through: today), month: month)
        }
        costSums[subject] = stored ?? .init()
        for row in turn.batch.costs {
            if subject.isOf(row) { costSums.add(row.spent, on: row.day, to: subject) }
        }
        for row in turn.batch.recipientCosts where subject == CostSubject(scope: .recipient, name: row.recipient) {
            costSums.add(row.spent, on: row.day, to: subject)
        }
        return costSums[subject] ?? .init()
    }

    // MARK: after a decision

    /// Counts the intents that a decision made, and what it gave back.
    func bookCosts(_ delivery: LiveDelivery, since before: DeliveryState, _ commands: [DeliveryCommand]) {
        guard countsCosts || delivery.state.reserved != before.reserved else { return }
        for index in delivery.state.attempts.indices {
            let attempt = delivery.state.attempts[index]
            guard index < before.attempts.count else {
                bookIntent(delivery, index)
                continue
            }
            guard attempt.costDay != 0, attempt.status == .refused, before.attempts[index].status != .refused else {
                continue
            }
            book(delivery, index) {
                $0.attempts = -1
                $0.estimate = -before.attempts[index].reserved
            }
        }
        bookDuplicates(delivery, commands)
        bookPrices(delivery, since: before, commands)
    }

    private func bookPrices(_ delivery: LiveDelivery, since before: DeliveryState, _ commands: [DeliveryCommand]) {
        for case .note(.priced(let attempt, let micros)) in commands
        where delivery.state.attempts[attempt].costDay != 0 {
            book(delivery, attempt) {
                $0.settled = 1
                $0.settledEstimate = before.attempts[attempt].reserved
                $0.actual = micros
            }
        }
    }

    private func bookIntent(_ delivery: LiveDelivery, _ index: Int) {
        // One that rides in another's call costs nothing of its own.
        if case .rides? = delivery.state.attempts[index].sharing { return }
        guard countsCosts else { return }
        beginCostDay()
        delivery.state.attempts[index].costDay = Int32(clamping: costSums.day)
        let price = delivery.state.attempts[index].reserved
        alert(price) { $0.subject(of: delivery.job) }
        book(delivery, index) {
            $0.attempts = 1
            $0.estimate = price
        }
        settleLater(delivery, index)
    }

    private func bookDuplicates(_ delivery: LiveDelivery, _ commands: [DeliveryCommand]) {
        for command in commands {
            let attempt: Int?
            switch command {
            case .note(.possibleDuplicate(let ordinal)): attempt = ordinal
            case .note(.duplicateExposure): attempt = delivery.state.attempts.lastIndex { $0.level >= .delivered }
            default: continue
            }
            guard let attempt, delivery.state.attempts[attempt].costDay != 0 else { continue }
            let price = delivery.state.attempts[attempt].reserved
            book(delivery, attempt) {
                $0.duplicates = 1
                $0.duplicateEstimate = price
            }
        }
    }

    /// Adds to the costs of an attempt's day, here and with the turn.
    private func book(_ delivery: LiveDelivery, _ index: Int, _ change: (inout CostRecord) -> Void) {
        let attempt = delivery.state.attempts[index]
        let (job, entry) = (delivery.job, delivery.entry(ofAttempt: index))
        var row = CostRecord(
            day: Int(attempt.costDay), tenant: job.envelope.tenant, policy: job.policy,
            channel: entry.channel, country: job.recipient.country ?? "", kind: entry.kind.rawValue)
        change(&row)
        turn.batch.costs.append(row)
        if row.spent != 0, budgets.contains(where: { $0.scope == .recipient }) {
            turn.batch.recipientCosts.append(
                RecipientCost(day: row.day, recipient: CostSubject(recipientOf: job).name, spent: row.spent))
        }
        count(row.spent, on: row.day) { $0.subject(of: job) }
    }

    /// Adds to the sums of those with whose spending it counts.
    func count(_ micros: Int64, on day: Int, of subject: (BudgetDefinition) -> CostSubject?) {
        guard micros != 0 else { return }
        var counted: [CostSubject] = []
        for budget in budgets {
            guard let subject = subject(budget), !counted.contains(subject) else { continue }
            costSums.add(micros, on: day, to: subject)
            counted.append(subject)
        }
    }

    /// The commit failed: the store has none of it, and what was asked for is asked for again.
    func forgetCosts() {
        guard !turn.batch.costs.isEmpty else { return }
        costSums = CostSums()
        rentsDue = nil
    }

    // MARK: alerts

    /// Tells of the thresholds that a price passes, before it is counted.
    func alert(_ price: Int64, of subject: (BudgetDefinition) -> CostSubject?) {
        for budget in budgets {
            guard let subject = subject(budget) else { continue }
            let sum = costSum(of: subject)
            alert(budget, subject, .day, budget.perDay, from: sum.day, price)
            alert(budget, subject, .month, budget.perMonth, from: sum.month, price)
        }
    }

    private func alert(
        _ budget: BudgetDefinition, _ subject: CostSubject, _ period: BudgetPeriod, _ limit: Money?, from sum: Int64,
        _ price: Int64
    ) {
        guard let limit else { return }
        let percents = budget.alerts.filter { percent in
            let mark = limit.micros / 100 * Int64(percent) + limit.micros % 100 * Int64(percent) / 100
            return sum < mark && sum &+ price >= mark
        }
        guard let percent = percents.max() else { return }
        // Who a recipient is does not belong into logs.
        let name = subject.scope == .recipient ? "" : subject.name
        turn.notices.append(.budget(budget.name, of: name, period, percent: percent))
    }
}

/// What a limit is for.
public enum BudgetPeriod: String, Sendable, Hashable, CaseIterable { case day, month }

extension CostSubject {
    init(recipientOf job: DeliveryJob) {
        self.init(scope: .recipient, name: job.recipient.contact.map { "contact:" + $0 } ?? job.recipient.number)
    }

    /// Whether a row of costs counts for it.
    fileprivate func isOf(_ row: CostRecord) -> Bool {
        switch scope {
        case .gateway: true
        case .tenant: row.tenant == name
        case .policy: row.policy == name
        case .recipient: false
        }
    }
}

extension BudgetDefinition {
    /// With whose spending a delivery counts; `nil` when the budget is not for it.
    func subject(of job: DeliveryJob) -> CostSubject? {
        let subject: CostSubject =
            switch scope {
            case .gateway: .init(scope: scope, name: "")
            case .tenant: .init(scope: scope, name: job.envelope.tenant)
            case .policy: .init(scope: scope, name: job.policy)
            case .recipient: .init(recipientOf: job)
            }
        return only.isEmpty || only.contains(subject.name) ? subject : nil
    }
}
