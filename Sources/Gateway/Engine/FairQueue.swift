/// The order in which the entries of a lane go: critical ones before all others; below them priorities by weight; inside
/// of a priority tenants in turn; and what a tenant has there by arrival. Constant time for each entry.
///
/// Weights are kept by stride scheduling (Waldspurger and Weihl, MIT/LCS/TM-528, 1995): the priority whose pass is least
/// is next, and moves on by its stride. One that was empty starts where the others are, so that it saves nothing up.
struct FairQueue<Element> {
    /// By `Priority.rank`: sixteen high ones go for four normal ones and one low one. Critical ones have none.
    private static var strides: [UInt64] { [16, 4, 1] }

    private var rings: [TenantRing<Element>] = Array(repeating: TenantRing(), count: Priority.allCases.count)
    private var passes: [UInt64] = Array(repeating: 0, count: Self.strides.count)
    /// The pass of the priority that was last served.
    private var passed: UInt64 = 0

    var isEmpty: Bool { rings.allSatisfy(\.isEmpty) }

    /// - Parameter tenant: a number of `TenantNumbers`.
    mutating func append(_ element: Element, _ priority: Priority, tenant: Int) {
        let rank = priority.rank
        if rings[rank].isEmpty, rank < passes.count { passes[rank] = max(passes[rank], passed) }
        rings[rank].append(element, tenant: tenant)
    }

    /// The next entry that still counts; those before it that do not are dropped, and are nobody's turn.
    mutating func popFirst(where counts: (Element) -> Bool) -> Element? {
        if let critical = rings[Priority.critical.rank].popFirst(where: counts) { return critical }
        while let rank = nextRank() {
            guard let element = rings[rank].popFirst(where: counts) else { continue }
            passed = passes[rank]
            passes[rank] += Self.strides[rank]
            return element
        }
        return nil
    }

    /// Of equal ones the more urgent.
    private func nextRank() -> Int? {
        var next: Int?
        for rank in passes.indices.reversed() where !rings[rank].isEmpty {
            if let best = next, passes[best] <= passes[rank] { continue }
            next = rank
        }
        return next
    }
}

/// Entries of several tenants, one of each in turn.
struct TenantRing<Element> {
    /// By tenant.
    private var queues: [Queue<Element>] = []
    /// Those who have entries, in the order of their turns.
    private var turns = Queue<Int>()

    var isEmpty: Bool { turns.isEmpty }

    mutating func append(_ element: Element, tenant: Int) {
        while queues.count <= tenant { queues.append(Queue()) }
        if queues[tenant].isEmpty { turns.append(tenant) }
        queues[tenant].append(element)
    }

    /// The next entry that still counts; those before it that do not are dropped.
    mutating func popFirst(where counts: (Element) -> Bool) -> Element? {
        while let tenant = turns.first {
            while let element = queues[tenant].popFirst() {
                guard counts(element) else { continue }
                endTurn(of: tenant)
                return element
            }
            _ = turns.popFirst()
        }
        return nil
    }

    /// A tenant who is alone stays where it is.
    private mutating func endTurn(of tenant: Int) {
        if queues[tenant].isEmpty {
            _ = turns.popFirst()
        } else if turns.count > 1 {
            _ = turns.popFirst()
            turns.append(tenant)
        }
    }
}
