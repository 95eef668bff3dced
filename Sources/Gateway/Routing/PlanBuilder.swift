/// Resolves a policy into the plan that `decide` follows: defaults by kind and priority, what the channel and its
/// provider can do, and what receipts are worth in the recipient's country.
public struct PlanBuilder: Sendable {
    let snapshot: ConfigurationSnapshot
    let receipts: ReceiptTable
    let abilities: ChannelAbilities

    /// A builder over a snapshot, with what the program's adapters can do.
    public init(snapshot: ConfigurationSnapshot, receipts: ReceiptTable, abilities: ChannelAbilities) {
        self.snapshot = snapshot
        self.receipts = receipts
        self.abilities = abilities
    }

    /// The plan of a policy; `nil` when the snapshot has no such policy or a channel of it is missing.
    /// - Parameters:
    ///   - branch: the one entry of `broadcast:` that the delivery is for; `nil` for one of the whole policy.
    ///   - preferred: the kind of channel that the recipient wants to be tried first.
    public func plan(
        policy name: String, country: String?, priority: Priority, template: String?, branch: Int? = nil,
        preferred: ChannelKind? = nil
    ) -> DeliveryPlan? {
        guard let policy = snapshot.policy(name) else { return nil }
        let definitions = branch.map { policy.steps.indices.contains($0) ? [policy.steps[$0]] : [] } ?? policy.steps
        var steps: [PlanStep] = []
        if policy.isBroadcast, branch == nil {
            steps = [PlanStep(.broadcast(policy.steps.count))]
        } else {
            for definition in definitions {
                guard let step = step(definition, country, priority, template) else { return nil }
                steps.append(step)
            }
        }
        if branch == nil, let leader = preferred.flatMap({ snapshot.leader(of: policy, $0) }) {
            steps = steps.led(by: leader)
        }
        var plan = DeliveryPlan(policy: name, steps: steps)
        plan.success = policy.success
        plan.ackRequired = policy.ack.required
        plan.expires = policy.expires(for: priority)
        plan.catchUpGrace = policy.catchUpGrace
        plan.maxCalls = policy.maxCalls
        plan.maxCallsTotal = policy.maxCallsTotal
        plan.cooldown = policy.cooldown
        plan.budget = policy.budget.map { DeliveryBudget(micros: $0.perDelivery.micros, action: $0.onBudget) }
        plan.reviewWithin = policy.reviewWithin ?? plan.reviewWithin
        // What follows is the business of the delivery that waits for its branches.
        guard branch == nil else { return plan }
        plan.repeats = policy.repeats
        plan.reopenAfter = policy.ack.required ? policy.reopenAfter : nil
        plan.onExhausted = policy.onExhausted
        plan.onReject = policy.onReject
        plan.needsReview = policy.needsReview
        return plan
    }

    private func step(
        _ definition: StepDefinition, _ country: String?, _ priority: Priority, _ template: String?
    ) -> PlanStep? {
        if let target = definition.target {
            return PlanStep(.target(target.target, policy: target.policy, within: definition.ackWithin))
        }
        guard var step = step(definition, over: definition.channel, country, priority, template) else { return nil }
        for name in definition.otherChannels {
            guard let other = self.step(definition, over: name, country, priority, template) else { return nil }
            step.alternatives.append(other)
        }
        return step
    }

    private func step(
        _ definition: StepDefinition, over name: String, _ country: String?, _ priority: Priority, _ template: String?
    ) -> PlanStep? {
        guard let channel = snapshot.channel(name) else { return nil }
        var step = PlanStep(channel: channel.name, kind: channel.kind)
        let ability = abilities.ability(of: channel.kind, provider: channel.provider)
        step.intrusiveness = ability.intrusiveness
        step.reportsSent = ability.reportsSent
        step.canPoll = ability.polls
        step.canLookUp = ability.looksUp
        step.canRecall = ability.recalls
        step.receipts = receipts.quality(channel: channel.name, country: country)
        if ability.provesUpTo < .delivered { step.receipts = .absent }
        step.hasTemplate = hasTemplate(definition.template ?? template, channel.kind)
        step.submitWithin = definition.submitWithin ?? (priority == .critical ? .seconds(30) : .seconds(120))
        step.laneWithin = definition.laneWithin
        step.queueWithin = definition.queueWithin ?? step.queueWithin
        step.deliverWithin = definition.deliverWithin ?? step.deliverWithin
        step.readWithin = definition.readWithin
        step.ackWithin = definition.ackWithin ?? step.ackWithin
        step.ringTimeout = definition.ringTimeout ?? step.ringTimeout
        step.maxDuration = definition.maxDuration ?? step.maxDuration
        step.maxTries = definition.maxTries
        step.onAmbiguous = definition.onAmbiguous
        for rule in definition.outcomes { step.outcomes[rule.outcome] = rule.action }
        return step
    }

    private func hasTemplate(_ name: String?, _ kind: ChannelKind) -> Bool {
        guard let name, let own = snapshot.templates[name]?.own(kind) else { return false }
        return !own.contentIDs.isEmpty
    }
}

/// What channels can do over their providers.
public struct ChannelAbilities: Sendable {
    private let channels: [ChannelKind: ChannelCapabilities]
    private let polling: Set<String>
    private let lookingUp: Set<String>
    private let recalling: Set<String>

    /// - Parameter providers: by their names under `providers:`.
    public init(adapters: [any ChannelAdapter], providers: [any Provider]) {
        channels = Dictionary(
            adapters.map { ($0.kind, $0.capabilities) }, uniquingKeysWith: { first, _ in first })
        polling = Set(providers.filter { $0 is any PollingProvider }.map(\.name))
        lookingUp = Set(providers.filter { $0 is any LookUpProvider }.map(\.name))
        recalling = Set(providers.filter { $0 is any RecallingProvider }.map(\.name))
    }

    /// The channel's capabilities, less what its provider lacks. A provider that is gone keeps the channel's word.
    func ability(of kind: ChannelKind, provider: String) -> ChannelCapabilities {
        var ability =
            channels[kind]
            ?? ChannelCapabilities(intrusiveness: kind == .voice ? .call : .text, provesUpTo: .delivered)
        ability.polls = ability.polls && polling.contains(provider)
        ability.looksUp = ability.looksUp && lookingUp.contains(provider)
        ability.recalls = ability.recalls && recalling.contains(provider)
        return ability
    }

    /// Whether the channel carries media.
    func takesMedia(_ kind: ChannelKind) -> Bool { channels[kind]?.takesMedia ?? false }

    /// Whether free text needs an open window.
    func hasServiceWindow(_ kind: ChannelKind) -> Bool { channels[kind]?.hasServiceWindow ?? false }
}
