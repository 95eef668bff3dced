import Gateway
import Testing

@Suite("look-ups, answers, marks and snapshots of every store")
struct LookUpContractTests {
    @Test("a key finds its identifiers, rising, in its own index only", arguments: StoreKind.allCases)
    func lookUps(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let store = fixture.deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.lookUps = [
                LookUpRecord(.recipient, "+447700900123", Sample.id(9)),
                LookUpRecord(.recipient, "+447700900123", Sample.id(3)),
                LookUpRecord(.dedupeKey, "+447700900123", Sample.id(4)),
            ]
        }
        try store.commit(lease) {
            $0.lookUps = [
                LookUpRecord(.recipient, "+447700900123", Sample.id(9)),
                LookUpRecord(.recipient, "+447700900123", Sample.id(5)),
            ]
        }
        let expected = [3, 5, 9].map { Sample.id($0) }
        #expect(try store.lookUp(.recipient, "+447700900123") == expected)
        #expect(try fixture.records.lookUp(.recipient, "+447700900123") == expected)
        #expect(try store.lookUp(.dedupeKey, "+447700900123") == [Sample.id(4)])
        #expect(try store.lookUp(.providerID, "+447700900123").isEmpty)
        #expect(try store.lookUp(.recipient, "+44770090012").isEmpty)
    }

    @Test("keys are compared by their bytes", arguments: StoreKind.allCases)
    func byteKeys(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        let keys = ["", "é", "e\u{301}", "a\u{0}b", "a", "A", "🚤", "'; DROP TABLE message;--"]
        try store.commit(lease) {
            for (index, key) in keys.enumerated() {
                $0.lookUps.append(LookUpRecord(.idempotencyKey, key, Sample.id(Int64(index + 1))))
                $0.answers.append(AnswerRecord(key: key, body: [UInt8(index)], until: Sample.time(1)))
            }
        }
        for (index, key) in keys.enumerated() {
            #expect(try store.lookUp(.idempotencyKey, key) == [Sample.id(Int64(index + 1))])
            let answer = try #require(try store.answer(key))
            #expect(Array(answer.key.utf8) == Array(key.utf8))
            #expect(answer.body == [UInt8(index)])
        }
    }

    @Test("an answer is kept until it is purged, and replaced by a later one", arguments: StoreKind.allCases)
    func answers(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.answers = [
                AnswerRecord(key: "early", body: Array("<Response/>".utf8), until: Sample.time(99)),
                AnswerRecord(key: "exact", body: [], until: Sample.time(100)),
                AnswerRecord(key: "late", body: [0, 255], until: .distantFuture),
            ]
        }
        #expect(try store.purge(before: Sample.time(99), limit: 10) == 0)
        #expect(try store.answer("early")?.body == Array("<Response/>".utf8))
        #expect(try store.purge(before: Sample.time(100), limit: 10) == 1)
        #expect(try store.answer("early") == nil)
        #expect(try store.answer("exact") == AnswerRecord(key: "exact", body: [], until: Sample.time(100)))
        #expect(try store.answer("late") == AnswerRecord(key: "late", body: [0, 255], until: .distantFuture))

        try store.commit(lease) { $0.answers = [AnswerRecord(key: "exact", body: [7], until: Sample.time(500))] }
        #expect(try store.answer("exact") == AnswerRecord(key: "exact", body: [7], until: Sample.time(500)))
    }

    @Test("a purge takes what ended first, and no more than it may", arguments: StoreKind.allCases)
    func purges(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        try store.commit(lease) {
            $0.answers = [5, 3, 4, 1, 2].map {
                AnswerRecord(key: "ends at \($0)", body: [], until: Sample.time(Int64($0)))
            }
        }
        #expect(try store.purge(before: Sample.time(5), limit: 3) == 3)
        for time in 1...5 { #expect(try (store.answer("ends at \(time)") != nil) == (time > 3)) }
        #expect(try store.purge(before: Sample.time(5), limit: 3) == 1)
        #expect(try store.answer("ends at 5") != nil)
    }

    @Test("marks that have ended go, those that ended first and in parts; others stay", arguments: StoreKind.allCases)
    func endedMarks(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        let forever = Sample.mark("+449", .optedOut, "*", at: 1, until: nil)
        let later = Sample.mark("+448", .unfit, "sms", at: 1, until: 50)
        let ended = ([30, 10, 20] as [Int64]).map { Sample.mark("+44\($0)", .exposed, "t", at: 1, until: $0) }
        try store.commit(lease) { $0.marks = [forever, later] + ended }
        #expect(try store.purge(before: Sample.time(10), limit: 2) == 0)
        #expect(try store.purge(before: Sample.time(31), limit: 2) == 2)
        let left = try store.marks(at: Sample.time(0))
        #expect(left == [ended[0], later, forever])
        #expect(try store.purge(before: Sample.time(31), limit: 2) == 1)
        #expect(try store.marks(at: Sample.time(0)) == [later, forever])
        // One that was prolonged has not ended.
        try store.commit(lease) { $0.marks = [Sample.mark("+448", .unfit, "sms", at: 40, until: 90)] }
        #expect(try store.purge(before: Sample.time(60), limit: 2) == 0)
        #expect(try store.marks(at: Sample.time(60)).count == 2)
    }

    @Test("marks end at their time, are replaced, and a past end removes them", arguments: StoreKind.allCases)
    func marks(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        let forever = Sample.mark("+441", .optedOut, "+449", at: 10, until: nil)
        let ending = Sample.mark("+441", .unfit, "whatsapp", at: 10, until: 50)
        let other = Sample.mark("+440", .inbound, "*", at: 10, until: 60)
        try store.commit(lease) { $0.marks = [ending, forever, other] }
        #expect(try store.marks(at: Sample.time(49)) == [other, forever, ending])
        #expect(try store.marks(at: Sample.time(50)) == [other, forever])
        #expect(try store.marks(at: Sample.time(60)) == [forever])

        let longer = Sample.mark("+441", .unfit, "whatsapp", at: 20, until: 90)
        try store.commit(lease) {
            $0.marks = [longer, Sample.mark("+441", .optedOut, "+449", at: 30, until: 30)]
        }
        #expect(try store.marks(at: Sample.time(40)) == [other, longer])
    }

    @Test("marks of one number differ by kind and scope", arguments: StoreKind.allCases)
    func markKeys(_ kind: StoreKind) throws {
        let store = try StoreFixture(kind).deliveries
        let lease = try store.open(partition: 0)
        var marks: [AddressMark] = []
        for kind in AddressMark.Kind.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            for scope in ["*", "sms", "whatsapp"] {
                marks.append(Sample.mark("+441", kind, scope, at: 1, until: nil))
            }
        }
        try store.commit(lease) { $0.marks = marks.reversed() }
        #expect(try store.marks(at: Sample.time(2)) == marks)
    }

    @Test("a snapshot is stored once", arguments: StoreKind.allCases)
    func snapshots(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        let first = SnapshotRecord(hash: "00ff", body: Array("{}".utf8))
        try fixture.deliveries.commit(lease) { $0.snapshots = [first, first] }
        try fixture.deliveries.commit(lease) { $0.snapshots = [SnapshotRecord(hash: "00ff", body: [9])] }
        #expect(try fixture.deliveries.snapshot("00ff") == first)
        #expect(try fixture.records.snapshot("00ff") == first)
        #expect(try fixture.records.snapshot("00FF") == nil)
    }
}
