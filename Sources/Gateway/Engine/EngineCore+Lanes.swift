// Ready steps, their lanes, and the grants that turn them into intents.

extension EngineCore {
    /// Every channel of the configuration has a lane, in the configuration's order.
    func configureLanes() {
        for settings in directory.lanes {
            if lanes[settings.channel] == nil {
                lanes[settings.channel] = Lane(settings, now: now)
                laneOrder.append(settings.channel)
            } else {
                lanes[settings.channel]?.configure(settings)
            }
        }
    }

    func enqueue(_ delivery: LiveDelivery, _ step: Int) {
        guard live[delivery.id] === delivery, let lane = lanes[delivery.plan.steps[step].channel] else { return }
        let entry = Lane.Entry(delivery: delivery.id, ticket: nextLaneTicket, number: delivery.job.recipient.number)
        nextLaneTicket += 1
        delivery.laneTicket = entry.ticket
        let envelope = delivery.job.envelope
        lane.enter(entry, envelope.priority, tenant: tenants.number(of: envelope.tenant))
    }

    func leaveLane(_ delivery: LiveDelivery, _ step: Int) {
        guard delivery.laneTicket != 0 else { return }
        lanes[delivery.plan.steps[step].channel]?.left(delivery.job.envelope.priority)
        delivery.laneTicket = 0
    }

    /// Gives slots in every lane until its rate, its window or its queue is used up.
    func grant() {
        for channel in laneOrder {
            guard let lane = lanes[channel] else { continue }
            while let delivery = next(in: lane) { grant(delivery, in: lane) }
        }
    }

    /// The next delivery that may go now; those whose number is busy are parked.
    private func next(in lane: Lane) -> LiveDelivery? {
        guard !lane.isEmpty else { return nil }
        let channel = lane.settings.channel
        let isBlocked = breakers[channel]?.hold != nil
        let limit = breakers[channel]?.state == .halfOpen ? 1 : nil
        // With an open circuit entries move on to their hold, which costs nothing.
        guard isBlocked || (lane.hasRoom(limit: limit) && lane.nextToken(after: now) <= now) else { return nil }
        return lane.pop { mayGo($0, in: lane) }.flatMap { live[$0.delivery] }
    }

    /// Whether an entry is that of a delivery that waits, and its number is free.
    private func mayGo(_ entry: Lane.Entry, in lane: Lane) -> Bool {
        guard let delivery = live[entry.delivery], delivery.laneTicket == entry.ticket else { return false }
        guard lane.settings.kind == .voice, calls.call(to: entry.number) != nil else { return true }
        parked[entry.number, default: []].append(entry)
        return false
    }

    private func grant(_ delivery: LiveDelivery, in lane: Lane) {
        let attempts = delivery.state.attempts.count
        lane.left(delivery.job.envelope.priority)
        delivery.laneTicket = 0
        apply(.granted, to: delivery)
        guard delivery.state.attempts.count > attempts else { return }
        _ = lane.takeToken(at: now)
        count { $0.attempts += 1 }
    }

    // MARK: calls

    /// The number is taken from the intent on.
    func beginCall(_ delivery: LiveDelivery, _ attempt: Int, step: PlanStep) {
        let longest = step.queueWithin + step.ringTimeout + step.maxDuration + .seconds(90)
        calls.begin(
            delivery.job.recipient.number,
            .init(delivery: delivery.id, attempt: attempt, until: now + longest, channel: step.channel))
    }

    /// A call is over, or never was: the number is free, and the lane's window has room again.
    func callEnded(_ delivery: LiveDelivery, _ attempt: Int) {
        endCall(delivery.job.recipient.number, delivery: delivery.id, attempt: attempt)
    }

    func endCall(_ number: String, delivery: RecordID?, attempt: Int) {
        guard let call = calls.end(number, delivery: delivery, attempt: attempt) else { return }
        if delivery != nil { finishFlight(call.channel) }
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
            leaveLane(delivery, delivery.state.current)
            enqueue(delivery, delivery.state.current)
        }
    }

    func finishFlight(_ channel: String) {
        guard let lane = lanes[channel], lane.inFlight > 0 else { return }
        lane.inFlight -= 1
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

    /// The first good answer lets a stopped provider's other senders try at once.
    func providerAnswered(_ channel: String) {
        let wasStopped = breakers[channel]?.reason == .senderStopped
        guard breakers[channel]?.succeeded() == true else { return }
        turn.notices.append(.circuit(channel: channel, isOpen: false))
        if wasStopped {
            for sibling in siblings(of: channel) where breakers[sibling]?.reason == .senderStopped {
                breakers[sibling]?.probeNow()
            }
        }
        recheckHeld()
    }

    func providerFailed(_ channel: String) {
        guard breakers[channel, default: Breaker()].failed(at: now) else { return }
        turn.notices.append(.circuit(channel: channel, isOpen: true))
    }
}
