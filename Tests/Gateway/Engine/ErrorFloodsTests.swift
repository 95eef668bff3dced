import Testing

@testable import Gateway

@Suite("floods of errors")
struct ErrorFloodsTests {
    private func id(_ raw: Int64) throws -> RecordID { try #require(RecordID(rawValue: raw)) }

    private func context(_ delivery: Int64?, code: Int = 0) throws -> ErrorContext {
        var context = ErrorContext()
        context.delivery = try delivery.map(id)
        context.providerCode = code
        return context
    }

    private let hour = Timestamp(milliseconds: 7 * 3_600_000)

    @Test("ten deliveries have a row of their own for an error in an hour, again and again; the others do not")
    func ten() throws {
        var floods = ErrorFloods()
        for round in 0..<2 {
            for raw in 1...20 {
                let isFlood = floods.isFlood(.providerAuth, try context(Int64(raw)), at: hour + .seconds(round))
                #expect(isFlood == (raw > ErrorFloods.separate), "\(raw)")
            }
        }
        let others = [
            floods.isFlood(.providerAuth, try context(20, code: 1), at: hour),
            floods.isFlood(.providerContent, try context(20), at: hour),
            floods.isFlood(.providerAuth, try context(20), at: hour + .seconds(3_600)),
        ]
        #expect(others == [false, false, false])
    }

    @Test("what is about no delivery has no row of its own")
    func nobody() throws {
        var floods = ErrorFloods()
        let isFlood = floods.isFlood(.circuitOpened, try context(nil), at: hour)
        #expect(isFlood)
    }

    @Test("so many different errors of an hour are told apart that memory has a bound")
    func bounded() throws {
        var floods = ErrorFloods()
        var separate = 0
        for code in 0..<3_000 where !floods.isFlood(.providerUnknown, try context(1, code: code), at: hour) {
            separate += 1
        }
        #expect(separate == 2_000)
        let isFlood = floods.isFlood(.providerUnknown, try context(2, code: 0), at: hour)
        #expect(!isFlood)
    }

    @Test("equal occurrences are counted as one, and there are not more than can be told apart")
    func occurrences() {
        var list: [ErrorOccurrence] = []
        for code in 0..<100 {
            var context = ErrorContext()
            context.providerCode = code
            for _ in 0..<3 { list.note(ErrorOccurrence(.webhookMalformed, context, count: 2)) }
        }
        #expect(list.count == [ErrorOccurrence].mostKinds)
        #expect(list.allSatisfy { $0.count == 6 })
    }
}
