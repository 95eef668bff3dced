import Testing

@testable import Gateway

@Suite("receipts that are learned")
struct LearnedReceiptTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    /// A text a minute, of which so many percent are reported on at once.
    private func figures(_ percent: Int, texts: Int, after known: ReceiptFigures = ReceiptFigures()) -> ReceiptFigures {
        var figures = known
        for number in 0..<texts {
            let now = Self.start + .seconds(Double(60 * number))
            _ = figures.addSent(at: now)
            if number * 37 % 100 < percent { _ = figures.addReport(at: now) }
        }
        return figures
    }

    @Test("Wilson's bounds are those of the literature")
    func bounds() {
        // 37 of 100 at z = 2.576.
        #expect(abs(ReceiptFigures.bound(37, of: 100, upper: true) - 0.4988) < 0.001)
        #expect(abs(ReceiptFigures.bound(37, of: 100, upper: false) - 0.2573) < 0.001)
        #expect(abs(ReceiptFigures.bound(0, of: 100, upper: true) - 0.0622) < 0.001)
        #expect(ReceiptFigures.bound(0, of: 0, upper: true) <= 1)
        // Reports of texts that are not counted yet.
        #expect(ReceiptFigures.bound(5, of: 3, upper: true) <= 1)
    }

    @Test("receipts that come are reliable, those that hardly ever come are none, and others weak")
    func verdicts() {
        #expect(figures(95, texts: 300).quality == .reliable)
        #expect(figures(55, texts: 300).quality == .reliable)
        #expect(figures(25, texts: 300).quality == .weak)
        #expect(figures(0, texts: 300).quality == .absent)
    }

    @Test("nothing follows from fewer than a hundred texts, nor from those of the last ten minutes")
    func enough() {
        #expect(figures(0, texts: 100 + 9).quality == .reliable)
        #expect(figures(0, texts: 100 + 10).quality == .absent)
        var rush = ReceiptFigures()
        for _ in 0..<5_000 { _ = rush.addSent(at: Self.start) }
        #expect(rush.quality == .reliable)
    }

    @Test("a rush whose reports come later than its texts is no proof of anything")
    func rush() {
        var figures = figures(90, texts: 500)
        let now = Self.start + .seconds(60 * 500)
        for _ in 0..<2_000 { _ = figures.addSent(at: now) }
        for _ in 0..<1_800 { _ = figures.addReport(at: now + .seconds(120)) }
        _ = figures.addSent(at: now + .seconds(1_200))
        #expect(figures.quality == .reliable)
    }

    @Test("they are trusted again when most come, with what is young counted against them")
    func back() {
        let doubtful = figures(0, texts: 300)
        #expect(figures(55, texts: 2_000, after: doubtful).quality == .weak)
        #expect(figures(95, texts: 2_000, after: doubtful).quality == .reliable)
        var early = doubtful
        for _ in 0..<200 { _ = early.addReport(at: Self.start) }
        #expect(early.quality == .weak)
    }

    @Test("between weak and reliable nothing changes: figures in the middle do not swing")
    func hysteresis() {
        var figures = figures(25, texts: 300)
        var changes = 0
        for number in 0..<20_000 {
            let now = Self.start + .seconds(Double(60 * (300 + number)))
            if figures.addSent(at: now) { changes += 1 }
            if number * 37 % 100 < 55, figures.addReport(at: now) { changes += 1 }
        }
        #expect(changes == 0)
        #expect(figures.quality == .weak)
        #expect(figures.sent <= ReceiptFigures.memory)
    }

    @Test("what a circuit found is forgotten: texts of the last minutes say nothing of receipts")
    func circuits() {
        var figures = figures(95, texts: 300)
        for _ in 0..<1_000 { _ = figures.addSent(at: Self.start + .seconds(60 * 300)) }
        figures.forgetYoung()
        _ = figures.addSent(at: Self.start + .seconds(60 * 400))
        #expect(figures.quality == .reliable)
    }

    // MARK: what is written

    private let us = LearnedReceipts.Key(channel: "sms", country: "US")
    private let de = LearnedReceipts.Key(channel: "sms", country: "DE")

    @Test("figures are written once a minute, those that changed and in order; a failed commit writes them again")
    func saving() {
        var learned = LearnedReceipts()
        #expect(learned.save(at: Self.start).isEmpty)
        _ = learned.take([.init(key: us, isReport: false), .init(key: de, isReport: false)], at: Self.start)
        #expect(learned.save(at: Self.start).map(\.country) == ["DE", "US"])
        _ = learned.take([.init(key: us, isReport: true)], at: Self.start + .seconds(1))
        #expect(learned.save(at: Self.start + .seconds(59)).isEmpty)
        let written = [ReceiptRecord(channel: "sms", country: "US", sent: 1, reported: 1, quality: .reliable)]
        #expect(learned.save(at: Self.start + .seconds(60)) == written)
        learned.restore()
        #expect(learned.save(at: Self.start + .seconds(61)) == written)
        #expect(learned.records.map(\.country) == ["DE", "US"])
    }

    @Test("a start goes on with what is written, and a change of quality is written at once")
    func restart() {
        let rows = [ReceiptRecord(channel: "sms", country: "US", sent: 400, reported: 2, quality: .absent)]
        var learned = LearnedReceipts(rows)
        #expect(learned.doubtful == [us: .absent])
        #expect(learned.records == rows)
        let reports = Array(repeating: LearnedReceipts.Sample(key: us, isReport: true), count: 350)
        #expect(learned.take(reports, at: Self.start) == [us])
        #expect(learned.doubtful.isEmpty)
        #expect(learned.save(at: Self.start).map(\.quality) == [.reliable])
    }
}
