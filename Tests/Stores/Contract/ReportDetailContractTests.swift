import Gateway
import Testing

@Suite("what providers said of attempts, in every store")
struct ReportDetailContractTests {
    @Test("what was said first of a status stays, and each delivery has its own", arguments: StoreKind.allCases)
    func said(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        func detail(_ delivery: Int64, _ attempt: Int, _ status: String, at: Int64, _ body: String) -> ReportDetail {
            ReportDetail(
                delivery: Sample.id(delivery), attempt: attempt, status: status, at: Sample.time(at),
                body: Array(body.utf8))
        }
        let rows = [
            detail(1, 0, "failed", at: 5, "a"), detail(1, 1, "failed", at: 3, "b"), detail(1, 0, "é", at: 5, "c"),
            detail(2, 0, "failed", at: 9, "d"),
        ]
        try fixture.deliveries.commit(lease) { $0.details = rows + [detail(1, 0, "failed", at: 7, "again")] }
        try fixture.deliveries.commit(lease) { $0.details = [detail(1, 1, "failed", at: 8, "again")] }
        #expect(try fixture.records.reportDetails(of: Sample.id(1)) == [rows[1], rows[0], rows[2]])
        #expect(try fixture.records.reportDetails(of: Sample.id(2)) == [rows[3]])
        #expect(try fixture.records.reportDetails(of: Sample.id(3)).isEmpty)
    }
}
