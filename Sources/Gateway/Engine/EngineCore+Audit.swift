// The auditor: whatever is open has something that will wake it (I5).

extension EngineCore {
    /// How many deliveries one look takes: all that wait stand still meanwhile.
    public static let auditLimit = 20_000

    /// The next part of a round over all that is open: finds the violations in it, and notes since when each is one.
    ///
    /// Takes a time that grows with what is open, but most of it, and all that is slow, with the part alone.
    /// - Parameter limit: about how many deliveries a part has; it holds from the next round on.
    /// - Returns: the part's violations in order, and how many parts the round has.
    public func auditNext(limit: Int = EngineCore.auditLimit) -> (violations: [RecordID], parts: Int) {
        let part = auditPart.next ?? AuditPart(of: 1 + (live.count + resting.count) / max(1, limit))
        auditPart = part
        return (audit(part), part.count)
    }

    /// Finds the violations in all that is open at once.
    public func audit() -> [RecordID] { audit(AuditPart(of: 1)) }

    /// Every active delivery has a timer in the heap, a place in a lane, an in-flight intent or a hold; the others are
    /// violations.
    private func audit(_ part: AuditPart) -> [RecordID] {
        let timers = timers(part)
        let sending = withRequest()
        var violations = resting.keys.filter { part.contains($0) && !timers.contains($0) }
        for (id, delivery) in live where part.contains(id) {
            if !timers.contains(id) || !isSound(delivery, isSending: sending.contains(id)) { violations.append(id) }
        }
        violations.sort()
        var since = violatingSince.filter { !part.contains($0.key) }
        for id in violations { since[id] = violatingSince[id] ?? now }
        violatingSince = since
        count {
            $0.auditViolations = since.count
            $0.oldestViolation = since.values.min()
        }
        return violations
    }

    /// Deliveries whose armed timer is in the heap, or due and waiting for its question.
    private func timers(_ part: AuditPart) -> SortedIDs {
        var found: [RecordID] = []
        for entry in heap.entries where part.contains(entry.delivery) && isArmed(entry) {
            found.append(entry.delivery)
        }
        for entry in waitingTimers.elements where part.contains(entry.delivery) && isArmed(entry) {
            found.append(entry.delivery)
        }
        found.sort()
        return SortedIDs(found)
    }

    /// Deliveries whose request to a provider is under way.
    private func withRequest() -> Set<RecordID> {
        var found = Set<RecordID>(minimumCapacity: exchanges.count)
        for exchange in exchanges.values {
            guard case .create = exchange.purpose else { continue }
            found.insert(exchange.delivery)
            guard exchange.kind == .voice else { continue }
            let call = AttemptReference(delivery: exchange.delivery, attempt: exchange.attempt)
            found.formUnion(sharers(of: call).map(\.delivery))
        }
        return found
    }

    private func isSound(_ delivery: LiveDelivery, isSending: Bool) -> Bool {
        guard delivery.state.armed != nil else { return false }
        guard delivery.state.phase == .active, delivery.state.current < delivery.state.steps.count else {
            return delivery.state.phase == .scheduled || delivery.state.phase == .review
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

/// One of the equal parts in which the auditor goes through all deliveries.
struct AuditPart {
    /// How many parts a round has, at least one.
    let count: Int
    private let index: Int

    /// The first part of a round.
    init(of count: Int) { self.init(index: 0, count: count) }

    private init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// What follows in the round; `nil` after its last part.
    var next: Self? { index + 1 < count ? Self(index: index + 1, count: count) : nil }

    /// Whether a delivery is in the part: each is in one.
    func contains(_ id: RecordID) -> Bool {
        // Mixed, because the low bits of most identifiers are equal.
        let mixed = UInt64(bitPattern: id.rawValue) &* 0x9E37_79B9_7F4A_7C15
        return Int(((mixed >> 32) &* UInt64(count)) >> 32) == index
    }
}

/// A set of ids in the memory of a list: there may be many.
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
