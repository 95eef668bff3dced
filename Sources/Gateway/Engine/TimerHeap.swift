/// The armed timers of all deliveries, earliest first; equal times go by delivery, so that order is reproducible.
///
/// Removal is by generation: an entry whose generation is not the delivery's is skipped when it comes up.
struct TimerHeap {
    struct Entry: Comparable {
        var due: Timestamp
        var delivery: RecordID
        var generation: UInt32
        var kind: ClockKind

        init(due: Timestamp, delivery: RecordID, generation: UInt32, kind: ClockKind = .wake) {
            self.due = due
            self.delivery = delivery
            self.generation = generation
            self.kind = kind
        }

        init(_ timer: ArmedTimer, of delivery: RecordID) {
            self.init(due: timer.due, delivery: delivery, generation: timer.generation, kind: timer.kind)
        }

        static func < (left: Self, right: Self) -> Bool {
            left.due != right.due ? left.due < right.due : left.delivery < right.delivery
        }
    }

    private(set) var entries: [Entry] = []

    var count: Int { entries.count }
    var first: Entry? { entries.first }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child] < entries[parent] else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Many at once, in a time that grows with the sum of both and no faster.
    mutating func insert(contentsOf more: [Entry]) {
        entries += more
        for parent in (0..<entries.count / 2).reversed() { sink(parent) }
    }

    mutating func removeFirst() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        if entries.isEmpty { return first }
        entries[0] = last
        sink(0)
        return first
    }

    /// Moves an entry down until none below it is earlier.
    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < entries.count && entries[child] < entries[least]
            {
                least = child
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
