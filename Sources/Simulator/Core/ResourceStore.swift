/// Resources of one kind in the order in which they were made. The oldest are forgotten beyond a limit.
struct ResourceStore<Resource: AnyObject> {
    private var ring: Ring<Resource>
    private var bySID: [String: (number: Int, resource: Resource)] = [:]
    private var byTarget: [String: [Int]] = [:]
    private let key: (Resource) -> (sid: String, target: String)
    private let limit: Int

    /// Keeps at most `limit`; `key` tells a resource's identifier and its `To`.
    init(limit: Int, key: @escaping (Resource) -> (sid: String, target: String)) {
        ring = Ring(limit: limit)
        self.limit = max(1, limit)
        self.key = key
    }

    /// The number that the next resource gets.
    var nextNumber: Int { ring.end }
    /// How many there are.
    var count: Int { bySID.count }

    /// The resource with an identifier.
    subscript(sid: String) -> Resource? { bySID[sid]?.resource }

    /// Adds a resource.
    mutating func append(_ resource: Resource) {
        if ring.end - ring.start == limit, let oldest = ring[ring.start] { forget(oldest, ring.start) }
        let (sid, target) = key(resource)
        bySID[sid] = (ring.end, resource)
        byTarget[target, default: []].append(ring.end)
        compact(target)
        ring.append(resource)
    }

    /// Removes a resource.
    mutating func remove(_ sid: String) {
        guard let entry = bySID[sid] else { return }
        forget(entry.resource, entry.number)
    }

    private mutating func forget(_ resource: Resource, _ number: Int) {
        let (sid, target) = key(resource)
        bySID[sid] = nil
        if byTarget[target]?.last == number { byTarget[target]?.removeLast() }
        if byTarget[target]?.isEmpty == true { byTarget[target] = nil }
    }

    /// Drops numbers of forgotten resources once they are half of a long list, so that each costs little.
    private mutating func compact(_ target: String) {
        guard let numbers = byTarget[target], numbers.count > 64, numbers[numbers.count / 2] < ring.start else {
            return
        }
        byTarget[target]?.removeFirst(numbers.count / 2)
    }

    private func resource(_ number: Int) -> Resource? {
        guard let resource = ring[number], bySID[key(resource).sid] != nil else { return nil }
        return resource
    }

    /// The resources with numbers below a limit, youngest first, until `visit` answers false; only those with this `To`
    /// when one is given.
    func forEachYoungestFirst(target: String?, below: Int, _ visit: (Int, Resource) -> Bool) {
        if let target {
            for number in (byTarget[target] ?? []).reversed() where number < below {
                if let resource = resource(number), !visit(number, resource) { return }
            }
            return
        }
        var number = min(below, ring.end) - 1
        while number >= ring.start {
            if let resource = resource(number), !visit(number, resource) { return }
            number -= 1
        }
    }

    /// As above with numbers above a limit, oldest first.
    func forEachOldestFirst(target: String?, above: Int, _ visit: (Int, Resource) -> Bool) {
        if let target {
            for number in byTarget[target] ?? [] where number > above {
                if let resource = resource(number), !visit(number, resource) { return }
            }
            return
        }
        var number = max(above + 1, ring.start)
        while number < ring.end {
            if let resource = resource(number), !visit(number, resource) { return }
            number += 1
        }
    }
}
