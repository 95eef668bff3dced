extension ConfigurationSnapshot {
    /// What a plan depends on besides the snapshot.
    public struct PlanContext {
        /// The envelope's.
        public var priority: Priority
        /// ISO 3166 alpha-2 of the recipient's number; `nil` where it has none.
        public var country: String?
        /// The envelope's template, used by steps that name none.
        public var template: String?
        /// The envelope's own limit; wins over the policy's.
        public var expiresIn: Duration?
        /// The running configuration's table.
        public var receipts: ReceiptTable
        /// What the running program's adapter for a kind can do; `nil` when it has none.
        public var capabilities: (ChannelKind) -> ChannelCapabilities?

        /// A context without a country, template and limit of its own.
        public init(
            priority: Priority, receipts: ReceiptTable, capabilities: @escaping (ChannelKind) -> ChannelCapabilities?
        ) {
            self.priority = priority
            self.receipts = receipts
            self.capabilities = capabilities
        }
    }

    /// The plan of a policy, its defaults filled in; `nil` when the snapshot has no such policy.
    public func plan(policy name: String, in context: PlanContext) -> DeliveryPlan? {
        guard let policy = policies[name] else { return nil }
        var plan = DeliveryPlan(policy: name, steps: policy.steps.map { step($0, in: context) })
        plan.success = policy.success
        plan.ackRequired = policy.ack.required
        plan.expires = context.expiresIn ?? policy.expires(for: context.priority)
        plan.catchUpGrace = policy.catchUpGrace
        plan.maxCalls = policy.maxCalls
        plan.onExhausted = policy.onExhausted
        plan.onReject = policy.onReject
        return plan
    }

    private func step(_ definition: StepDefinition, in context: PlanContext) -> PlanStep {
        // A channel that the snapshot lacks cannot be: references were checked when the file was accepted.
        let kind = channel(definition.channel)?.kind ?? ChannelKind(rawValue: definition.channel)
        var step = PlanStep(channel: definition.channel, kind: kind)
        step.receipts = context.receipts.quality(channel: definition.channel, country: context.country)
        if let able = context.capabilities(kind) {
            step.intrusiveness = able.intrusiveness
            step.reportsSent = able.reportsSent
            step.canPoll = able.polls
            step.canLookUp = able.looksUp
            step.canRecall = able.recalls
            if able.provesUpTo < .delivered { step.receipts = .absent }
        }
        let template = (definition.template ?? context.template).flatMap { templates[$0] }
        step.hasTemplate = template?.own(kind)?.contentIDs.isEmpty == false
        fill(&step, definition, priority: context.priority)
        return step
    }

    private func fill(_ step: inout PlanStep, _ definition: StepDefinition, priority: Priority) {
        let clocks = StepClocks(definition, kind: step.kind, intrusiveness: step.intrusiveness, priority: priority)
        step.submitWithin = clocks.submit
        step.laneWithin = clocks.lane
        step.queueWithin = clocks.queue
        step.deliverWithin = clocks.deliver
        step.readWithin = clocks.read
        step.ackWithin = clocks.ack
        step.ringTimeout = clocks.ring
        step.maxDuration = clocks.call
        step.maxTries = definition.maxTries
        step.onAmbiguous = definition.onAmbiguous
        for rule in definition.outcomes { step.outcomes[rule.outcome] = rule.action }
    }
}
