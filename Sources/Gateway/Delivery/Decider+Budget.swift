// What a delivery may spend: reserved with the intent, given back with a refusal (I6).

extension Decider {
    /// Reserves what an attempt of a step can cost at most; `nil` when the budget does not allow it.
    mutating func reserve(_ step: Int) -> Int64? {
        guard let budget = plan.budget else { return 0 }
        let price = max(0, facts.price(ofStep: step, over: sender(of: step)))
        let (sum, overflow) = state.reserved.addingReportingOverflow(price)
        guard !overflow, sum <= budget.micros else { return nil }
        state.reserved = sum
        return price
    }

    /// What surely was not processed costs nothing.
    mutating func giveBack(_ ordinal: Int) {
        state.reserved -= state.attempts[ordinal].reserved
        state.attempts[ordinal].reserved = 0
    }

    mutating func denied(_ step: Int) {
        // Another sender may cost less.
        if leaveSender(step) { return }
        switch plan.budget?.action ?? .skip {
        case .skip:
            leave(step, as: .skipped(.budget))
            start(from: step + 1)
        case .block: block(step)
        case .review:
            openReview(.budget)
            block(step)
        }
    }
}
