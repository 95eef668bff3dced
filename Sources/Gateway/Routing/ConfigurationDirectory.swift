import Synchronization
import Templates
import Zones

/// Answers the engine's questions from the running configuration and the snapshots of open deliveries.
public final class ConfigurationDirectory: DispatchDirectory {
    let configuration: GatewayConfiguration
    /// The outbound rules, indexed.
    public let router: Router
    let adapters: [ChannelKind: any ChannelAdapter]
    let providers: [String: any Provider]
    let abilities: ChannelAbilities
    let links: AcknowledgementLinks
    /// Every sender, in the configuration's order.
    public let lanes: [LaneSettings]
    private let current: ResolvedSnapshot
    private let loadSnapshot: @Sendable (String) -> [UInt8]?
    /// Those of earlier configurations, by their hash.
    private let snapshots = Mutex<[String: ResolvedSnapshot]>([:])
    private let plans = Mutex(Plans())

    private struct Plans {
        var known: [PlanKey: DeliveryPlan?] = [:]
        /// The one of the last question, which most questions repeat: to compare keys costs a tenth of a look-up.
        var last: (key: PlanKey, plan: DeliveryPlan?)?

        mutating func plan(_ key: PlanKey) -> DeliveryPlan?? {
            if let last, last.key == key { return .some(last.plan) }
            guard let plan = known[key] else { return nil }
            last = (key, plan)
            return .some(plan)
        }
    }

    private struct PlanKey: Hashable {
        var snapshot: String
        var policy: String
        var country: String?
        var priority: Priority
        var template: String?
        var branch: UInt8?
        var preferred: ChannelKind?
    }

    /// - Parameters:
    ///   - loadSnapshot: reads an earlier configuration's snapshot by its hash.
    public init(
        configuration: GatewayConfiguration, adapters: [any ChannelAdapter], providers: [any Provider],
        links: AcknowledgementLinks, loadSnapshot: @escaping @Sendable (String) -> [UInt8]?
    ) {
        self.configuration = configuration
        router = Router(configuration)
        self.adapters = Dictionary(adapters.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.providers = Dictionary(providers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.links = links
        self.loadSnapshot = loadSnapshot
        abilities = ChannelAbilities(adapters: adapters, providers: providers)
        let lanes = configuration.channels.compactMap { channel -> LaneSettings? in
            guard let sender = channel.sender else { return nil }
            return LaneSettings(
                channel: channel.name, provider: channel.provider, sender: sender.address, kind: channel.kind,
                rate: channel.rate, concurrency: channel.concurrency ?? Self.defaultConcurrency,
                requiresConsent: channel.requiresConsent)
        }
        self.lanes = lanes
        let snapshot = ConfigurationSnapshot(configuration)
        current = ResolvedSnapshot(
            snapshot, adapters: self.adapters, lanes: lanes,
            renderer: ContentRenderer(snapshot: snapshot, abilities: abilities, links: links))
    }

    /// `rate:` and `concurrency:` of a provider.
    public func limits(ofProvider name: String) -> LimitSettings {
        configuration.providers[name]?.limits ?? LimitSettings()
    }

    /// An entry under `tenants:`.
    public func limits(ofTenant name: String) -> LimitSettings {
        configuration.tenants[name]?.limits ?? LimitSettings()
    }

    /// Requests in flight, or live calls, of a sender without `concurrency:`.
    static let defaultConcurrency = 512

    /// The snapshot of a hash; `nil` when it cannot be read.
    public func snapshot(_ hash: String) -> ConfigurationSnapshot? { resolved(hash)?.snapshot }

    func resolved(_ hash: String) -> ResolvedSnapshot? {
        if hash == configuration.hash { return current }
        return snapshots.withLock { snapshots in
            if let known = snapshots[hash] { return known }
            // A failure is not kept: the disk may answer the next time.
            snapshots[hash] = loadSnapshot(hash).flatMap(read)
            return snapshots[hash]
        }
    }

    private func read(_ body: [UInt8]) -> ResolvedSnapshot? {
        (try? ConfigurationSnapshot(reading: body)).map { snapshot in
            ResolvedSnapshot(
                snapshot, adapters: adapters, lanes: lanes,
                renderer: ContentRenderer(snapshot: snapshot, abilities: abilities, links: links))
        }
    }

    /// Takes a stored snapshot that it could not read by itself.
    public func learn(_ snapshot: SnapshotRecord) {
        snapshots.withLock { $0[snapshot.hash] = read(snapshot.body) }
    }

    /// The chain that a delivery follows; `nil` when its snapshot or policy is gone.
    func chain(_ job: DeliveryJob) -> ResolvedChain? {
        let chain = resolved(job.snapshot)?.chains[job.policy]
        guard let branch = job.lineage?.branch.map(Int.init), let chain else {
            guard let preferred = job.preferredChannel else { return chain }
            return chain?.led(by: preferred)
        }
        return chain.branches.indices.contains(branch) ? chain.branches[branch] : nil
    }

    /// The running configuration's snapshot.
    public var snapshotRecord: SnapshotRecord {
        SnapshotRecord(hash: configuration.hash, body: current.snapshot.bytes())
    }

    // MARK: plans

    /// The plan of the snapshot that the delivery started with.
    public func plan(for job: DeliveryJob) -> DeliveryPlan? {
        plan(
            snapshot: job.snapshot, policy: job.policy, country: job.recipient.country,
            priority: job.envelope.priority, template: job.envelope.template, branch: job.lineage?.branch,
            preferred: job.preferredChannel)
    }

    /// The plan of a policy for a country and priority.
    /// - Parameter preferred: the kind of channel that the recipient wants to be tried first.
    public func plan(
        snapshot hash: String, policy: String, country: String?, priority: Priority, template: String?,
        branch: UInt8? = nil, preferred: ChannelKind? = nil
    ) -> DeliveryPlan? {
        let key = PlanKey(
            snapshot: hash, policy: policy, country: country, priority: priority, template: template, branch: branch,
            preferred: preferred)
        if let known = plans.withLock({ $0.plan(key) }) { return known }
        guard let snapshot = snapshot(hash) else { return nil }
        let builder = PlanBuilder(
            snapshot: snapshot, receipts: configuration.countries.receipts, abilities: abilities)
        let plan = builder.plan(
            policy: policy, country: country, priority: priority, template: template, branch: branch.map(Int.init),
            preferred: preferred)
        plans.withLock { plans in
            if plans.known.count < 10_000 { plans.known[key] = .some(plan) }
        }
        return plan
    }

    // MARK: routes and times

    /// Sender and provider of the running configuration; what is gone holds the step.
    public func route(of job: DeliveryJob, step: PlanStep) -> StepRoute {
        guard let lane = lanes.first(where: { $0.channel == step.channel }) else { return .removed(.senderRemoved) }
        guard providers[lane.provider] != nil else { return .removed(.providerRemoved) }
        return .sender(lane)
    }

    /// From the snapshot: what is gone now had a sender once.
    public func snapshotSender(of job: DeliveryJob, channel: String) -> String? {
        chain(job)?.snapshot.channel(channel)?.sender
    }

    /// A provider of the running configuration by its name under `providers:`.
    public func provider(named name: String) -> (any Provider)? { providers[name] }

    /// Whether the step's quiet hours and the recipient's own let it go now, in the recipient's zone.
    public func opening(of job: DeliveryJob, step: Int, now: Timestamp) -> QuietOpening {
        opening(stepOpening(job, step, now), of: job, now: now)
    }

    private func stepOpening(_ job: DeliveryJob, _ step: Int, _ now: Timestamp) -> QuietOpening {
        guard let quiet = chain(job)?.step(step)?.definition.quietHours, let times = configuration.times[quiet.times]
        else {
            return .open
        }
        if let override = quiet.override, job.envelope.priority >= override { return .open }
        let zone = ZoneCache.zone(job.recipient.timeZone)
        guard let end = times.end(after: now, in: zone) else { return .open }
        return quiet.mode == .skip ? .skip : .closed(until: end)
    }

    // MARK: content

    /// What countries, media, template and channel say against the step; `nil` when it can go.
    public func ineligibility(of job: DeliveryJob, step: Int, over sender: Int, windowIsOpen: Bool) -> SkipReason? {
        guard configuration.countries.allows(job.recipient.country) else { return .country }
        if job.isUnwanted { return .topicOff }
        guard let chain = chain(job), let resolved = chain.step(step) else { return .noAddress }
        // What is gone from the running configuration holds the step, and does not skip it.
        if resolved.kind != nil, resolved.lane(over: sender) == nil { return nil }
        if resolved.definition.requiresMedia, !job.envelope.media.isEmpty, let kind = resolved.kind,
            !abilities.takesMedia(kind)
        {
            return .noMedia
        }
        var use = StepUse(token: "", windowIsOpen: windowIsOpen, useTemplate: false)
        use.sender = sender
        do {
            let (adapter, content, context) = try prepare(job, resolved, chain.renderer, use)
            return adapter.ineligibility(of: content, step: context)
        } catch {
            return error.skip
        }
    }

    /// The rendered request of one attempt, from the snapshot's templates and the running sender.
    public func outbound(for job: DeliveryJob, step: Int, use: StepUse) throws(ChannelError) -> OutboundRequest {
        let (adapter, content, context) = try prepare(job, step, use)
        return try adapter.request(for: content, step: context)
    }

    private func prepare(
        _ job: DeliveryJob, _ step: Int, _ use: StepUse
    ) throws(ChannelError) -> (any ChannelAdapter, StepContent, StepContext) {
        guard let chain = chain(job), let resolved = chain.step(step) else { throw Self.removed }
        return try prepare(job, resolved, chain.renderer, use)
    }

    private static let removed = ChannelError(
        "removed", "the channel is not configured any more", skip: .noAddress)

    private func prepare(
        _ job: DeliveryJob, _ resolved: ResolvedChain.Step, _ renderer: ContentRenderer, _ use: StepUse
    ) throws(ChannelError) -> (any ChannelAdapter, StepContent, StepContext) {
        guard let kind = resolved.kind, let adapter = resolved.adapter, let lane = resolved.lane(over: use.sender)
        else { throw Self.removed }
        let content: StepContent
        do {
            content = try renderer.content(of: resolved.definition, kind: kind, job: job)
        } catch {
            throw ChannelError("missing_variable", error.message, skip: .noTemplate)
        }
        var context = StepContext(from: lane.sender, to: job.recipient.number, token: use.token)
        context.windowIsOpen = use.windowIsOpen || !abilities.hasServiceWindow(kind)
        context.useTemplate = use.useTemplate
        context.ringTimeout = resolved.definition.ringTimeout ?? context.ringTimeout
        context.maxDuration = resolved.definition.maxDuration ?? context.maxDuration
        context.leavesMessage = resolved.definition.machine == .leaveMessage
        return (adapter, content, context)
    }

    // MARK: conversations

    /// What is said to whoever picks up when a menu dials them.
    public func whisper(_ call: InboundCall) -> CallScript {
        MenuWhisper(configuration: configuration).script(call)
    }

    /// The next part of a call with alerts; hangs up where no step can be prepared any more.
    public func converse(with turn: CallTurn, about alerts: [CallAlert]) -> CallReply {
        let parts = alerts.compactMap { alert in
            try? prepare(alert.job, alert.step, StepUse(of: alert, token: turn.token))
        }
        guard let (adapter, _, context) = parts.first, let conversing = adapter as? any ConversingAdapter
        else { return CallReply(CallScript([.hangup])) }
        return conversing.reply(to: turn, alerts: parts.map { $0.1 }, step: context)
    }

    /// What is said of a delivery in a call that speaks for several.
    public func speech(of alert: CallAlert) -> CallSpeech? {
        guard let (adapter, content, context) = try? prepare(alert.job, alert.step, StepUse(of: alert, token: "")),
            let conversing = adapter as? any ConversingAdapter
        else { return nil }
        return CallSpeech(
            characters: conversing.spokenCharacters(of: content), leavesMessage: context.leavesMessage)
    }

    /// Runs the inbound rules.
    public func receive(_ inbound: InboundContext) -> InboundDecision {
        InboundRouter(directory: self).decide(inbound)
    }

    /// Whether the normalized text is one of the `words:` of the policy's `ack:`.
    public func isAcknowledgement(_ text: String, of job: DeliveryJob) -> Bool {
        guard let ack = ackSettings(of: job) else { return false }
        return ack.words.contains(InboundWords.normalized(text))
    }

    /// Whether the text is a word of acknowledgement under any policy.
    func isAcknowledgement(_ text: String) -> Bool {
        let word = InboundWords.normalized(text)
        return configuration.policies.contains { $0.ack.words.contains(word) }
    }

    /// How a bare word is taken while several alerts are open.
    func ackSettings(of job: DeliveryJob) -> AckSettings? { chain(job)?.policy.ack }

    /// What a call says of an alert, for somebody who calls while it is open.
    func spokenContent(of job: DeliveryJob) -> StepContent? {
        guard let chain = chain(job), let voice = chain.steps.first(where: { $0.kind == .voice }) ?? chain.steps.first
        else { return nil }
        return try? chain.renderer.content(of: voice.definition, kind: .voice, job: job)
    }

    /// Emergencies alone go to people who opted out.
    public func ignoresOptOut(_ job: DeliveryJob) -> Bool { job.envelope.messageClass == .emergency }
}
