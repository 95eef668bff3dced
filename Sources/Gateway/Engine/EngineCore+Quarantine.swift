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
        if live[mark.delivery] != nil {
            hold(mark)
        } else if var ended = readEnded(mark.delivery) {
            _ = ended.state.quarantine(mark.event, now: now)
            revived[mark.delivery] = ended
            dirty.append(mark.delivery)
        }
    }

    private func hold(_ mark: CrashMark) {
        guard var delivery = live[mark.delivery] else { return }
        remember(mark.delivery, delivery)
        let commands = delivery.state.quarantine(mark.event, now: now)
        live[mark.delivery] = delivery
        carryOut(commands, mark.delivery)
        settle(mark.delivery)
    }

    /// Whether the event is barred. A timer has left the heap, so its delivery is held again; everything else is dropped.
    func isBarred(_ event: DeliveryEvent, _ mark: CrashMark, _ state: DeliveryState) -> Bool {
        guard !state.quarantined.isEmpty, state.quarantined.contains(mark.event) else { return false }
        count { $0.barredEvents += 1 }
        if case .timer(let generation) = event, state.armed?.generation == generation { hold(mark) }
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
