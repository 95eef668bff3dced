// Start and failed commits: the store's rows are the truth.

extension EngineCore {
    /// Rebuilds memory from the store, and turns what was in flight into ambiguous attempts.
    func recover() throws(StoreError) {
        configureLanes()
        turn.batch.snapshots.append(directory.snapshotRecord)
        for mark in try store.marks(at: now) { book.set(mark, now: now) }
        for record in try store.outgoing() { outbox.put(record) }
        outbox.begin()
        var rows: [StateRecord] = []
        try store.scan(lease) { row in rows.append(row) }
        for row in rows {
            guard let bodies = try store.body(of: row.delivery) else {
                throw StoreError(.corrupt, "an open delivery has no body")
            }
            let job = try JobCodec.job(bodies.delivery, bodies.message)
            let state = try StateCodec.decode(row.blob)
            guard let plan = directory.plan(for: job), plan.steps.count == state.steps.count else {
                throw StoreError(.corrupt, "the snapshot of an open delivery is missing")
            }
            load(row.delivery, Live(state: state, plan: plan, job: job))
        }
        try barCrashed(among: rows.map(\.delivery))
        undo = TurnUndo(of: self)
        recovering = rows.map(\.delivery)
        for id in recovering { apply(.restarted, to: id) }
        runDeferred()
        recovered = rows.count
    }

    /// The recovery's commit failed: what was in flight is still to become ambiguous.
    func recoverAgain() {
        guard recoveryFailed else {
            recovering = []
            return
        }
        recoveryFailed = false
        for id in recovering { apply(.restarted, to: id) }
        runDeferred()
    }

    private func load(_ id: RecordID, _ delivery: Live) {
        live[id] = delivery
        byNumber[delivery.job.recipient.number, default: []].append(id)
        if let key = dedupeKey(of: delivery.job) { byDedupeKey[key] = delivery.job.message }
        if let timer = delivery.state.armed {
            heap.insert(.init(due: timer.due, delivery: id, generation: timer.generation))
        }
        for (index, attempt) in delivery.state.attempts.enumerated() {
            let step = delivery.plan.steps[Int(attempt.step)]
            guard step.intrusiveness == .call, attempt.status != .refused, attempt.outcome == nil,
                attempt.call != .ended, !delivery.state.steps[Int(attempt.step)].status.isOver
            else { continue }
            beginCall(id, index, step: step, number: delivery.job.recipient.number)
            lanes[step.channel]?.inFlight += 1
        }
    }

    /// What the recovery changed, to be committed before anything else happens.
    public func recoveryTurn(now: Timestamp) -> EngineTurn {
        self.now = now
        collect()
        var first = turn
        first.wakeAt = now
        return first
    }

    /// The commit of the last turn failed: nothing of it happened. Callers are told; results come again.
    /// - Returns: the answers for those who wait, and inputs for the next turn.
    public func rollBack(_ error: StoreError) -> (releases: [EngineRelease], again: [EngineInput]) {
        count { $0.rollbacks += 1 }
        for id in dirty {
            leaveLaneAgain(id)
            if let old = before[id] ?? nil { restore(id, old) } else { drop(id) }
        }
        for request in turn.requests { exchanges[request.exchange] = nil }
        for (number, exchange) in finished { exchanges[number] = exchange }
        restoreFlights()
        outbox.rollBack()
        carriedMarks += turn.batch.marks
        carriedSnapshots += turn.batch.snapshots
        recoveryFailed = !recovering.isEmpty
        return (turn.releases.map { EngineRelease(ticket: $0.ticket, answer: .unavailable(error)) }, retry)
    }

    /// Restoring gives it a place of its own.
    private func leaveLaneAgain(_ id: RecordID) {
        guard let delivery = live[id], delivery.laneTicket != 0, delivery.state.current < delivery.plan.steps.count
        else { return }
        lanes[delivery.plan.steps[delivery.state.current].channel]?.left()
    }

    /// Windows, circuits and calls are again what they were before the turn.
    private func restoreFlights() {
        for lane in undo.lanes {
            lanes[lane.channel]?.inFlight = lane.inFlight
            lanes[lane.channel]?.results = lane.results
        }
        breakers = undo.breakers
        calls = undo.calls
        spending = undo.spending
        queriesInFlight = undo.queriesInFlight
        waitingQueries = undo.waitingQueries
        for number in parked.keys.sorted() where calls.call(to: number) == nil { unpark(number) }
    }

    private func restore(_ id: RecordID, _ old: Live) {
        var delivery = old
        delivery.laneTicket = 0
        if live[id] == nil { byNumber[old.job.recipient.number, default: []].append(id) }
        live[id] = delivery
        held.remove(id)
        if let key = dedupeKey(of: old.job) { byDedupeKey[key] = old.job.message }
        if let timer = old.state.armed {
            heap.insert(.init(due: timer.due, delivery: id, generation: timer.generation))
        }
        let step = old.state.current
        guard old.state.phase == .active, step < old.state.steps.count else { return }
        switch old.state.steps[step].status {
        case .ready: enqueue(id, step)
        case .held: held.insert(id)
        default: break
        }
    }

    private func drop(_ id: RecordID) {
        guard let delivery = live.removeValue(forKey: id) else { return }
        held.remove(id)
        byNumber[delivery.job.recipient.number]?.removeAll { $0 == id }
        if let key = dedupeKey(of: delivery.job), byDedupeKey[key] == delivery.job.message { byDedupeKey[key] = nil }
    }
}

extension StepStatus {
    /// The step ended; its attempt may still be reported on.
    var isOver: Bool { !isOpen }

    /// A change of a circuit or sender may let it go on.
    var waitsForProvider: Bool {
        switch self {
        case .held, .ambiguous: true
        default: false
        }
    }
}

extension EngineCore {
    /// The lease under which commits are made.
    public var currentLease: Lease { lease }

    /// Present sizes, for metrics.
    public var gauges: EngineGauges {
        var gauges = EngineGauges()
        gauges.open = live.count
        gauges.exchanges = exchanges.count
        gauges.calls = calls.count
        gauges.held = held.count
        gauges.outgoing = outbox.count
        gauges.ready = laneOrder.map { channel in
            LaneGauge(
                channel: channel, waiting: lanes[channel]?.waiting ?? 0, inFlight: lanes[channel]?.inFlight ?? 0,
                isOpen: breakers[channel]?.hold != nil, results: lanes[channel]?.results ?? LaneResults())
        }
        return gauges
    }
}
