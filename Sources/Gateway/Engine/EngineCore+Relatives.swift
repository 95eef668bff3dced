// Deliveries that come from others: rounds, follow-ups, other people, several channels at once. They are told of each
// other's ends in the turn in which those happen, so that one commit holds what became of all of them.

extension EngineCore {
    /// The first of the rounds and follow-ups that a delivery is one of.
    func root(of delivery: LiveDelivery) -> RecordID { delivery.job.lineage?.root ?? delivery.id }

    // MARK: starts

    /// The same once more.
    func openRound(_ delivery: LiveDelivery, after span: Duration) {
        var lineage = heir(of: delivery, .round)
        let (round, calls) = (delivery.state.round, delivery.state.callsBefore)
        lineage.round = UInt8(clamping: Int(round) + 1)
        lineage.callsBefore = UInt8(clamping: Int(calls) + Int(delivery.state.callsUsed))
        start(descendant(of: delivery, lineage, policy: delivery.job.policy), startsAt: now + span)
    }

    /// Another policy takes over.
    func followUp(_ delivery: LiveDelivery, policy: String) {
        var lineage = heir(of: delivery, .followUp)
        lineage.branch = nil
        start(descendant(of: delivery, lineage, policy: policy), startsAt: now)
    }

    /// What takes the delivery's place, also for a parent that waits for it.
    private func heir(of delivery: LiveDelivery, _ kind: Lineage.Kind) -> Lineage {
        var lineage = Lineage(kind, of: delivery.id, root: root(of: delivery))
        lineage.parent = delivery.job.lineage?.parent
        lineage.step = delivery.job.lineage?.step ?? 0
        lineage.branch = delivery.job.lineage?.branch
        return lineage
    }

    /// The deliveries that carry out a step.
    func delegate(_ delivery: LiveDelivery, _ step: Int) {
        switch delivery.plan.steps[step].delegation {
        case .target(let target, let policy, let within):
            for person in people(of: target) {
                let job = descendant(
                    of: delivery, delegation(of: delivery, step, .target), policy: policy, to: person)
                start(job, startsAt: now, upTo: delivery.state.expiresAt, within: within)
            }
        case .broadcast(let channels):
            for channel in 0..<channels {
                var lineage = delegation(of: delivery, step, .branch)
                lineage.branch = UInt8(clamping: channel)
                let job = descendant(of: delivery, lineage, policy: delivery.job.policy)
                start(job, startsAt: now, upTo: delivery.state.expiresAt, within: nil)
            }
        case nil: break
        }
        if relatives.delegates(of: delivery.id).isEmpty {
            deferred.append((delivery.id, .delegated(step: step, .nobody)))
        }
    }

    /// What a delivery is that begins anew, for a step of another one. Its root is its own identifier.
    private func delegation(of delivery: LiveDelivery, _ step: Int, _ kind: Lineage.Kind) -> Lineage {
        var lineage = Lineage(kind, of: delivery.id, root: ids.next(at: now))
        lineage.parent = delivery.id
        lineage.step = UInt8(clamping: step)
        return lineage
    }

    /// Whom a target means now. A store that cannot be read refuses the turn: nobody is left out for that.
    private func people(of target: StepTarget) -> [ResolvedRecipient] {
        readNow { () throws(StoreError) in
            try directory.people(of: target, now: now) { (id) throws(StoreError) in try store.contact(id) }
        } ?? []
    }

    private func descendant(
        of delivery: LiveDelivery, _ lineage: Lineage, policy: String, to recipient: ResolvedRecipient? = nil
    ) -> DeliveryJob {
        let beginsAnew = lineage.kind == .target || lineage.kind == .branch
        return delivery.job.derived(
            lineage, id: beginsAnew ? lineage.root : ids.next(at: now), created: now, policy: policy, to: recipient)
    }

    /// - Parameter end: the end of the delivery that waits for it; `nil` for none.
    private func start(
        _ job: DeliveryJob, startsAt: Timestamp, upTo end: Timestamp? = nil, within: Duration? = nil
    ) {
        guard let plan = directory.plan(for: job) else { return }
        let record = DeliveryRecord(id: job.delivery, message: job.message, body: JobCodec.delivery(job))
        let accepted = AcceptedDelivery(record: record, job: job, plan: plan, startsAt: startsAt)
        guard let end else { return start(accepted) }
        start(accepted, expiresAt: min(end, now + min(plan.expires, within ?? plan.expires)))
    }

    // MARK: ends

    /// A delivery ended, or what it ended with changed.
    func tellRelatives(_ delivery: LiveDelivery, _ phase: DeliveryPhase) {
        let lineage = delivery.job.lineage
        guard lineage != nil || !relatives.isEmpty else { return }
        for id in relatives.delegates(of: delivery.id) { tellDelegate(id, phase) }
        for id in relatives.rounds(of: root(of: delivery)) where id != delivery.id { tellRound(id, delivery.id, phase) }
        guard let lineage else { return }
        if phase == .acked { deferred.append((lineage.origin, .acknowledged(attempt: nil))) }
        guard let parent = lineage.parent else { return }
        if phase == .satisfied { deferred.append((parent, .delegated(step: Int(lineage.step), .satisfied))) }
        endedDelegates.append((parent, Int(lineage.step)))
    }

    private func tellDelegate(_ id: RecordID, _ phase: DeliveryPhase) {
        let isBranch = live[id]?.job.lineage?.branch != nil
        switch phase {
        case .acked where isBranch: deferred.append((id, .acknowledged(attempt: nil)))
        // What a broadcast has begun goes out on every channel.
        case .satisfied where isBranch: break
        default: deferred.append((id, .cancelled))
        }
    }

    /// An answer ends every round; one that came late otherwise makes those after it pointless.
    private func tellRound(_ id: RecordID, _ ended: RecordID, _ phase: DeliveryPhase) {
        switch phase {
        case .acked: deferred.append((id, .acknowledged(attempt: nil)))
        case .satisfied, .cancelled: if id > ended { deferred.append((id, .cancelled)) }
        default: break
        }
    }

    /// A step ends when nothing that carries it out is open any more, rounds and follow-ups included.
    /// - Returns: whether there was one.
    func endDelegations() -> Bool {
        guard !endedDelegates.isEmpty else { return false }
        let ended = endedDelegates
        endedDelegates.removeAll()
        for (parent, step) in ended where live[parent]?.state.phase.isTerminal == false {
            let isOpen = relatives.delegates(of: parent).contains { id in
                guard let delegate = live[id], !delegate.state.phase.isTerminal else { return false }
                return delegate.job.lineage.map { Int($0.step) } == step
            }
            if !isOpen { apply(.delegated(step: step, .ended), to: parent) }
        }
        return true
    }
}
