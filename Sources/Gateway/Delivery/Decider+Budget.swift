// What a delivery may spend: reserved with the intent, given back with a refusal (I6).

extension Decider {
    /// Reserves what an attempt of a step can cost at most; `nil` when the budget does not allow it.
    mutating func reserve(_ step: Int) -> Int64? {
        guard let budget = plan.budget else { return 0 }
        let price = max(0, facts.price(ofStep: step))
        let (sum, overflow) = state.reserved.addingReportingOverflow(price)
        guard !overflow, sum <= budget.micros || state.steps[step].isApproved else { return nil }
        state.reserved = sum
        return price
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

    mutating func denied(_ step: Int) {
        switch plan.budget?.action ?? .skip {
        case .skip:
            leave(step, as: .skipped(.budget))
            start(from: step + 1)
        case .block: block(step)
        case .review: askForBudget(step)
        }
    }
}
