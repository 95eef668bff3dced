// Start and failed commits: the store's rows are the truth.

extension EngineCore {
    /// Rebuilds memory from the store, and turns what was in flight into ambiguous attempts.
    func recover() throws(StoreError) {
        configureLanes()
        configureBudgets()
        turn.batch.snapshots.append(directory.snapshotRecord)
        for mark in try store.marks(at: now) { learn(mark) }
        for record in try store.outgoing() { outbox.put(record) }
        try loadConferences()
        receiptMemory = LearnedReceipts(try store.receipts())
        outbox.begin()
        try loadMailings()
        try loadBoard()
        let loaded = try loadOpen()
        try barCrashed(among: loaded)
        undo = TurnUndo(of: self)
        recovering = loaded
        for id in recovering { apply(.restarted, to: id) }
        runDeferred()
        recovered = loaded.count + resting.count
    }

    /// Reads everything that is open: of what rests its timer alone. Returns what is in memory.
    private func loadOpen() throws(StoreError) -> [RecordID] {
        var loaded: [RecordID] = []
        var idle: [TimerHeap.Entry] = []
        try store.scan(lease) { (row) throws(StoreError) in
            if let timer = try StateCodec.idleTimer(row.blob) {
                idle.append(.init(timer, of: row.delivery))
            } else {
                load(try read(row))
                loaded.append(row.delivery)
            }
        }
        // At once, not one after the other: a table that grows is filled several times.
        resting.reserveCapacity(idle.count)
        for entry in idle { resting[entry.delivery] = entry.generation }
        heap.insert(contentsOf: idle)
        return loaded
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

    private func load(_ delivery: LiveDelivery) {
        live[delivery.id] = delivery
        byNumber[delivery.job.recipient.number, default: []].append(delivery.id)
        relatives.join(delivery)
        if let key = dedupeKey(of: delivery.job) { byDedupeKey[key] = delivery.job.message }
        arm(delivery)
        rejoinMailing(delivery)
        for (index, attempt) in delivery.state.attempts.enumerated() {
            let step = delivery.plan.step(of: attempt)
            guard step.intrusiveness == .call, attempt.status != .refused, attempt.outcome == nil,
                attempt.call != .ended, !delivery.state.steps[Int(attempt.step)].status.isOver
            else { continue }
            // One call, whoever of those that share it is read first.
            let placer = delivery.placer(of: index)
            let known = calls.call(to: delivery.job.recipient.number)
            guard known?.delivery != placer.delivery || known?.attempt != placer.attempt else { continue }
            beginCall(delivery, index, step: step)
            beginFlight(step.channel, tenant: tenant(of: delivery))
        }
    }

    private func arm(_ delivery: LiveDelivery) {
        guard let timer = delivery.state.armed else { return }
        heap.insert(.init(timer, of: delivery.id))
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
        isBoardStale = true
        endedDelegates = []
        forgetCosts()
        carryErrors()
        for delivery in dirty {
            leaveLaneAgain(delivery)
            if case .open(let state) = delivery.origin { restore(delivery, state) } else { drop(delivery) }
            delivery.forgetTurn()
        }
        dirty = []
        let waiting = turn.requests.compactMap { exchanges.removeValue(forKey: $0.exchange)?.waitingTicket }
        for (number, exchange) in finished { exchanges[number] = exchange }
        restoreFlights()
        outbox.rollBack()
        exposures.rollBack()
        restoreMailings()
        carriedMarks += turn.batch.marks.filter { $0.kind != .exposed }
        carriedSnapshots += turn.batch.snapshots
        recoveryFailed = !recovering.isEmpty
        let tickets = turn.releases.map(\.ticket) + waiting
        return (tickets.map { EngineRelease(ticket: $0, answer: .unavailable(error)) }, retry)
    }

    /// Restoring gives it a place of its own.
    private func leaveLaneAgain(_ delivery: LiveDelivery) {
        leaveLane(delivery)
    }

    /// Windows, circuits and calls are again what they were before the turn.
    private func restoreFlights() {
        for lane in undo.lanes {
            lanes[lane.channel]?.own.inFlight = lane.inFlight
            lanes[lane.channel]?.results = lane.results
        }
        countProviderFlights()
        tenants.restore(inFlight: undo.tenants)
        breakers = undo.breakers
        providerBreakers = undo.providerBreakers
        receipts.restore(undo.troubles)
        samples = []
        carriedReceiptNews = receiptNews
        learned = []
        carriedReceiptChanges = receiptChanges
        receiptMemory.restore()
        calls = undo.calls
        spending = undo.spending
        settling = undo.settling
        conferences = undo.conferences
        queriesInFlight = undo.queriesInFlight
        waitingQueries = undo.waitingQueries
        for number in parked.keys.sorted() where calls.call(to: number) == nil { unpark(number) }
    }

    private func restore(_ delivery: LiveDelivery, _ state: DeliveryState) {
        delivery.state = state
        delivery.share = shareInMailing(delivery)
        delivery.laneTicket = 0
        if live[delivery.id] == nil {
            live[delivery.id] = delivery
            byNumber[delivery.job.recipient.number, default: []].append(delivery.id)
            relatives.join(delivery)
        }
        if let key = dedupeKey(of: delivery.job) { byDedupeKey[key] = delivery.job.message }
        arm(delivery)
        held.remove(delivery.id)
        delivery.isHeld = false
        guard state.phase == .active, state.current < state.steps.count else { return }
        settle(delivery)
        if state.steps[state.current].status == .ready { enqueue(delivery, state.current) }
    }

    private func drop(_ delivery: LiveDelivery) {
        guard live.removeValue(forKey: delivery.id) != nil else { return }
        held.remove(delivery.id)
        forgetNumber(of: delivery)
        relatives.leave(delivery)
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
        gauges.open = live.count + resting.count
        gauges.exchanges = exchanges.count
        gauges.calls = calls.count
        gauges.held = held.count
        gauges.outgoing = outbox.count
        gauges.queues = board.routing.queues.map { QueueGauge(name: $0.name, waiting: board.waiting(in: $0.name)) }
        gauges.mailings = mailingOrder.count { mailings[$0]?.progress.isOpen == true }
        gauges.mailingRecipients = mailingOrder.reduce(0) { $0 + (mailings[$1]?.waitingRecipients ?? 0) }
        gauges.ready = laneOrder.map { channel in
            LaneGauge(
                channel: channel, waiting: lanes[channel]?.waiting ?? 0, inFlight: lanes[channel]?.own.inFlight ?? 0,
                isOpen: breakers[channel]?.hold != nil, results: lanes[channel]?.results ?? LaneResults())
        }
        gauges.providers = providerOrder.compactMap { name in
            providerQuotas[name].map { QuotaGauge(name, $0, isOpen: providerBreakers[name]?.hold != nil) }
        }
        gauges.receiptCircuits = receipts.troubles.map { ReceiptRoute($0.route) }
        gauges.receipts = receiptMemory.records
        gauges.tenants = tenants.names.compactMap { name in
            tenants.quota(of: name).flatMap { $0.isLimited ? QuotaGauge(name, $0) : nil }
        }
        return gauges
    }
}
