/// The engine's answers to `decide`, for one delivery at one instant.
struct EngineFacts: StepFacts {
    let core: EngineCore
    let delivery: LiveDelivery
    let now: Timestamp
    let jitter: Double

    private var job: DeliveryJob { delivery.job }
    private var plan: DeliveryPlan { delivery.plan }

    func ineligibility(ofStep step: Int, consentOnly: Bool) -> SkipReason? {
        let number = job.recipient.number
        let entry = plan.steps[step]
        if core.book.knows(number) {
            if core.book.isBad(number, now: now) { return .badNumber }
            if core.book.isUnfit(number, channel: entry.channel, now: now) { return .unfit }
        }
        if case .sender(let settings) = core.directory.route(of: job, step: entry),
            let reason = core.consentBar(job, settings, ownOnly: consentOnly)
        {
            return reason
        }
        return contentVerdict(step, windowIsOpen: core.windowIsOpen(job, entry))
    }

    /// Asked when a step starts and again when it may go, mostly in the same turn.
    private func contentVerdict(_ step: Int, windowIsOpen: Bool) -> SkipReason? {
        if let known = delivery.verdict, known.step == step, known.windowIsOpen == windowIsOpen { return known.skip }
        let skip = core.directory.ineligibility(of: job, step: step, windowIsOpen: windowIsOpen)
        delivery.verdict = StepVerdict(step: step, windowIsOpen: windowIsOpen, skip: skip)
        return skip
    }

    func hold(ofStep step: Int) -> HoldReason? {
        switch core.directory.route(of: job, step: plan.steps[step]) {
        case .removed(let reason): reason
        case .sender(let settings):
            core.hold(settings) ?? (core.isHeldForReceipts(delivery, step) ? .circuitOpen : nil)
        }
    }

    func opening(ofStep step: Int) -> QuietOpening { core.directory.opening(of: job, step: step, now: now) }

    var hasBudgets: Bool { core.countsCosts }

    func denial(ofStep step: Int, price: Int64) -> BudgetAction? { core.denial(of: job, price: price) }

    func price(ofStep step: Int) -> Int64 { core.directory.price(of: job, step: step) }

    func laneWait(ofStep step: Int) -> Duration {
        core.lanes[plan.steps[step].channel]?.expectedWait(job.envelope.priority) ?? .zero
    }
}
