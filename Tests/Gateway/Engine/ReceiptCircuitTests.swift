import Crypto
import Testing

@testable import Gateway

@Suite("circuits of texts that do not arrive")
struct ReceiptCircuitTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    /// Ten a minute for so long, of which so many percent arrive.
    private func share(_ percent: Int, minutes: Int) -> (ReceiptShare, Timestamp) {
        var share = ReceiptShare()
        var now = Self.start
        for number in 0..<minutes * 10 {
            share.add(isDelivered: number * 37 % 100 < percent, at: now)
            now = now + .seconds(6)
        }
        return (share, now)
    }

    @Test("falls at less than half of what is usual, with thirty texts in the window")
    func falls() {
        var (share, now) = share(100, minutes: 30)
        share.forgetRecent()
        for _ in 0..<15 { share.add(isDelivered: true, at: now) }
        for _ in 0..<15 { share.add(isDelivered: false, at: now) }
        #expect(!share.hasFallen())
        share.add(isDelivered: false, at: now)
        #expect(share.hasFallen())
        share.forgetRecent()
        for _ in 0..<29 { share.add(isDelivered: false, at: now) }
        #expect(!share.hasFallen())
        share.add(isDelivered: false, at: now)
        #expect(share.hasFallen())
    }

    @Test("does not fall before it is known what is usual, nor where usually few are reported")
    func unknown() {
        var (young, now) = share(100, minutes: 11)
        for _ in 0..<1_000 { young.add(isDelivered: false, at: now) }
        #expect(!young.hasFallen())
        var (weak, later) = share(55, minutes: 60)
        for _ in 0..<1_000 { weak.add(isDelivered: false, at: later) }
        #expect(!weak.hasFallen())
    }

    @Test("what is older than the window is forgotten there, and slowly becomes usual")
    func slides() {
        var (share, now) = share(100, minutes: 60)
        for _ in 0..<95 { share.add(isDelivered: false, at: now) }
        now = now + .seconds(60 * 11)
        for _ in 0..<40 { share.add(isDelivered: true, at: now) }
        #expect(!share.hasFallen())
        // A country whose texts are never reported any more is none whose receipts fell.
        for _ in 0..<3_000 {
            share.add(isDelivered: false, at: now)
            now = now + .seconds(6)
        }
        #expect(!share.hasFallen())
    }

    @Test("texts that arrive by chance at their usual rate never open a circuit", arguments: 1...20)
    func chance(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let usual = 65 + random.below(35)
        var share = ReceiptShare()
        var now = Self.start
        for _ in 0..<5_000 {
            share.add(isDelivered: random.below(100) < usual, at: now)
            #expect(!share.hasFallen())
            now = now + .milliseconds(Int64(random.below(20_000)))
        }
    }

    @Test("a clock that is set back or far ahead changes nothing but the window")
    func clocks() {
        var (share, now) = share(100, minutes: 30)
        share.add(isDelivered: true, at: now + .seconds(-7_200))
        share.add(isDelivered: true, at: now + .seconds(86_400 * 365))
        for _ in 0..<30 { share.add(isDelivered: false, at: now + .seconds(86_400 * 365)) }
        #expect(share.hasFallen())
    }

    // MARK: circuits

    private let swiss = ReceiptCircuits.Route(provider: "twilio", kind: .sms, country: "CH")
    private let german = ReceiptCircuits.Route(provider: "twilio", kind: .sms, country: "DE")

    private static let ids: [RecordID] = {
        var generator = RecordIDGenerator()
        return (0..<40).map { _ in generator.next(at: start) }
    }()

    private func sample(
        _ route: ReceiptCircuits.Route, _ isDelivered: Bool, _ number: Int = 0
    ) -> ReceiptCircuits.Sample {
        .init(route: route, delivery: Self.ids[number], isDelivered: isDelivered)
    }

    /// Two routes with a usual share of one, and the circuit of the first open.
    private func opened() -> (ReceiptCircuits, Timestamp) {
        var circuits = ReceiptCircuits()
        var now = Self.start
        for _ in 0..<300 {
            #expect(circuits.take([sample(swiss, true), sample(german, true)], at: now).isEmpty)
            now = now + .seconds(6)
        }
        now = now + .seconds(3_600)
        let news = circuits.take((0..<30).map { sample(swiss, false, $0) }, at: now)
        #expect(news.map(\.route) == [swiss])
        #expect(news.map(\.isOpen) == [true])
        return (circuits, now)
    }

    @Test("one that opens holds its route and no other; after a pause one text goes")
    func opens() {
        var (circuits, now) = opened()
        #expect(circuits.holds(swiss))
        #expect(!circuits.holds(german))
        #expect(circuits.nextEnd == now + .seconds(300))
        #expect(circuits.halfOpen(at: now + .seconds(299)).isEmpty)
        now = now + .seconds(300)
        #expect(circuits.halfOpen(at: now) == [swiss])
        #expect(!circuits.holds(swiss))
        circuits.sent(sample(swiss, true, 7).delivery, swiss, until: now + .seconds(180))
        #expect(circuits.holds(swiss))
        #expect(circuits.nextEnd == now + .seconds(180))
    }

    @Test("only the probe counts: its arrival closes, its miss doubles the pause, its silence lets another one go")
    func probes() {
        var (circuits, now) = opened()
        #expect(circuits.take([sample(swiss, true, 1)], at: now).isEmpty)
        now = now + .seconds(300)
        _ = circuits.halfOpen(at: now)
        circuits.sent(sample(swiss, true, 7).delivery, swiss, until: now + .seconds(180))
        #expect(circuits.take([sample(swiss, true, 1)], at: now).isEmpty)
        #expect(circuits.take([sample(swiss, false, 7)], at: now).isEmpty)
        #expect(circuits.nextEnd == now + .seconds(600))
        now = now + .seconds(600)
        _ = circuits.halfOpen(at: now)
        circuits.sent(sample(swiss, true, 8).delivery, swiss, until: now + .seconds(180))
        #expect(circuits.halfOpen(at: now + .seconds(180)) == [swiss])
        circuits.sent(sample(swiss, true, 9).delivery, swiss, until: now + .seconds(400))
        #expect(circuits.take([sample(swiss, true, 8)], at: now).isEmpty)
        let news = circuits.take([sample(swiss, true, 9)], at: now)
        #expect(news.map(\.isOpen) == [false])
        #expect(circuits.troubles.isEmpty)
    }
}
