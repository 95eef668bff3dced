/// The engine's answers to `decide`, for one delivery at one instant.
struct EngineFacts: StepFacts {
    let core: EngineCore
    let fixed: EngineCore.Live.Fixed
    let now: Timestamp
    let jitter: Double

    private var job: DeliveryJob { fixed.job }
    private var plan: DeliveryPlan { fixed.plan }

    func ineligibility(ofStep step: Int, consentOnly: Bool) -> SkipReason? {
        let number = job.recipient.number
        if core.book.isBad(number, now: now) { return .badNumber }
        let entry = plan.steps[step]
        if core.book.isUnfit(number, channel: entry.channel, now: now) { return .unfit }
        if case .sender(let settings) = core.directory.route(of: job, step: entry),
            let reason = core.consentBar(job, settings, ownOnly: consentOnly)
        {
            return reason
        }
        return core.directory.ineligibility(
            of: job, step: step, windowIsOpen: core.windowIsOpen(job, entry))
    }

    func hold(ofStep step: Int) -> HoldReason? {
        switch core.directory.route(of: job, step: plan.steps[step]) {
        case .removed(let reason): reason
        case .sender(let settings): core.breakers[settings.channel]?.hold
        }
    }

    func opening(ofStep step: Int) -> QuietOpening { core.directory.opening(of: job, step: step, now: now) }

    func laneWait(ofStep step: Int) -> Duration { core.lanes[plan.steps[step].channel]?.expectedWait ?? .zero }
}
