// What a delivery may spend: reserved with the intent, given back with a refusal (I6).

/// Whether an attempt may go.
enum Reservation {
    /// So many micros are reserved.
    case granted(Int64)
    case denied(BudgetAction)
}

extension Decider {
    /// Reserves what an attempt of a step can cost at most, unless a budget denies it.
    mutating func reserve(_ step: Int) -> Reservation {
        guard plan.budget != nil || facts.hasBudgets else { return .granted(0) }
        let price = max(0, facts.price(ofStep: step, over: sender(of: step)))
        let (sum, overflow) = state.reserved.addingReportingOverflow(price)
        guard !overflow else { return .denied(plan.budget?.action ?? .block) }
        if !state.steps[step].isApproved, let action = denial(of: step, price: price, sum: sum) {
            return .denied(action)
        }
        state.reserved = sum
        return .granted(price)
    }

    /// The delivery's own budget comes first.
    private func denial(of step: Int, price: Int64, sum: Int64) -> BudgetAction? {
        if let budget = plan.budget, sum > budget.micros { return budget.action }
        return facts.hasBudgets ? facts.denial(ofStep: step, price: price) : nil
    }

    /// An approval lets one attempt go.
    mutating func spendApproval(_ step: Int, _ ordinal: Int) {
        guard state.steps[step].isApproved else { return }
        state.steps[step].isApproved = false
        state.attempts[ordinal].isApproved = true
    }

    /// What surely was not processed costs nothing, and an approval is not used up by it.
    mutating func giveBack(_ ordinal: Int) {
        state.reserved -= state.attempts[ordinal].reserved
        state.attempts[ordinal].reserved = 0
        guard state.attempts[ordinal].isApproved else { return }
        state.attempts[ordinal].isApproved = false
        state.steps[Int(state.attempts[ordinal].step)].isApproved = true
    }

    /// What the provider takes replaces the bound that was reserved, where something was.
    mutating func settlePrice(_ ordinal: Int, _ micros: Int64) {
        guard isKnown(ordinal), state.attempts[ordinal].status != .refused, micros >= 0 else { return }
        state.reserved += micros - state.attempts[ordinal].reserved
        state.attempts[ordinal].reserved = micros
        note(.priced(attempt: ordinal, micros: micros))
    }

    mutating func denied(_ step: Int, _ action: BudgetAction) {
        // Another sender may cost less.
        if leaveSender(step) { return }
        switch action {
        case .skip:
            leave(step, as: .skipped(.budget))
            start(from: step + 1)
        case .block: block(step)
        case .review: askForBudget(step)
        }
    }
}
