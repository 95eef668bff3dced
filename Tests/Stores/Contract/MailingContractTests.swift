import Gateway
import Testing

@Suite("batches of recipients, in every store")
struct MailingContractTests {
    private func mailing(_ raw: Int64) -> MailingRecord {
        MailingRecord(id: Sample.id(raw), created: Sample.time(raw), body: Array("head \(raw)".utf8))
    }

    private func part(_ number: Int, of raw: Int64) -> MailingPart {
        MailingPart(mailing: Sample.id(raw), number: number, body: Array("part \(number)".utf8))
    }

    private func progress(_ raw: Int64, _ text: String, isOpen: Bool = true) -> MailingProgressRecord {
        MailingProgressRecord(mailing: Sample.id(raw), blob: Array(text.utf8), isOpen: isOpen)
    }

    @Test("a batch is listed and open until its progress says otherwise", arguments: StoreKind.allCases)
    func life(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.mailings = [mailing(5), mailing(7)]
            $0.mailingProgress = [progress(5, "a"), progress(7, "b")]
        }
        #expect(try store.openMailings() == [progress(5, "a"), progress(7, "b")])
        #expect(try store.highest().id == Sample.id(7))
        try store.commit(lease) { $0.mailingProgress = [progress(5, "c", isOpen: false)] }
        #expect(try store.openMailings() == [progress(7, "b")])
        #expect(try store.mailingProgress(Sample.id(5)) == progress(5, "c", isOpen: false))
        #expect(try records.progress(ofMailing: Sample.id(5)) == progress(5, "c", isOpen: false))
        #expect(try records.mailings(before: nil, limit: 9) == [mailing(7), mailing(5)])
        #expect(try records.mailings(before: Sample.id(7), limit: 9) == [mailing(5)])
        #expect(try records.mailing(Sample.id(5)) == mailing(5))
        #expect(try records.mailing(Sample.id(6)) == nil)
    }

    @Test("parts stay with a batch that is stored, and go without one", arguments: StoreKind.allCases)
    func parts(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        for raw in [5, 6, 8] as [Int64] { try records.put([part(0, of: raw), part(1, of: raw)]) }
        try store.commit(lease) { $0.mailings = [mailing(6)] }
        try records.removeParts(withoutMailing: Sample.id(6))
        try records.removeParts(withoutMailing: Sample.id(5))
        #expect(try records.part(1, ofMailing: Sample.id(6)) == part(1, of: 6))
        #expect(try records.part(1, ofMailing: Sample.id(5)) == nil)
        #expect(try records.part(1, ofMailing: Sample.id(8)) == part(1, of: 8))
        try records.removeParts(withoutMailing: nil)
        #expect(try records.part(0, ofMailing: Sample.id(8)) == nil)
        #expect(try records.part(0, ofMailing: Sample.id(6)) == part(0, of: 6))
    }

    @Test("a part is stored once, and worked off once", arguments: StoreKind.allCases)
    func once(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        try records.put([part(0, of: 5)])
        #expect(throws: StoreError.self) { try records.put([part(1, of: 5), part(0, of: 5)]) }
        #expect(try records.part(1, ofMailing: Sample.id(5)) == nil)
        let outcome = MailingOutcome(mailing: Sample.id(5), part: 0, body: [1])
        try store.commit(lease) { $0.mailingOutcomes = [outcome] }
        #expect(throws: StoreError.self) {
            try store.commit(lease) {
                $0.mailingOutcomes = [outcome]
                $0.messages = [Sample.message(9)]
            }
        }
        #expect(try records.message(Sample.id(9)) == nil)
        #expect(try records.outcome(ofPart: 0, ofMailing: Sample.id(5)) == outcome)
        #expect(try records.outcome(ofPart: 1, ofMailing: Sample.id(5)) == nil)
    }
}
