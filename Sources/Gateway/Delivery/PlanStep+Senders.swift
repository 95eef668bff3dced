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

    /// What every report asks of a step, as a sender of its list carries it out.
    func traits(of step: Int, over sender: Int) -> StepTraits {
        guard steps[step].alternatives.indices.contains(sender - 1) else { return StepTraits(steps, step) }
        return StepTraits(steps[step].alternatives, sender - 1)
    }
}

/// What every report asks of a step: a copy of the step would hold half a dozen references beside.
struct StepTraits {
    let intrusiveness: Intrusiveness
    let receipts: ReceiptQuality
    let reportsSent: Bool
    let queueWithin: Duration
    let deliverWithin: Duration
    let readWithin: Duration?
    let ackWithin: Duration

    // One by one, so that each is read where it lies.
    init(_ steps: [PlanStep], _ index: Int) {
        intrusiveness = steps[index].intrusiveness
        receipts = steps[index].receipts
        reportsSent = steps[index].reportsSent
        queueWithin = steps[index].queueWithin
        deliverWithin = steps[index].deliverWithin
        readWithin = steps[index].readWithin
        ackWithin = steps[index].ackWithin
    }

    /// The best level that the step can prove.
    var bestLevel: EvidenceLevel { .best(receipts, intrusiveness) }
}

extension EvidenceLevel {
    /// The best that a step can prove; a weak receipt makes `sent` the best.
    static func best(_ receipts: ReceiptQuality, _ intrusiveness: Intrusiveness) -> Self {
        receipts == .reliable || intrusiveness == .call ? .read : .sent
    }
}
