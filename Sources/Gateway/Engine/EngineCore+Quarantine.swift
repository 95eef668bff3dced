// An event at which the process died twice in a row is not decided again: its delivery is held for a person.

extension EngineCore {
    /// Bars what the last two starts died at, and commits that before anything else is decided: the next event may kill
    /// this start too.
    /// - Parameter open: the open deliveries, in order. Operations are told of those that are held at every start.
    func barCrashed(among open: [RecordID]) throws(StoreError) {
        var told = open.filter { isHeldForCrash($0) }
        guard let recorder, let mark = recorder.crashedTwice else {
            turn.notices += told.map { .crashedTwice(delivery: $0) }
            return
        }
        quarantine(mark)
        collect()
        let notices = turn.notices
        if !turn.batch.isEmpty { try store.commit(turn.batch, lease) }
        recorder.settled()
        begin()
        if !told.contains(mark.delivery) { told.append(mark.delivery) }
        turn.notices = notices + told.map { .crashedTwice(delivery: $0) }
    }

    private func isHeldForCrash(_ id: RecordID) -> Bool {
        guard let state = live[id]?.state, state.current < state.steps.count else { return false }
        return state.steps[state.current].status == .held(.crashedTwice)
    }

    /// Holds an open delivery, and marks an ended one. One that was never stored is forgotten: its caller was not told
    /// that it is accepted.
    private func quarantine(_ mark: CrashMark) {
        if let delivery = open(mark.delivery) {
            hold(delivery, mark)
        } else if let ended = readEnded(mark.delivery) {
            revive(ended)
            _ = ended.state.quarantine(mark.event, now: now)
            keepError(.crashedTwice, of: ended)
        }
    }

    private func hold(_ delivery: LiveDelivery, _ mark: CrashMark) {
        guard live[delivery.id] === delivery else { return }
        touch(delivery, from: .open(delivery.state))
        carryOut(delivery.state.quarantine(mark.event, now: now), delivery)
        settle(delivery)
    }

    /// Whether the event is barred. A timer has left the heap, so its delivery is held again; everything else is dropped.
    func isBarred(_ event: DeliveryEvent, _ mark: CrashMark, _ delivery: LiveDelivery) -> Bool {
        let state = delivery.state
        guard !state.quarantined.isEmpty, state.quarantined.contains(mark.event) else { return false }
        count { $0.barredEvents += 1 }
        if case .timer(let generation) = event, state.armed?.generation == generation { hold(delivery, mark) }
        return true
    }

    /// Decides with a note in the recorder; what the event leads to within belongs to it.
    func recorded(_ mark: CrashMark, _ decide: () -> Void) {
        guard let recorder, !isDeciding else { return decide() }
        isDeciding = true
        recorder.begin(mark)
        decide()
        recorder.end()
        isDeciding = false
    }
}
