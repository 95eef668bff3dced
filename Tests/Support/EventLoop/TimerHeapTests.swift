import Testing

@testable import EventLoop

@Suite("timer heap")
struct TimerHeapTests {
    private func timer(_ deadline: UInt64) -> EventLoopTimer {
        EventLoopTimer(deadline: deadline, work: {}, forget: { _ in })
    }

    @Test("any mix of insertions and removals leaves in the order of deadlines")
    func randomOrder() {
        var random = SplitMix(seed: 7)
        for _ in 0..<200 {
            var heap = TimerHeap()
            let timers = (0..<60).map { _ in timer(random.next() % 50) }
            timers.forEach { heap.insert($0) }
            let removed = timers.enumerated().filter { _ in random.next() % 3 == 0 }.map(\.element)
            removed.forEach { heap.remove($0) }
            removed.forEach { heap.remove($0) }
            var expected = timers.filter { kept in !removed.contains { $0 === kept } }.map(\.deadline)
            expected.sort()
            var seen: [UInt64] = []
            while let next = heap.popDue(.max) { seen.append(next.deadline) }
            #expect(seen == expected)
        }
    }

    @Test("only what is due leaves; equal deadlines leave in the order they came")
    func dueOnly() {
        var heap = TimerHeap()
        let first = timer(5)
        let second = timer(5)
        let late = timer(6)
        [late, first, second].forEach { heap.insert($0) }
        #expect(heap.nextDeadline == 5)
        #expect(heap.popDue(4) == nil)
        #expect(heap.popDue(5) === first)
        #expect(heap.popDue(5) === second)
        #expect(heap.popDue(5) == nil)
        #expect(heap.count == 1)
    }
}

/// A small seeded generator (SplitMix64), so that a failing case can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
