/// A binary min-heap of timers by deadline; equal deadlines leave in the order they came. Removal from the middle is
/// O(log n), so cancelled request deadlines do not pile up.
struct TimerHeap {
    private struct Entry {
        let timer: EventLoopTimer
        let order: UInt64

        func isBefore(_ other: Entry) -> Bool {
            timer.deadline != other.timer.deadline ? timer.deadline < other.timer.deadline : order < other.order
        }
    }

    private var entries: [Entry] = []
    private var nextOrder: UInt64 = 0

    /// The number of timers held.
    var count: Int { entries.count }

    /// The earliest deadline in nanoseconds of the monotonic clock.
    var nextDeadline: UInt64? { entries.first?.timer.deadline }

    /// Adds a timer.
    mutating func insert(_ timer: EventLoopTimer) {
        entries.append(Entry(timer: timer, order: nextOrder))
        nextOrder &+= 1
        timer.heapIndex = entries.count - 1
        moveUp(entries.count - 1)
    }

    /// Removes a timer; does nothing when it is not held.
    mutating func remove(_ timer: EventLoopTimer) {
        let index = timer.heapIndex
        guard entries.indices.contains(index), entries[index].timer === timer else { return }
        let last = entries.count - 1
        exchange(index, last)
        entries.removeLast()
        timer.heapIndex = -1
        if index < last {
            moveUp(index)
            moveDown(index)
        }
    }

    /// Removes and returns the earliest timer when its deadline is not after `now`.
    mutating func popDue(_ now: UInt64) -> EventLoopTimer? {
        guard let first = entries.first, first.timer.deadline <= now else { return nil }
        remove(first.timer)
        return first.timer
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        guard left != right else { return }
        entries.swapAt(left, right)
        entries[left].timer.heapIndex = left
        entries[right].timer.heapIndex = right
    }

    private mutating func moveUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries[index].isBefore(entries[parent]) else { return }
            exchange(index, parent)
            index = parent
        }
    }

    private mutating func moveDown(_ start: Int) {
        var index = start
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2] where child < entries.count {
                if entries[child].isBefore(entries[smallest]) { smallest = child }
            }
            guard smallest != index else { return }
            exchange(index, smallest)
            index = smallest
        }
    }
}
