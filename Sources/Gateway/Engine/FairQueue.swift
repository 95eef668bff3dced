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

    /// Nothing waits for its turn; what was set aside does not count.
    func isEmpty(criticalOnly: Bool = false) -> Bool {
        criticalOnly ? rings[Priority.critical.rank].isEmpty : rings.allSatisfy { $0.isEmpty }
    }

    /// - Parameter tenant: a number of `Tenants`.
    mutating func append(_ element: Element, _ priority: Priority, tenant: Int) {
        rings[priority.rank].append(element, tenant: tenant)
        catchUp(priority.rank)
    }

    /// The next entry that still counts; those before it that do not are dropped, and are nobody's turn. Tenants who may
    /// not go are set aside until they are taken back.
    mutating func popFirst(
        criticalOnly: Bool = false, of mayGo: (_ tenant: Int) -> Bool = { _ in true }, where counts: (Element) -> Bool
    ) -> Element? {
        if let critical = rings[Priority.critical.rank].popFirst(of: mayGo, where: counts) { return critical }
        guard !criticalOnly else { return nil }
        while let rank = nextRank() {
            guard let element = rings[rank].popFirst(of: mayGo, where: counts) else { continue }
            passed = passes[rank]
            passes[rank] += Self.strides[rank]
            return element
        }
        return nil
    }

    /// Sets those aside who would be next and may not go: then what is left may.
    mutating func setAside(unless mayGo: (_ tenant: Int) -> Bool) {
        for rank in rings.indices { rings[rank].setAside(unless: mayGo) }
    }

    /// Gives those who may go again their turns.
    mutating func takeBack(if mayGo: (_ tenant: Int) -> Bool) {
        for rank in rings.indices where !rings[rank].aside.isEmpty {
            rings[rank].takeBack(if: mayGo)
            catchUp(rank)
        }
    }

    /// Who was set aside; may name somebody more than once.
    var aside: [Int] { rings.flatMap(\.aside) }
    var hasAside: Bool { rings.contains { !$0.aside.isEmpty } }

    /// A priority in which nobody could go starts where the others are.
    private mutating func catchUp(_ rank: Int) {
        if rank < passes.count, rings[rank].takeNews() { passes[rank] = max(passes[rank], passed) }
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
