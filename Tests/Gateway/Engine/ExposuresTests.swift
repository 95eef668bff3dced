import Testing

@testable import Gateway

@Suite("how often a number was reached")
struct ExposuresTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)
    private static let number = "+41791112233"

    private func exposures(texts: Int = 3) -> Exposures {
        var exposures = Exposures()
        exposures.limits.texts = Allowance(count: texts, window: .seconds(3_600))
        exposures.limits.calls = Allowance(count: 1, window: .seconds(86_400))
        return exposures
    }

    /// One for each second.
    private static func attempt(_ second: Int64 = 0) -> AttemptReference {
        var ids = RecordIDGenerator()
        return AttemptReference(delivery: ids.next(at: at(second)), attempt: 0)
    }

    private static func at(_ seconds: Int64) -> Timestamp { start + .seconds(seconds) }

    @Test("without a limit nothing is counted or kept")
    func unlimited() {
        var exposures = Exposures()
        #expect(exposures.add(Self.number, .text, Self.attempt(), at: Self.start) == nil)
        #expect(!exposures.isFull(Self.number, .text, at: Self.start))
        exposures.limits.texts = Allowance(count: 1, window: .seconds(3_600))
        #expect(!exposures.isFull(Self.number, .text, at: Self.start))
        #expect(exposures.add(Self.number, .call, Self.attempt(), at: Self.start) == nil)
    }

    @Test("so many in any hour, each number and calls for themselves")
    func window() {
        var exposures = exposures()
        for second in [0, 100, 200] as [Int64] {
            #expect(!exposures.isFull(Self.number, .text, at: Self.at(second)))
            _ = exposures.add(Self.number, .text, Self.attempt(second), at: Self.at(second))
        }
        #expect(exposures.isFull(Self.number, .text, at: Self.at(3_599)))
        #expect(!exposures.isFull(Self.number, .text, at: Self.at(3_600)))
        #expect(!exposures.isFull(Self.number, .call, at: Self.at(200)))
        #expect(!exposures.isFull("+41791112234", .text, at: Self.at(200)))
        _ = exposures.add(Self.number, .text, Self.attempt(3_600), at: Self.at(3_600))
        #expect(exposures.isFull(Self.number, .text, at: Self.at(3_699)))
        #expect(!exposures.isFull(Self.number, .text, at: Self.at(3_700)))
    }

    @Test("a number keeps no more places than its limit, also when more went out")
    func places() {
        var exposures = exposures()
        var scopes: Set<String> = []
        for second in 0..<20 as Range<Int64> {
            guard let mark = exposures.add(Self.number, .text, Self.attempt(second), at: Self.at(second)) else {
                continue
            }
            #expect(mark.until == Self.at(second + 3_600))
            scopes.insert(mark.scope)
        }
        #expect(scopes == ["texts:0", "texts:1", "texts:2"])
        // What counts are the last three.
        #expect(exposures.isFull(Self.number, .text, at: Self.at(3_616)))
        #expect(!exposures.isFull(Self.number, .text, at: Self.at(3_617)))
    }

    @Test("what was refused gives its place back, once")
    func removed() {
        var exposures = exposures(texts: 1)
        let refused = Self.attempt()
        let kept = exposures.add(Self.number, .text, refused, at: Self.start)
        let removal = exposures.remove(Self.number, refused, at: Self.at(5))
        #expect(removal?.scope == kept?.scope)
        #expect(removal?.until == removal?.at)
        #expect(!exposures.isFull(Self.number, .text, at: Self.at(5)))
        #expect(exposures.remove(Self.number, refused, at: Self.at(6)) == nil)
    }

    @Test("a turn whose commit fails has reached nobody")
    func rolledBack() {
        var exposures = exposures(texts: 2)
        let first = Self.attempt()
        _ = exposures.add(Self.number, .text, first, at: Self.start)
        exposures.begin()
        _ = exposures.add(Self.number, .text, Self.attempt(1), at: Self.at(1))
        _ = exposures.remove(Self.number, first, at: Self.at(1))
        _ = exposures.add(Self.number, .text, Self.attempt(2), at: Self.at(1))
        #expect(exposures.isFull(Self.number, .text, at: Self.at(2)))
        exposures.rollBack()
        #expect(!exposures.isFull(Self.number, .text, at: Self.at(2)))
        #expect(exposures.remove(Self.number, first, at: Self.at(2)) != nil)
        exposures.rollBack()
        _ = exposures.add(Self.number, .text, Self.attempt(3), at: Self.at(3))
        #expect(exposures.isFull(Self.number, .text, at: Self.at(4)))
    }

    @Test("what the store kept counts again, and what it cannot mean does not")
    func learned() {
        var written = exposures(texts: 2)
        var read = exposures(texts: 2)
        for second in [0, 10] as [Int64] {
            if let mark = written.add(Self.number, .text, Self.attempt(second), at: Self.at(second)) {
                read.learn(mark)
            }
        }
        #expect(read.isFull(Self.number, .text, at: Self.at(20)))
        #expect(!read.isFull(Self.number, .text, at: Self.at(3_600)))
        #expect(!read.isFull(Self.number, .call, at: Self.at(20)))
        for scope in ["", "texts", "texts:", "texts:x", "letters:1", "texts:1:2"] {
            read.learn(AddressMark(number: "b", kind: .exposed, scope: scope, at: Self.start, until: nil))
        }
        read.limits.texts?.count = 1
        #expect(!read.isFull("b", .text, at: Self.at(20)))
    }
}
