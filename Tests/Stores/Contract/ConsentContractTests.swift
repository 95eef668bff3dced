import Gateway
import Testing

@Suite("the history of consents of every store")
struct ConsentContractTests {
    private func statement(
        _ id: Int64, _ number: String, _ isGranted: Bool = true, _ source: ConsentStatement.Source = .earlier,
        isIgnored: Bool = false
    ) -> ConsentStatement {
        let consent = ConsentRecord(number: number, sender: "*", isGranted: isGranted, since: Sample.time(id - 1))
        return ConsentStatement(
            id: Sample.id(id), at: Sample.time(id), consent, from: source, isIgnored: isIgnored)
    }

    @Test("statements come back whole, oldest first, those of the asked numbers alone", arguments: StoreKind.allCases)
    func whole(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let rows = [
            statement(3, "+441", true, .api(key: "k1")), statement(5, "+442", false, .message(providerID: "SM1")),
            statement(6, "+443"), statement(9, "+441", false, .provider(delivery: Sample.id(77)), isIgnored: true),
        ]
        try fixture.deliveries.commit(lease) { $0.consentHistory = [rows[1], rows[0]] }
        try fixture.deliveries.commit(lease) { $0.consentHistory = [rows[2], rows[3]] }
        let records = fixture.records
        let asked = ["+442", "+441", "+441"]
        #expect(try records.consentHistory(of: asked, after: nil, limit: 9) == [rows[0], rows[1], rows[3]])
        #expect(try records.consentHistory(of: asked, after: nil, limit: 2) == [rows[0], rows[1]])
        #expect(try records.consentHistory(of: asked, after: Sample.id(3), limit: 9) == [rows[1], rows[3]])
        #expect(try records.consentHistory(of: ["+444"], after: nil, limit: 9).isEmpty)
        #expect(try records.consentHistory(of: [], after: nil, limit: 9).isEmpty)
        #expect(try records.consentHistory(of: asked, after: nil, limit: -1).isEmpty)
    }

    @Test("a statement is stored once, and with nothing else of a commit that fails", arguments: StoreKind.allCases)
    func once(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.deliveries.commit(lease) { $0.consentHistory = [statement(3, "+441")] }
        #expect(throws: StoreError.self) {
            try fixture.deliveries.commit(lease) {
                $0.marks = [Sample.mark("+441", .optedOut, "*", at: 1, until: nil)]
                $0.consentHistory = [statement(4, "+441"), statement(3, "+441")]
            }
        }
        #expect(try fixture.records.consentHistory(of: ["+441"], after: nil, limit: 9).count == 1)
        #expect(try fixture.records.marks(of: "+441").isEmpty)
        // An identifier that is in use is not made again.
        #expect(try fixture.deliveries.highest().id == Sample.id(3))
    }

    @Test("the history outlives the contact and what has ended", arguments: StoreKind.allCases)
    func kept(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        try fixture.records.put(Sample.contact("a", ("+441", true)))
        try fixture.deliveries.commit(lease) { $0.consentHistory = [statement(3, "+441")] }
        #expect(try fixture.records.removeContact("a"))
        _ = try fixture.deliveries.purge(before: Sample.time(1_000_000), limit: 100)
        #expect(try fixture.records.consentHistory(of: ["+441"], after: nil, limit: 9) == [statement(3, "+441")])
    }
}
