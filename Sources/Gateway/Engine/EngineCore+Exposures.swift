// `per_person:`: how often one person may be reached, over all deliveries and tenants (docs/decisions/0046).

extension EngineCore {
    func isOverexposed(_ delivery: LiveDelivery, toStep step: Int) -> Bool {
        let intrusiveness = delivery.plan.steps[step].intrusiveness
        guard exposures.limits.allowance(intrusiveness) != nil else { return false }
        if let override = exposures.limits.override, delivery.job.envelope.priority >= override { return false }
        return exposures.isFull(delivery.job.recipient.number, intrusiveness, at: now)
    }

    /// A request leaves that may reach the person.
    func expose(_ delivery: LiveDelivery, _ attempt: Int, _ step: PlanStep) {
        guard exposures.limits.allowance(step.intrusiveness) != nil else { return }
        let reference = AttemptReference(delivery: delivery.id, attempt: attempt)
        let number = delivery.job.recipient.number
        if let mark = exposures.add(number, step.intrusiveness, reference, at: now) { turn.batch.marks.append(mark) }
    }

    /// The request surely was not processed.
    func forgetExposure(_ delivery: LiveDelivery, _ attempt: Int) {
        let reference = AttemptReference(delivery: delivery.id, attempt: attempt)
        if let mark = exposures.remove(delivery.job.recipient.number, reference, at: now) {
            turn.batch.marks.append(mark)
        }
    }
}
