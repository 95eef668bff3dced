import Gateway
import Testing

@Suite("subscriptions in every store")
struct SubscriptionContractTests {
    private static func record(
        _ raw: Int64, _ change: (inout SubscriptionRecord) -> Void = { _ in }
    ) -> SubscriptionRecord {
        var record = SubscriptionRecord(
            id: Sample.id(raw), tenant: "shop", url: "https://hooks.test/\(raw)",
            secret: [UInt8](repeating: UInt8(raw), count: 32), created: Sample.time(raw))
        change(&record)
        return record
    }

    private static func letter(_ subscription: Int64, _ sequence: Int64) -> DeadLetter {
        DeadLetter(
            subscription: Sample.id(subscription), position: EventPosition(sequence: sequence, place: 2),
            type: "message.sent", subject: "msg_x", status: 404, tries: 3, at: Sample.time(sequence))
    }

    @Test("a subscription is kept with all that it says, in the order of the ids", arguments: StoreKind.allCases)
    func kept(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let full = Self.record(9) {
            $0.seesAll = true
            $0.types = ["message.*", "twilio.sms.inbound"]
            $0.subject = "msg_1"
            $0.maxAge = .seconds(90)
        }
        let progress = SubscriptionProgress(after: EventPosition(sequence: 7, place: 1))
        try fixture.records.put(full, progress)
        try fixture.records.put(Self.record(4), SubscriptionProgress(after: .start))
        let rows = try fixture.records.subscriptions()
        #expect(rows.map(\.record) == [Self.record(4), full])
        #expect(rows.map(\.progress) == [SubscriptionProgress(after: .start), progress])
        #expect(try fixture.deliveries.highest().id == Sample.id(9))
    }

    @Test("progress and dead letters are written together", arguments: StoreKind.allCases)
    func progress(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.put(Self.record(4), SubscriptionProgress(after: .start))
        var progress = SubscriptionProgress(after: EventPosition(sequence: 3, place: 0))
        (progress.refusals, progress.failures, progress.status, progress.told, progress.passedOver) = (1, 2, 503, 4, 5)
        (progress.due, progress.lastTold) = (Sample.time(1), Sample.time(2))
        (progress.awaySince, progress.gone) = (Sample.time(3), Sample.time(4))
        var changes = SubscriptionChanges()
        changes.progress = [Sample.id(4): progress, Sample.id(5): progress]
        changes.letters = [Self.letter(4, 2), Self.letter(4, 1), Self.letter(5, 1)]
        try records.save(changes)
        // One that is gone gets nothing.
        #expect(try records.subscriptions().map(\.progress) == [progress])
        #expect(
            try records.deadLetters(of: Sample.id(4), after: .start, limit: 9)
                == [Self.letter(4, 1), Self.letter(4, 2)])
        #expect(try records.deadLetters(of: Sample.id(5), after: .start, limit: 9).isEmpty)
        let after = EventPosition(sequence: 1, place: 2)
        #expect(try records.deadLetters(of: Sample.id(4), after: after, limit: 9) == [Self.letter(4, 2)])
        #expect(try records.deadLetters(of: Sample.id(4), after: .start, limit: 1) == [Self.letter(4, 1)])

        var replayed = Self.letter(4, 2)
        replayed.isReplayed = true
        changes = SubscriptionChanges()
        changes.letters = [replayed]
        changes.lettersDone = [Self.letter(4, 1)]
        try records.save(changes)
        #expect(try records.deadLetters(of: Sample.id(4), after: .start, limit: 9) == [replayed])
        #expect(try records.replayedLetters() == [replayed])
    }

    @Test("with a subscription its letters go", arguments: StoreKind.allCases)
    func removed(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        for raw in [Int64(4), 5] { try records.put(Self.record(raw), SubscriptionProgress(after: .start)) }
        var changes = SubscriptionChanges()
        changes.letters = [Self.letter(4, 1), Self.letter(5, 1)]
        try records.save(changes)
        #expect(try records.removeSubscription(Sample.id(4)))
        #expect(try !records.removeSubscription(Sample.id(4)))
        #expect(try records.subscriptions().map(\.record.id) == [Sample.id(5)])
        #expect(try records.deadLetters(of: Sample.id(4), after: .start, limit: 9).isEmpty)
        #expect(try records.deadLetters(of: Sample.id(5), after: .start, limit: 9) == [Self.letter(5, 1)])
    }

    @Test("what is no subscription is an error")
    func damaged() {
        #expect(throws: StoreError.self) { try SubscriptionRecord(id: Sample.id(1), tenant: "t", body: [0x7B]) }
        #expect(throws: StoreError.self) { try SubscriptionProgress([0x7B, 0x7D]) }
    }
}
