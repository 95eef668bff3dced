import Gateway
import Testing

@Suite("identifiers")
struct RecordIDGeneratorTests {
    private let noon = Timestamp(milliseconds: 1_795_435_200_000)

    /// The next identifiers of a generator at times.
    private func next(_ generator: inout RecordIDGenerator, _ times: [Timestamp]) -> [RecordID] {
        times.map { generator.next(at: $0) }
    }

    @Test("rise, also when the clock stands still or goes back, and for more than fit into a millisecond")
    func rise() {
        var generator = RecordIDGenerator()
        let back = noon + .seconds(-3_600)
        let times = Array(repeating: noon, count: 5_000) + Array(repeating: back, count: 5_000) + [noon + .seconds(60)]
        let ids = next(&generator, times)
        #expect(ids == Array(Set(ids)).sorted())
    }

    @Test("after a start none is repeated, wherever in its millisecond the highest one stands and the clock is")
    func afterStart() {
        for count in [1, 2, 3, 4_095, 4_096, 4_097] {
            var before = RecordIDGenerator()
            let ids = next(&before, Array(repeating: noon, count: count))
            for shift in [-3_600, 0] {
                var after = RecordIDGenerator(after: ids.last)
                let further = next(&after, Array(repeating: noon + .seconds(Int64(shift)), count: 5_000))
                #expect(further.allSatisfy { id in ids.last.map { $0 < id } ?? false })
                #expect(further == Array(Set(further)).sorted())
            }
        }
    }

    @Test("a digit is one of the alphabet, in either case, and nothing else")
    func digits() {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        for byte in UInt8.min...UInt8.max {
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            let expected = alphabet.firstIndex(of: lower).map { Int64(32 + $0) }
            #expect(RecordID(digits: Array("00000000000".utf8) + [0x31, byte])?.rawValue == expected)
        }
    }

    @Test("the engine and the API never make the same one, though both start behind the same")
    func sources() {
        var highest: RecordID?
        for _ in 0..<3 {
            var requests = RecordIDGenerator(after: highest)
            var engine = RecordIDGenerator(after: highest, for: .engine)
            let times = Array(repeating: noon, count: 3_000)
            let ids = (next(&requests, times), next(&engine, times))
            #expect(Set(ids.0).isDisjoint(with: ids.1))
            highest = (ids.0 + ids.1).max()
        }
    }
}
