/// What `decide` may ask about the world outside the delivery, at one instant. An implementation answers from
/// immutable values of the turn, so that the same facts give the same commands.
public protocol StepFacts {
    /// Why a step cannot be used for this recipient; `nil` when it can. `consentOnly` asks for consent of its own.
    func ineligibility(ofStep step: Int, consentOnly: Bool) -> SkipReason?
    /// Why a step's sender or provider cannot take requests now; `nil` when it can.
    func hold(ofStep step: Int) -> HoldReason?
    /// Whether quiet hours keep a step from starting.
    func opening(ofStep step: Int) -> QuietOpening
    /// How long a step would wait in its lane, as far as is known.
    func laneWait(ofStep step: Int) -> Duration
    /// Micros that an attempt of a step can cost at most; asked only where there is a budget.
    func price(ofStep step: Int) -> Int64
    /// Budgets beyond the plan's own count what attempts cost.
    var hasBudgets: Bool { get }
    /// What a budget beyond the plan's own says about a step that would cost so many micros; `nil` when all allow it.
    func denial(ofStep step: Int, price: Int64) -> BudgetAction?
    /// A number in 0..<1 for the jitter of a back-off.
    var jitter: Double { get }
}

/// What quiet hours say about a step.
public enum QuietOpening: Sendable, Hashable {
    case open
    /// `defer`: not before then.
    case closed(until: Timestamp)
    /// `skip`: not this step.
    case skip
}
