// A delivery that only waits needs its timer in memory and nothing else: the rest is in the store, from which it is read
// when its timer fires or something comes for it (docs/decisions/0033-what-waits-rests-in-the-store.md).

extension EngineCore {
    /// Idle deliveries that stay in memory, those that were touched last: what comes for a delivery mostly comes soon.
    public static let idleLimit = 10_000

    /// What the committed turn left idle joins the row; what has been there longest goes to rest.
    func restIdle() {
        for delivery in dirty where delivery.isIdle && live[delivery.id] === delivery {
            delivery.idleTicket = nextIdleTicket
            idle.append(.init(delivery: delivery.id, ticket: nextIdleTicket))
            nextIdleTicket += 1
            idleCount += 1
        }
        while idleCount > idleLimit, let entry = idle.popFirst() { if let delivery = idle(entry) { rest(delivery) } }
        // Most entries are those of deliveries that were touched since.
        if idle.count > 2 * idleCount + 1_024 { idle.removeAll { self.idle($0) == nil } }
    }

    private func idle(_ entry: IdleEntry) -> LiveDelivery? {
        live[entry.delivery].flatMap { $0.idleTicket == entry.ticket ? $0 : nil }
    }

    private func rest(_ delivery: LiveDelivery) {
        guard let timer = delivery.state.armed else { return }
        resting[delivery.id] = timer.generation
        live[delivery.id] = nil
        forgetNumber(of: delivery)
        idleCount -= 1
    }

    /// An open delivery, which is read if it rests.
    func open(_ id: RecordID) -> LiveDelivery? { live[id] ?? wake(id) }

    private func wake(_ id: RecordID) -> LiveDelivery? {
        guard resting[id] != nil else { return nil }
        let found = readNow { () throws(StoreError) in
            guard let delivery = try read(id) else {
                throw StoreError(.corrupt, "the state of an open delivery is missing")
            }
            return delivery
        }
        guard let delivery = found else { return nil }
        resting[id] = nil
        live[id] = delivery
        byNumber[delivery.job.recipient.number, default: []].append(id)
        return delivery
    }

    /// Reads what the turn needs. What cannot be read is not taken for missing: the whole turn is refused, as when it
    /// cannot be committed, and `nil` only lets it come to its end.
    func readNow<Value>(_ read: () throws(StoreError) -> Value) -> Value? {
        do throws(StoreError) {
            return try read()
        } catch {
            turn.refusal = turn.refusal ?? error
            return nil
        }
    }

    /// Deliveries that a number was given, rising; `[]` for none.
    func lookUp(recipient number: String) -> [RecordID] {
        readNow { () throws(StoreError) in try store.lookUp(.recipient, number) } ?? []
    }

    /// Open deliveries to a number, in order.
    func openDeliveries(to number: String) -> [RecordID] {
        var ids = byNumber[number] ?? []
        if !resting.isEmpty {
            ids += lookUp(recipient: number).filter { resting[$0] != nil }
        }
        return ids.sorted()
    }

    func forgetNumber(of delivery: LiveDelivery) {
        let number = delivery.job.recipient.number
        guard let place = byNumber.index(forKey: number) else { return }
        byNumber.values[place].removeAll { $0 == delivery.id }
        if byNumber.values[place].isEmpty { byNumber.remove(at: place) }
    }
}

/// A place in the row of idle deliveries; it counts while the delivery has the ticket.
struct IdleEntry {
    var delivery: RecordID
    var ticket: UInt64
}

extension LiveDelivery {
    /// Nothing but its timer or something from outside changes it, and a restart changes nothing about it.
    var isIdle: Bool {
        guard state.armed != nil, !isHeld, laneTicket == 0, state.callsUsed == 0, job.envelope.dedupeKey == nil,
            job.lineage == nil, state.reply == nil, !hasIntent
        else { return false }
        guard state.phase == .active else { return state.phase == .scheduled || state.phase == .review }
        guard state.current < state.steps.count else { return false }
        // A step that waits for its confirmation asks again after a restart.
        return state.steps[state.current].status == .submitted
            && state.steps[state.current].clock?.kind != .confirm
    }

    // By indices: a closure would be given a copy of each attempt.
    private var hasIntent: Bool {
        for index in state.attempts.indices where state.attempts[index].status == .intent { return true }
        return false
    }
}
