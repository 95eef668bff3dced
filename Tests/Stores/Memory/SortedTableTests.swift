import Testing

@testable import MemoryStore

@Suite("tables in memory")
struct SortedTableTests {
    @Test("random changes leave what a plain dictionary holds, in order", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func model(_ seed: UInt64) {
        var random = Xorshift(seed)
        var table = SortedTable<Int, Int>()
        var model: [Int: Int] = [:]
        for step in 0..<2_000 {
            let key = Int.random(in: 0..<200, using: &random)
            let value: Int? = Int.random(in: 0..<4, using: &random) == 0 ? nil : step
            table[key] = value
            model[key] = value
            guard step % 17 == 0 else { continue }
            let sorted = model.sorted { $0.key < $1.key }
            #expect(table.all() == sorted.map(\.value))
            #expect(table.lastKey() == sorted.last?.key)
            #expect(table.rows(after: key, limit: 5) == sorted.filter { $0.key > key }.prefix(5).map(\.value))
            #expect(
                table.rows(before: key, limit: 5) == sorted.filter { $0.key < key }.suffix(5).reversed().map(\.value))
        }
        #expect(table.count == model.count)
    }
}

/// A small generator whose numbers depend on its seed alone.
struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
