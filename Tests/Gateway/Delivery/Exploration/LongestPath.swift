/// Steps through explored worlds with the time that each takes, and the longest way through them.
struct LongestPath {
    private var from: [Int32] = []
    private var to: [Int32] = []
    /// Milliseconds.
    private var spans: [Int32] = []

    /// - Parameter span: milliseconds; `nil` for a step that no bound speaks of.
    mutating func add(from: Int, to: Int, _ span: Int64?) {
        guard let span, from != to || span != 0 else { return }
        self.from.append(Int32(from))
        self.to.append(Int32(to))
        spans.append(Int32(span))
    }

    /// The way through the worlds that takes the most milliseconds; `nil` when one goes round in a circle.
    func longest(of count: Int) -> (span: Int64, way: [Int])? {
        let (starts, order) = edgesByOrigin(count)
        var waiting = [Int32](repeating: 0, count: count)
        for target in to { waiting[Int(target)] += 1 }
        var spent = [Int64](repeating: 0, count: count)
        var before = [Int32](repeating: -1, count: count)
        var ready = (0..<count).filter { waiting[$0] == 0 }
        var done = 0
        while let node = ready.popLast() {
            done += 1
            for edge in order[starts[node]..<starts[node + 1]] {
                let target = Int(to[edge])
                if before[target] < 0 || spent[target] < spent[node] + Int64(spans[edge]) {
                    spent[target] = spent[node] + Int64(spans[edge])
                    before[target] = Int32(node)
                }
                waiting[target] -= 1
                if waiting[target] == 0 { ready.append(target) }
            }
        }
        guard done == count, let most = spent.indices.max(by: { spent[$0] < spent[$1] }) else { return nil }
        var way = [most]
        while let last = way.last, before[last] >= 0 { way.append(Int(before[last])) }
        return (spent[most], way.reversed())
    }

    private func edgesByOrigin(_ count: Int) -> (starts: [Int], order: [Int]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for origin in from { starts[Int(origin) + 1] += 1 }
        for node in 0..<count { starts[node + 1] += starts[node] }
        var next = starts
        var order = [Int](repeating: 0, count: from.count)
        for edge in from.indices {
            order[next[Int(from[edge])]] = edge
            next[Int(from[edge])] += 1
        }
        return (starts, order)
    }
}
