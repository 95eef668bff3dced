/// A first-in first-out queue without copying.
struct Queue<Element> {
    private var entries: [Element] = []
    private var head = 0

    var elements: ArraySlice<Element> { entries[head...] }
    var isEmpty: Bool { head == entries.count }
    var count: Int { entries.count - head }
    var first: Element? { isEmpty ? nil : entries[head] }

    mutating func append(_ entry: Element) { entries.append(entry) }

    mutating func popFirst() -> Element? {
        guard head < entries.count else { return nil }
        defer {
            head += 1
            if head == entries.count {
                // The memory of a rush is given back.
                entries.removeAll(keepingCapacity: head <= 1_024)
                head = 0
            } else if head > 1_024, head * 2 > entries.count {
                entries.removeFirst(head)
                head = 0
            }
        }
        return entries[head]
    }

    mutating func removeAll(where isUnwanted: (Element) -> Bool) {
        entries.removeFirst(head)
        head = 0
        entries.removeAll(where: isUnwanted)
    }
}
