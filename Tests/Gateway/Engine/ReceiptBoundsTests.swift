import Testing

@testable import Gateway

@Suite("bounds of what is known of receipts")
struct ReceiptBoundsTests {
    private func record(_ reported: Int, of sent: Int) -> ReceiptRecord {
        ReceiptRecord(channel: "sms", country: "CH", sent: sent, reported: reported, quality: .reliable)
    }

    @Test("the share lies between its bounds, which come closer with more texts")
    func closer() {
        let widths = [10, 100, 1_000].map { sent -> Double in
            let row = record(sent * 9 / 10, of: sent)
            #expect(row.share == 0.9)
            #expect(row.bounds.contains(0.9))
            return row.bounds.upperBound - row.bounds.lowerBound
        }
        #expect(widths == widths.sorted(by: >))
        #expect(record(90, of: 100).bounds.lowerBound > 0.79)
        #expect(record(90, of: 100).bounds.upperBound < 0.96)
    }

    @Test(
        "figures that cannot be are no reason to trap", arguments: [(0, 0), (-5, 10), (10, -5), (20, 10), (.max, .max)])
    func damaged(reported: Int, sent: Int) {
        let row = record(reported, of: sent)
        #expect((0...1).contains(row.share))
        #expect((0...1).contains(row.bounds.lowerBound) && (0...1).contains(row.bounds.upperBound))
    }
}
