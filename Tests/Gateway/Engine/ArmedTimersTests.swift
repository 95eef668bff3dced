import Crypto
import Testing

@testable import Gateway

@Suite("armed timers")
struct ArmedTimersTests {
    private func entries(_ count: Int, _ random: inout SeededRandom) throws -> [TimerHeap.Entry] {
        try (0..<count).map { _ in
            let id = try #require(RecordID(rawValue: Int64(random.next() % 1_000) + 1))
            return TimerHeap.Entry(
                due: Timestamp(milliseconds: Int64(random.next() % 50)), delivery: id, generation: 0)
        }
    }

    @Test("whether they came one by one or many at once, the earliest leaves first", arguments: 0..<200)
    func order(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var heap = TimerHeap()
        var waiting: [TimerHeap.Entry] = []
        for _ in 0..<6 {
            let more = try entries(Int(random.next() % 40), &random)
            waiting = (waiting + more).sorted()
            if random.next() % 2 == 0 { heap.insert(contentsOf: more) } else { more.forEach { heap.insert($0) } }
            for _ in 0..<random.next() % 30 {
                #expect(heap.removeFirst() == waiting.first)
                waiting = Array(waiting.dropFirst())
            }
        }
        #expect(heap.count == waiting.count)
        for entry in waiting { #expect(heap.removeFirst() == entry) }
        #expect(heap.removeFirst() == nil)
    }
}
