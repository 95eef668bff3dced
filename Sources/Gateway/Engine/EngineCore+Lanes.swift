// Ready steps, their lanes, and the grants that turn them into intents.

extension EngineCore {
    /// Every channel of the configuration has a lane, in the configuration's order.
    func configureLanes() {
        for settings in directory.lanes {
            let provider = configuredQuota(ofProvider: settings.provider)
            if let lane = lanes[settings.channel] {
                lane.configure(settings, provider: provider, now: now)
            } else {
                let lane = Lane(settings, provider: provider, now: now)
                lanes[settings.channel] = lane
                laneOrder.append(settings.channel)
                laneTurns.append(lane)
            }
        }
        exposures.limits = directory.exposureLimits
        for name in tenants.names { tenants.quota(of: name)?.configure(directory.limits(ofTenant: name), now: now) }
        countProviderFlights()
    }

    private func configuredQuota(ofProvider name: String) -> Quota {
        let limits = directory.limits(ofProvider: name)
        if let quota = providerQuotas[name] {
            quota.configure(limits, now: now)
            return quota
        }
        let quota = Quota(limits, now: now)
        providerQuotas[name] = quota
        providerOrder.append(name)
        return quota
    }

    /// What a provider has under way is what its lanes have.
    func countProviderFlights() {
        for lane in laneTurns { lane.provider.inFlight = 0 }
        for lane in laneTurns { lane.provider.inFlight += lane.own.inFlight }
    }

    /// The number of the delivery's tenant.
    func tenant(of delivery: LiveDelivery) -> Int {
        if let known = delivery.tenant { return known }
        let number = tenants.number(of: delivery.job.envelope.tenant) { name in
            Quota(directory.limits(ofTenant: name), now: now)
        }
        delivery.tenant = number
        return number
    }

    func enqueue(_ delivery: LiveDelivery, _ step: Int) {
        guard live[delivery.id] === delivery, let lane = lane(of: delivery, step) else { return }
        let entry = Lane.Entry(delivery: delivery.id, ticket: nextLaneTicket, number: delivery.job.recipient.number)
        nextLaneTicket += 1
        delivery.laneTicket = entry.ticket
        delivery.lane = lane
        let tenant = tenant(of: delivery)
        tenants[tenant].waiting += 1
        lane.enter(entry, delivery.job.envelope.priority, tenant: tenant)
    }

    /// The lane of the sender that a step goes over.
    private func lane(of delivery: LiveDelivery, _ step: Int) -> Lane? {
        let sender = Int(delivery.state.steps[step].sender)
        if let known = delivery.known, known.step == step, known.sender == sender, let settings = known.settings {
            return lanes[settings.channel]
        }
        return lanes[delivery.entry(step).channel]
    }

    func leaveLane(_ delivery: LiveDelivery) {
        guard delivery.laneTicket != 0 else { return }
        delivery.lane?.left(delivery.job.envelope.priority)
        tenants[tenant(of: delivery)].waiting -= 1
        delivery.laneTicket = 0
        delivery.lane = nil
    }

    // MARK: grants

    /// Gives slots until every lane's queue is used up, or a rate or window that it needs.
    func grant() {
        for lane in laneTurns {
            let isBlocked = isBlocked(lane)
            lane.takeBack { mayGo($0, isBlocked) }
        }
        grantInTurn(criticalOnly: true)
        grantInTurn(criticalOnly: false)
    }

    /// One slot for each lane in turn. A lane whose turn it is keeps it until it gets one: lanes that share a provider's or
    /// a tenant's tokens alternate also where these come one by one.
    private func grantInTurn(criticalOnly: Bool) {
        var turn = 0
        while turn < laneTurns.count {
            let lane = laneTurns[turn]
            guard let delivery = next(in: lane, criticalOnly: criticalOnly) else {
                turn += 1
                continue
            }
            grant(delivery, in: lane)
            guard turn < laneTurns.count - 1 else { continue }
            laneTurns.remove(at: turn)
            laneTurns.append(lane)
        }
    }

    private func isBlocked(_ lane: Lane) -> Bool { hold(lane.settings) != nil }

    /// Why nothing may go over a sender now: its own circuit, or its provider's.
    func hold(_ settings: LaneSettings) -> HoldReason? {
        breakers[settings.channel]?.hold ?? providerBreakers[settings.provider]?.hold
    }

    /// The next delivery that may go now; those whose number is busy are parked.
    private func next(in lane: Lane, criticalOnly: Bool) -> LiveDelivery? {
        guard lane.waiting > 0 else { return nil }
        // With an open circuit entries move on to their hold, which costs nothing.
        let isBlocked = isBlocked(lane)
        guard lane.hasNext(criticalOnly: criticalOnly, of: { mayGo($0, isBlocked) }) else { return nil }
        let limit = breakers[lane.settings.channel]?.state == .halfOpen ? 1 : nil
        let isProbing = providerBreakers[lane.settings.provider]?.isProbing ?? false
        guard isBlocked || (!isProbing && lane.hasRoom(limit: limit) && lane.nextToken(after: now) <= now)
        else { return nil }
        let entry = lane.pop(
            criticalOnly: criticalOnly, of: { mayGo($0, isBlocked) }, where: { counts($0, in: lane) })
        return entry.flatMap { live[$0.delivery] }
    }

    private func mayGo(_ tenant: Int, _ isBlocked: Bool) -> Bool { isBlocked || tenants[tenant].mayGo(at: now) }

    /// Whether an entry is that of a delivery that waits, and its number is free.
    private func counts(_ entry: Lane.Entry, in lane: Lane) -> Bool {
        guard let delivery = live[entry.delivery], delivery.laneTicket == entry.ticket else { return false }
        guard lane.settings.kind == .voice, mustWait(delivery) else { return true }
        parked[entry.number, default: []].append(entry)
        return false
    }

    private func grant(_ delivery: LiveDelivery, in lane: Lane) {
        let attempts = delivery.state.attempts.count
        leaveLane(delivery)
        apply(.granted, to: delivery)
        guard delivery.state.attempts.count > attempts else { return }
        lane.takeToken(at: now)
        tenants[tenant(of: delivery)].take(at: now)
        count { $0.attempts += 1 }
        if lane.settings.kind == .voice { share(delivery) }
    }

    // MARK: flights

    /// A request leaves, or a call is live.
    func beginFlight(_ channel: String, tenant: Int) {
        guard let lane = lanes[channel] else { return }
        lane.own.inFlight += 1
        lane.provider.inFlight += 1
        tenants[tenant].inFlight += 1
    }

    func finishFlight(_ channel: String, tenant: Int) {
        guard let lane = lanes[channel], lane.own.inFlight > 0 else { return }
        lane.own.inFlight -= 1
        lane.provider.inFlight -= 1
        tenants[tenant].inFlight -= 1
    }

    // MARK: calls

    /// The number is taken from the intent on.
    func beginCall(_ delivery: LiveDelivery, _ attempt: Int, step: PlanStep) {
        let longest = step.queueWithin + step.ringTimeout + step.maxDuration + .seconds(90)
        let placer = delivery.placer(of: attempt)
        calls.begin(
            delivery.job.recipient.number,
            .init(
                delivery: placer.delivery, attempt: placer.attempt, until: now + longest, channel: step.channel,
                tenant: tenant(of: delivery)))
    }

    /// A call is over, or never was: the number is free, and the lane's window has room again.
    /// - Parameter wasPlaced: `false` when the provider surely did not process its request.
    func callEnded(_ delivery: LiveDelivery, _ attempt: Int, wasPlaced: Bool) {
        let placer = delivery.placer(of: attempt)
        endCall(
            delivery.job.recipient.number, delivery: placer.delivery, attempt: placer.attempt, wasPlaced: wasPlaced)
    }

    func endCall(_ number: String, delivery: RecordID?, attempt: Int, wasPlaced: Bool = true) {
        guard let call = calls.end(number, delivery: delivery, attempt: attempt) else { return }
        if delivery != nil { finishFlight(call.channel, tenant: call.tenant) }
        if wasPlaced { beginPause(number) }
        unpark(number)
    }

    func endOverdueCalls() {
        for number in calls.overdue(at: now) {
            guard let call = calls.call(to: number) else { continue }
            endCall(number, delivery: call.delivery, attempt: call.attempt)
        }
    }

    func unpark(_ number: String) {
        for entry in parked.removeValue(forKey: number) ?? [] {
            guard let delivery = live[entry.delivery], delivery.laneTicket == entry.ticket else { continue }
            leaveLane(delivery)
            enqueue(delivery, delivery.state.current)
        }
    }

    // MARK: circuits

    /// Bad credentials are the account's: every sender of the provider stops, so that no chain goes on to another of
    /// them.
    func stopSender(_ channel: String) {
        for sibling in siblings(of: channel) { breakers[sibling, default: Breaker()].stopped(at: now) }
    }

    /// The channels of the same provider, in the configuration's order; itself too.
    private func siblings(of channel: String) -> [String] {
        guard let provider = directory.lanes.first(where: { $0.channel == channel })?.provider else { return [channel] }
        return directory.lanes.filter { $0.provider == provider }.map(\.channel)
    }

    /// The first good answer closes the sender's circuit and its provider's; the provider's other senders try at once.
    func providerAnswered(_ channel: String) {
        guard !breakers.isEmpty || !providerBreakers.isEmpty else { return }
        var isNews = false
        let wasStopped = breakers[channel]?.reason == .senderStopped
        if breakers[channel]?.succeeded() == true {
            turn.notices.append(.circuit(channel: channel, isOpen: false))
            isNews = true
            if wasStopped { probeSiblings(of: channel) { $0.reason == .senderStopped } }
        }
        if let provider = lanes[channel]?.settings.provider, providerBreakers[provider]?.succeeded() == true {
            turn.notices.append(.providerCircuit(provider: provider, isOpen: false))
            isNews = true
            probeSiblings(of: channel) { $0.reason == .circuitOpen }
        }
        if isNews { recheckHeld() }
    }

    private func probeSiblings(of channel: String, where isWanted: (Breaker) -> Bool) {
        for sibling in siblings(of: channel) where breakers[sibling].map(isWanted) == true {
            breakers[sibling]?.probeNow()
        }
    }

    /// - Parameter isUnreachable: there was no connection at all.
    func providerFailed(_ channel: String, isUnreachable: Bool = false) {
        if breakers[channel, default: Breaker()].failed(at: now) {
            turn.notices.append(.circuit(channel: channel, isOpen: true))
            keepError(.circuitOpened, channel: channel)
        }
        guard let provider = lanes[channel]?.settings.provider else { return }
        if providerBreakers[provider, default: ProviderBreaker()]
            .failed(channel, isUnreachable: isUnreachable, at: now)
        {
            turn.notices.append(.providerCircuit(provider: provider, isOpen: true))
            keepError(.providerCircuitOpened, provider: provider)
        }
    }
}
