import Gateway

/// Facts that a test sets by hand.
struct ScriptFacts: StepFacts {
    var ineligible: [Int: SkipReason] = [:]
    /// Steps that have consent of their own.
    var ownConsent: Set<Int> = [0, 1, 2, 3]
    var holds: [Int: HoldReason] = [:]
    var openings: [Int: QuietOpening] = [:]
    var laneWaits: [Int: Duration] = [:]
    var prices: [Int: Int64] = [:]
    /// What a budget beyond the plan's own leaves, and what it says to a step that costs more.
    var shared: (left: Int64, action: BudgetAction)?
    var jitter = 0.0

    func ineligibility(ofStep step: Int, consentOnly: Bool) -> SkipReason? {
        ineligible[step] ?? (consentOnly && !ownConsent.contains(step) ? .noConsent : nil)
    }

    func hold(ofStep step: Int) -> HoldReason? { holds[step] }

    func opening(ofStep step: Int) -> QuietOpening { openings[step] ?? .open }

    var hasBudgets: Bool { shared != nil }

    func denial(ofStep step: Int, price: Int64) -> BudgetAction? {
        shared.flatMap { price > $0.left ? $0.action : nil }
    }

    func price(ofStep step: Int) -> Int64 { prices[step] ?? 0 }

    func laneWait(ofStep step: Int) -> Duration { laneWaits[step] ?? .zero }
}
