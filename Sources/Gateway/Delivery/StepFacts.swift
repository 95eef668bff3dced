/// What `decide` may ask about the world outside the delivery, at one instant. An implementation answers from
/// immutable values of the turn, so that the same facts give the same commands.
///
/// A `sender` is an index into the step's list; zero where there is none.
public protocol StepFacts {
    /// Why a sender cannot be used for this recipient; `nil` when it can. `consentOnly` asks for consent of its own.
    func ineligibility(ofStep step: Int, over sender: Int, consentOnly: Bool) -> SkipReason?
    /// Why a sender or its provider cannot take requests now; `nil` when it can.
    func hold(ofStep step: Int, over sender: Int) -> HoldReason?
    /// Whether the receipts of a text that leaves now cannot be trusted, although the plan says nothing of it.
    func receiptsAreWeak(ofStep step: Int, over sender: Int) -> Bool
    /// Whether quiet hours keep a step from starting.
    func opening(ofStep step: Int) -> QuietOpening
    /// How long a step would wait in a sender's lane, as far as is known.
    func laneWait(ofStep step: Int, over sender: Int) -> Duration
    /// Micros that an attempt over a sender can cost at most; asked only where there is a budget.
    func price(ofStep step: Int, over sender: Int) -> Int64
    /// Whether the person was reached over channels of the step's kind as often as anybody may be.
    func isOverexposed(toStep step: Int) -> Bool
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
