import Gateway
import Testing

@Suite("Stores: what is known of receipts")
struct ReceiptContractTests {
    private func row(_ channel: String, _ country: String, _ sent: Int) -> ReceiptRecord {
        ReceiptRecord(channel: channel, country: country, sent: sent, reported: sent / 2, quality: .weak)
    }

    @Test(
        "a sender and country have one row, which the last commit wrote; they come in order",
        arguments: StoreKind.allCases)
    func replaced(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let store = fixture.deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) { $0.receipts = [row("sms", "US", 4), row("sms", "CH", 6)] }
        try store.commit(lease) { $0.receipts = [row("sms", "US", 8), row("mms", "US", 2)] }
        let expected = [row("mms", "US", 2), row("sms", "CH", 6), row("sms", "US", 8)]
        #expect(try store.receipts() == expected)
        #expect(try fixture.records.receipts() == expected)
    }
}
