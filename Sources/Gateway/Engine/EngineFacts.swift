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
        if core.book.knows(number) {
            if core.book.isBad(number, now: now) { return .badNumber }
            if core.book.isUnfit(number, channel: plan.steps[step].over(sender).channel, now: now) { return .unfit }
        }
        let known = core.known(delivery, step, over: sender)
        guard let settings = known.settings else { return contentVerdict(known, windowIsOpen: false) }
        return core.consentBar(job, settings, ownOnly: consentOnly)
            ?? contentVerdict(known, windowIsOpen: core.windowIsOpen(job, settings))
    }

    private func contentVerdict(_ known: KnownStep, windowIsOpen: Bool) -> SkipReason? {
        if let verdict = known.verdict, verdict.windowIsOpen == windowIsOpen { return verdict.skip }
        let skip = core.directory.ineligibility(
            of: job, step: known.step, over: known.sender, windowIsOpen: windowIsOpen)
        known.verdict = (windowIsOpen, skip)
        return skip
    }

    func hold(ofStep step: Int, over sender: Int) -> HoldReason? {
        switch core.known(delivery, step, over: sender).route {
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
        core.doubtsReceipts && core.doubtsReceipts(delivery, plan.steps[step].over(sender))
    }

    func opening(ofStep step: Int) -> QuietOpening {
        guard let known = delivery.known, known.step == step else {
            return core.directory.opening(of: job, step: step, now: now)
        }
        if let (time, opening) = known.opening, time == now { return opening }
        let opening = core.directory.opening(of: job, step: step, now: now)
        known.opening = (now, opening)
        return opening
    }

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
