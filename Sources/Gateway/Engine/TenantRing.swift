/// Entries of several tenants, one of each in turn.
struct TenantRing<Element> {
    /// By tenant.
    private var queues: [Queue<Element>] = []
    /// Those who have entries and may go as far as is known, in the order of their turns.
    private var turns = Queue<Int>()
    /// Those who have entries and might not go, in the order in which that was found.
    private(set) var aside: [Int] = []
    /// Somebody has a turn after nobody had.
    private var isNews = false

    /// Nobody has a turn.
    var isEmpty: Bool { turns.isEmpty }

    mutating func append(_ element: Element, tenant: Int) {
        while queues.count <= tenant { queues.append(Queue()) }
        // One who was set aside has entries and stays there.
        if queues[tenant].isEmpty { giveTurn(to: tenant) }
        queues[tenant].append(element)
    }

    private mutating func giveTurn(to tenant: Int) {
        if turns.isEmpty { isNews = true }
        turns.append(tenant)
    }

    /// Whether somebody has a turn after nobody had; once.
    mutating func takeNews() -> Bool {
        defer { isNews = false }
        return isNews
    }

    /// The next entry that still counts; those before it that do not are dropped. Tenants who may not go are set aside.
    mutating func popFirst(of mayGo: (_ tenant: Int) -> Bool, where counts: (Element) -> Bool) -> Element? {
        while let tenant = turns.first {
            guard mayGo(tenant) else {
                setFirstAside()
                continue
            }
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

    /// Until the one whose turn it is may go.
    mutating func setAside(unless mayGo: (_ tenant: Int) -> Bool) {
        while let tenant = turns.first, !mayGo(tenant) { setFirstAside() }
    }

    private mutating func setFirstAside() { if let tenant = turns.popFirst() { aside.append(tenant) } }

    /// Those who may go again are last in turn.
    mutating func takeBack(if mayGo: (_ tenant: Int) -> Bool) {
        var rest: [Int] = []
        for tenant in aside { if mayGo(tenant) { giveTurn(to: tenant) } else { rest.append(tenant) } }
        aside = rest
    }
}
