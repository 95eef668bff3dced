// The auditor: whatever is open has something that will wake it (I5).

extension EngineCore {
    /// Every active delivery has a timer in the heap, a place in a lane, an in-flight intent or a hold; the others are
    /// violations. Notes since when each is one.
    ///
    /// Takes time in proportion to what is open: one pass over timers, exchanges and deliveries each.
    public func audit() -> [RecordID] {
        let woken = withTimer()
        let sending = withRequest()
        var violations: [RecordID] = []
        for (id, delivery) in live {
            if !woken.contains(id) || !isSound(delivery, isSending: sending.contains(id)) { violations.append(id) }
        }
        violations.sort()
        var since: [RecordID: Timestamp] = [:]
        for id in violations { since[id] = violatingSince[id] ?? now }
        violatingSince = since
        count {
            $0.auditViolations = violations.count
            $0.oldestViolation = since.values.min()
        }
        return violations
    }

    /// Deliveries whose armed timer is in the heap.
    private func withTimer() -> Set<RecordID> {
        var found = Set<RecordID>(minimumCapacity: live.count)
        for entry in heap.entries where live[entry.delivery]?.state.armed?.generation == entry.generation {
            found.insert(entry.delivery)
        }
        return found
    }

    /// Deliveries whose request to a provider is under way.
    private func withRequest() -> Set<RecordID> {
        var found = Set<RecordID>(minimumCapacity: exchanges.count)
        for exchange in exchanges.values {
            if case .create = exchange.purpose { found.insert(exchange.delivery) }
        }
        return found
    }

    private func isSound(_ delivery: LiveDelivery, isSending: Bool) -> Bool {
        guard delivery.state.armed != nil else { return false }
        guard delivery.state.phase == .active, delivery.state.current < delivery.state.steps.count else {
            return delivery.state.phase == .scheduled
        }
        switch delivery.state.steps[delivery.state.current].status {
        case .ready: return delivery.laneTicket != 0
        case .intent: return isSending
        case .held, .submitted, .ambiguous: return true
        default: return false
        }
    }
}
