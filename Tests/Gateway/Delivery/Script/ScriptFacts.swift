import Gateway

/// Facts that a test sets by hand. Keys are steps; what they say of the second sender of a step's list is under
/// `second(step)`.
struct ScriptFacts: StepFacts {
    var ineligible: [Int: SkipReason] = [:]
    /// Steps that have consent of their own.
    var ownConsent: Set<Int> = [0, 1, 2, 3, second(0), second(1)]
    var holds: [Int: HoldReason] = [:]
    var openings: [Int: QuietOpening] = [:]
    var laneWaits: [Int: Duration] = [:]
    var prices: [Int: Int64] = [:]
    var weakReceipts: Set<Int> = []
    /// Steps over which the person was reached as often as anybody may be.
    var overexposed: Set<Int> = []
    /// What a budget beyond the plan's own leaves, and what it says to a step that costs more.
    var shared: (left: Int64, action: BudgetAction)?
    var jitter = 0.0

    static func second(_ step: Int) -> Int { key(step, 1) }

    private static func key(_ step: Int, _ sender: Int) -> Int { step + 100 * sender }

    func ineligibility(ofStep step: Int, over sender: Int, consentOnly: Bool) -> SkipReason? {
        let key = Self.key(step, sender)
        return ineligible[key] ?? (consentOnly && !ownConsent.contains(key) ? .noConsent : nil)
    }

    func hold(ofStep step: Int, over sender: Int) -> HoldReason? { holds[Self.key(step, sender)] }

    func receiptsAreWeak(ofStep step: Int, over sender: Int) -> Bool {
        weakReceipts.contains(Self.key(step, sender))
    }

    func opening(ofStep step: Int) -> QuietOpening { openings[step] ?? .open }

    var hasBudgets: Bool { shared != nil }

    func denial(ofStep step: Int, price: Int64) -> BudgetAction? {
        shared.flatMap { price > $0.left ? $0.action : nil }
    }

    func price(ofStep step: Int, over sender: Int) -> Int64 { prices[Self.key(step, sender)] ?? 0 }

    func isOverexposed(toStep step: Int) -> Bool { overexposed.contains(step) }

    func laneWait(ofStep step: Int, over sender: Int) -> Duration { laneWaits[Self.key(step, sender)] ?? .zero }
}
