/// Open deliveries that came from others.
struct Relatives {
    private var rounds: [RecordID: [RecordID]] = [:]
    private var delegated: [RecordID: [RecordID]] = [:]

    /// Nothing came of anything.
    var isEmpty: Bool { rounds.isEmpty && delegated.isEmpty }

    /// Open rounds and follow-ups of a root, in order.
    func rounds(of root: RecordID) -> [RecordID] { rounds[root] ?? [] }

    /// Open deliveries that carry out a step of a delivery, in order.
    func delegates(of parent: RecordID) -> [RecordID] { delegated[parent] ?? [] }

    /// Whatever came of a delivery and is open.
    func derived(from id: RecordID) -> [RecordID] { rounds(of: id) + delegates(of: id) }

    mutating func join(_ delivery: LiveDelivery) {
        guard let lineage = delivery.job.lineage else { return }
        if lineage.root != delivery.id { rounds[lineage.root, default: []].append(delivery.id) }
        if let parent = lineage.parent { delegated[parent, default: []].append(delivery.id) }
    }

    mutating func leave(_ delivery: LiveDelivery) {
        guard let lineage = delivery.job.lineage else { return }
        Self.remove(delivery.id, of: lineage.root, from: &rounds)
        if let parent = lineage.parent { Self.remove(delivery.id, of: parent, from: &delegated) }
    }

    private static func remove(_ id: RecordID, of key: RecordID, from lists: inout [RecordID: [RecordID]]) {
        lists[key]?.removeAll { $0 == id }
        if lists[key]?.isEmpty == true { lists[key] = nil }
    }
}
