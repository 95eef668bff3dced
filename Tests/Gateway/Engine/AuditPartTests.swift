import Testing

@testable import Gateway

@Suite("parts of the auditor's round")
struct AuditPartTests {
    private func round(of count: Int) -> [AuditPart] {
        Array(sequence(first: AuditPart(of: count)) { $0.next })
    }

    @Test("each delivery is in one part, and the parts are about equal", arguments: [1, 2, 7, 51])
    func equal(count: Int) throws {
        let parts = round(of: count)
        #expect(parts.count == count)
        var sizes = [Int](repeating: 0, count: count)
        // One in a millisecond, as when little is going on, and many, as under load.
        for sequence in [1, 20] {
            for number in 0..<10_200 {
                let raw = Int64(1_000_000 + number / sequence) << 22 | Int64(number % sequence)
                let id = try #require(RecordID(rawValue: raw))
                let holders = parts.indices.filter { parts[$0].contains(id) }
                #expect(holders.count == 1)
                for holder in holders { sizes[holder] += 1 }
            }
        }
        let even = 20_400 / count
        for size in sizes { #expect((even * 3 / 4...even * 5 / 4).contains(size)) }
    }
}
