/// The engine's answers to `decide`, for one delivery at one instant.
struct EngineFacts: StepFacts {
    let core: EngineCore
    let delivery: LiveDelivery
    let now: Timestamp
    let jitter: Double

    private var job: DeliveryJob { delivery.job }
    private var plan: DeliveryPlan { delivery.plan }

    func ineligibility(ofStep step: Int, over sender: Int, consentOnly: Bool) -> SkipReason? {
        let number = job.recipient.number
        let entry = plan.steps[step].over(sender)
        if core.book.knows(number) {
            if core.book.isBad(number, now: now) { return .badNumber }
            if core.book.isUnfit(number, channel: entry.channel, now: now) { return .unfit }
        }
        if case .sender(let settings) = core.directory.route(of: job, step: entry),
            let reason = core.consentBar(job, settings, ownOnly: consentOnly)
        {
            return reason
        }
        return contentVerdict(step, sender, windowIsOpen: core.windowIsOpen(job, entry))
    }

    /// Asked when a step starts and again when it may go, mostly in the same turn.
    private func contentVerdict(_ step: Int, _ sender: Int, windowIsOpen: Bool) -> SkipReason? {
        if let known = delivery.verdict, known.step == step, known.sender == sender,
            known.windowIsOpen == windowIsOpen
        {
            return known.skip
        }
        let skip = core.directory.ineligibility(of: job, step: step, over: sender, windowIsOpen: windowIsOpen)
        delivery.verdict = StepVerdict(step: step, sender: sender, windowIsOpen: windowIsOpen, skip: skip)
        return skip
    }

    func hold(ofStep step: Int, over sender: Int) -> HoldReason? {
        switch core.directory.route(of: job, step: plan.steps[step].over(sender)) {
        case .removed(let reason): reason
        case .sender(let settings): core.hold(settings) ?? (isHeldForReceipts(step, sender) ? .circuitOpen : nil)
        }
    }

    /// Whether a sender waits for its route's circuit: only where another sender or a later step could go another way.
    /// A text that may not arrive is better than none.
    private func isHeldForReceipts(_ step: Int, _ sender: Int) -> Bool {
        guard !core.receipts.troubles.isEmpty,
            let route = core.receiptRoute(delivery, plan.steps[step].over(sender)), core.receipts.holds(route)
        else { return false }
        let later = (step + 1)..<max(step + 1, plan.steps.count)
        return later.contains { core.receiptRoute(delivery, plan.steps[$0]) != route }
            || (0..<plan.steps[step].senderCount).contains { other in
                core.receiptRoute(delivery, plan.steps[step].over(other)) != route
                    && ineligibility(ofStep: step, over: other, consentOnly: delivery.state.consentOnly) == nil
            }
    }

    func receiptsAreWeak(ofStep step: Int, over sender: Int) -> Bool {
        core.doubtsReceipts(delivery, plan.steps[step].over(sender))
    }

    func opening(ofStep step: Int) -> QuietOpening { core.directory.opening(of: job, step: step, now: now) }

    var hasBudgets: Bool { core.countsCosts }

    func denial(ofStep step: Int, price: Int64) -> BudgetAction? { core.denial(of: job, price: price) }

    func price(ofStep step: Int, over sender: Int) -> Int64 {
        core.directory.price(of: job, step: step, over: sender)
    }

    func isOverexposed(toStep step: Int) -> Bool { core.isOverexposed(delivery, toStep: step) }

    func laneWait(ofStep step: Int, over sender: Int) -> Duration {
        core.lanes[plan.steps[step].over(sender).channel]?.expectedWait(job.envelope.priority) ?? .zero
    }
}
