// The senders of a step: channels of one kind, of which the first that can take the request gets it
// (docs/decisions/0043-a-step-may-have-several-senders.md).

extension PlanStep {
    /// How many senders a step may have at most: their sets are bits of a byte.
    public static let mostSenders = 8

    /// How many senders the step has; one without a list.
    public var senderCount: Int { 1 + alternatives.count }

    /// The step as a sender of its list carries it out.
    /// - Parameter sender: an index into the list; the first sender's is zero, and so is one that the list does not have.
    public func over(_ sender: Int) -> PlanStep {
        alternatives.indices.contains(sender - 1) ? alternatives[sender - 1] : self
    }
}

extension DeliveryPlan {
    /// The step of an attempt, as the sender carried it out that was used.
    public func step(of attempt: AttemptState) -> PlanStep { steps[Int(attempt.step)].over(Int(attempt.sender)) }
}
