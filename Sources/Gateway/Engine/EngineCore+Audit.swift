// The auditor: whatever is open has something that will wake it (I5).

extension EngineCore {
    /// Every active delivery has a timer in the heap, a place in a lane, an in-flight intent or a hold; the others are
    /// violations. Notes since when each is one.
    ///
    /// Takes time in proportion to what is open: one pass over timers, exchanges and deliveries each.
    public func audit() -> [RecordID] {
        let timers = timers()
        let sending = withRequest()
        var violations = resting.keys.filter { !timers.contains($0) }
        for (id, delivery) in live where !timers.contains(id) || !isSound(delivery, isSending: sending.contains(id)) {
            violations.append(id)
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

    /// Deliveries whose armed timer is in the heap, or due and waiting for its question.
    private func timers() -> SortedIDs {
        var found = heap.entries.filter { isArmed($0) }.map(\.delivery)
        found += waitingTimers.elements.filter { isArmed($0) }.map(\.delivery)
        found.sort()
        return SortedIDs(found)
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
        case .delegated: return relatives.delegates(of: delivery.id).contains { live[$0] != nil }
        default: return false
        }
    }
}

/// A set of ids in the memory of a list: there may be millions.
private struct SortedIDs {
    private let ids: [RecordID]

    init(_ sorted: [RecordID]) { ids = sorted }

    func contains(_ id: RecordID) -> Bool {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id
    }
}
