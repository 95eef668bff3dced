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

    func enqueue(_ id: RecordID, _ step: Int) {
        guard let delivery = live[id] else { return }
        let channel = delivery.plan.steps[step].channel
        guard lanes[channel] != nil else { return }
        let entry = Lane.Entry(delivery: id, ticket: nextLaneTicket, number: delivery.job.recipient.number)
        nextLaneTicket += 1
        live[id]?.laneTicket = entry.ticket
        lanes[channel]?.enter(entry, delivery.job.envelope.priority)
    }

    func leaveLane(_ id: RecordID, _ step: Int) {
        guard let delivery = live[id], delivery.laneTicket != 0 else { return }
        lanes[delivery.plan.steps[step].channel]?.left()
        live[id]?.laneTicket = 0
    }

    /// Gives slots in every lane until its rate, its window or its queue is used up.
    func grant() {
        for channel in laneOrder {
            while let entry = nextEntry(channel) { grant(entry, channel) }
        }
    }

    /// The next entry that may go now; entries whose number is busy are parked.
    private func nextEntry(_ channel: String) -> Lane.Entry? {
        while var lane = lanes[channel], !lane.isEmpty {
            let isBlocked = breakers[channel]?.hold != nil
            let limit = breakers[channel]?.state == .halfOpen ? 1 : nil
            // With an open circuit entries move on to their hold, which costs nothing.
            guard isBlocked || (lane.hasRoom(limit: limit) && lane.nextToken(after: now) <= now) else {
                lanes[channel] = lane
                return nil
            }
            let entry = lane.pop()
            lanes[channel] = lane
            guard let entry else { return nil }
            guard live[entry.delivery]?.laneTicket == entry.ticket else { continue }
            if lane.settings.kind == .voice, calls.call(to: entry.number) != nil {
                parked[entry.number, default: []].append(entry)
                continue
            }
            return entry
        }
        return nil
    }

    private func grant(_ entry: Lane.Entry, _ channel: String) {
        guard let delivery = live[entry.delivery] else { return }
        let attempts = delivery.state.attempts.count
        lanes[channel]?.left()
        live[entry.delivery]?.laneTicket = 0
        apply(.granted, to: entry.delivery)
        guard let after = live[entry.delivery], after.state.attempts.count > attempts else { return }
        _ = lanes[channel]?.takeToken(at: now)
        count { $0.attempts += 1 }
    }

    // MARK: calls

    /// The number is taken from the intent on.
    func beginCall(_ id: RecordID, _ attempt: Int, step: PlanStep, number: String) {
        let longest = step.queueWithin + step.ringTimeout + step.maxDuration + .seconds(90)
        calls.begin(
            number, .init(delivery: id, attempt: attempt, until: now + longest, channel: step.channel))
    }

    /// A call is over, or never was: the number is free, and the lane's window has room again.
    func callEnded(_ id: RecordID, _ attempt: Int) {
        guard let number = job(id)?.recipient.number else { return }
        endCall(number, delivery: id, attempt: attempt)
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
            lanes[delivery.plan.steps[delivery.state.current].channel]?.left()
            enqueue(entry.delivery, delivery.state.current)
        }
    }

    func finishFlight(_ channel: String) {
        guard let lane = lanes[channel], lane.inFlight > 0 else { return }
        lanes[channel]?.inFlight -= 1
    }

    // MARK: circuits

    /// Bad credentials are the account's: every sender of the provider stops, so that no chain goes on to another of
    /// them.
    func stopSender(_ id: RecordID, _ step: Int) {
        guard let channel = (live[id] ?? revived[id])?.plan.steps[step].channel else { return }
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
