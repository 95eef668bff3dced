import Gateway
import Testing

/// One random history goes into both stores; whatever is asked then must have the same answer.
@Suite("two stores with one history")
struct EqualStoresTests {
    @Test("answer alike to everything", arguments: [11, 12, 13, 14] as [UInt64])
    func alike(_ seed: UInt64) throws {
        let fixtures = [try StoreFixture(.memory), try StoreFixture(.sqlite)]
        let leases = try fixtures.map { try $0.deliveries.open(partition: 0) }
        var writer = RandomHistory(seed)
        for _ in 0..<120 {
            let batch = writer.batch()
            let now = Sample.time(Int64.random(in: 0..<60, using: &writer.random))
            let errors = zip(fixtures, leases).map { fixture, lease -> StoreError.Kind? in
                do throws(StoreError) {
                    try fixture.deliveries.commit(batch, lease)
                    _ = try fixture.deliveries.purge(before: now, limit: 5)
                    return nil
                } catch {
                    return error.kind
                }
            }
            #expect(errors[0] == errors[1])
        }
        let answers = try zip(fixtures, leases).map { try everything($0, $1) }
        #expect(answers[0] == answers[1])
        #expect(answers[0].count > 500)
    }

    private func everything(_ fixture: StoreFixture, _ lease: Lease) throws -> [String] {
        let (store, records) = (fixture.deliveries, fixture.records)
        var lines = try store.openStates(lease).map { "open \($0)" }
        lines.append("highest \(try store.highest())")
        for time in stride(from: Int64(0), to: 60, by: 7) {
            lines += try store.marks(at: Sample.time(time)).map { "mark at \(time) \($0)" }
        }
        for day in RandomHistory.days { lines += try store.spends(onDay: day).map { "spent \($0)" } }
        lines += try store.outgoing().map { "outgoing \($0)" }
        lines += try store.receipts().map { "receipts \($0)" }
        lines += try records.receipts().map { "receipts \($0)" }
        lines += try records.errors(ErrorQuery(), before: nil, limit: 1_000).map { "error \($0)" }
        lines += try records.eventRows(after: 0, limit: 1_000).map { "event \($0)" }
        lines += try records.eventRows(after: 90, limit: 7).map { "event from 90 \($0)" }
        for key in RandomHistory.keys {
            var query = ErrorQuery()
            query.channel = key
            query.until = Sample.time(5_000_000)
            lines += try records.errors(query, before: Sample.id(1_050), limit: 9).map { "error of \(key) \($0)" }
            query.text = key
            lines += try records.errors(query, before: nil, limit: 9).map { "error with \(key) \($0)" }
        }
        lines += try records.waitingMedia(limit: 9).map { "waiting file \($0)" }
        for hash in RandomHistory.keys { lines.append("file with \(hash): \(try records.hasMedia(withHash: hash))") }
        let later = Timestamp(milliseconds: RecordID.epoch + 1)
        lines += try records.media(announcedBefore: later, limit: 9).map { "old file \($0)" }
        for (state, boat) in [(MediaState?.none, String?.none), (.stored, nil), (nil, "é"), (.waiting, "")] {
            var query = MediaQuery()
            (query.state, query.boat) = (state, boat)
            lines += try records.media(query, before: Sample.id(50), limit: 20).map { "file \($0)" }
        }
        for (states, queue, worker) in [
            (Set(TaskRecord.State.allCases), String?.none, String?.none), ([.pending, .assigned], "é", nil),
            ([.completed], nil, "a"), ([.pending], nil, ""), ([], nil, nil),
        ] {
            var query = TaskQuery()
            (query.states, query.queue, query.worker) = (states, queue, worker)
            lines += try records.tasks(query, after: Sample.id(5), limit: 20).map { "task \($0)" }
            query.contact = "b"
            lines += try records.tasks(query, after: nil, limit: 20).map { "task of b \($0)" }
        }
        lines += try store.openTasks(routedOnly: false).map { "open task \($0)" }
        lines += try store.openTasks(routedOnly: true).map { "routed task \($0)" }
        lines += try (store.workers() + records.workers()).map { "worker \($0)" }
        for (key, level) in zip(RandomHistory.keys, [nil, 5, 20].map { $0.map { Duration.milliseconds($0) } }) {
            let figures = try records.figures(ofQueue: key, since: Sample.time(9), level: level)
            lines.append("figures of \(key) \(figures)")
        }
        lines += try store.openConferences().map { "open conference \($0)" }
        for (states, boat, name) in [
            (Set(ConferenceRecord.State.allCases), String?.none, String?.none), ([.ended], "é", nil), ([], nil, nil),
            ([.running, .waiting], nil, "a"),
        ] {
            var query = ConferenceQuery()
            (query.states, query.boat, query.name) = (states, boat, name)
            lines += try records.conferences(query, before: Sample.id(50), limit: 20).map { "conference \($0)" }
        }
        lines += try store.openMailings().map { "open mailing \($0)" }
        lines += try records.mailings(before: nil, limit: 100).map { "mailing \($0)" }
        lines += try records.reviews(openOnly: true, after: nil, limit: 100).map { "review \($0)" }
        lines += try records.inbound(before: nil, limit: 100).map { "inbound \($0)" }
        lines += try records.messages(before: nil, limit: 100).map { "message \($0)" }
        for raw in RandomHistory.identifiers {
            let id = Sample.id(raw)
            lines.append("body \(String(describing: try store.body(of: id)))")
            lines.append("state \(String(describing: try store.state(of: id)))")
            lines.append("review of \(String(describing: try store.openReview(of: id)))")
            lines.append("state \(String(describing: try records.state(of: id)))")
            lines += try (records.deliveries(ofMessage: id) as [DeliveryRecord]).map { "delivery \($0)" }
            lines += try records.reportDetails(of: id).map { "said \($0)" }
            lines += try records.participants(ofConference: id).map { "in a conference \($0)" }
            lines.append("participant \(String(describing: try records.participant(id)))")
            lines.append("progress \(String(describing: try store.mailingProgress(id)))")
            lines.append("outcome \(String(describing: try records.outcome(ofPart: 1, ofMailing: id)))")
        }
        for key in RandomHistory.keys {
            let statements = try records.consentHistory(of: [key, "a", key], after: Sample.id(20), limit: 30)
            lines += statements.map { "said by \(key) \($0)" }
            lines.append("answer \(String(describing: try store.answer(key)))")
            lines.append("snapshot \(String(describing: try store.snapshot(key)))")
            for kind in LookUpRecord.Kind.allCases { lines.append("found \(try store.lookUp(kind, key))") }
        }
        return lines
    }
}

/// Random batches over few identifiers and keys, so that they meet often.
struct RandomHistory {
    static let identifiers = Int64(1)..<60
    static let days = Int64(1)..<12
    static let keys = ["a", "b", "c", "é", "e\u{301}", ""]
    var random: Xorshift
    private var events: Int64 = 0
    private var errors: Int64 = 0

    init(_ seed: UInt64) { random = Xorshift(seed) }

    private mutating func number(_ range: Range<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    private mutating func id() -> RecordID { Sample.id(number(Self.identifiers)) }

    private mutating func key() -> String { Self.keys[Int(number(0..<Int64(Self.keys.count)))] }

    private mutating func bytes() -> [UInt8] {
        (0..<number(0..<12)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private mutating func rows<Row>(_ make: (inout Self) -> Row) -> [Row] {
        (0..<number(0..<3)).map { _ in make(&self) }
    }

    private mutating func error() -> ErrorRecord {
        var context = ErrorContext()
        context.tenant = key()
        context.channel = key()
        context.providerCode = Int(number(0..<2))
        context.delivery = number(0..<3) == 0 ? nil : id()
        context.step = number(0..<3) == 0 ? nil : Int(number(0..<3))
        let codes = ErrorCode.allCases
        // An identifier of its own, as the engine's are.
        errors += 1
        return ErrorRecord(
            id: Sample.id(1_000 + errors), codes[Int(number(0..<3))], context,
            at: Sample.time(number(0..<3) * 3_600_000 + number(0..<60)), count: Int(number(1..<4)),
            isShared: number(0..<2) == 0)
    }

    private mutating func media() -> MediaRecord {
        var media = MediaRecord(
            id: id(), inbound: id(), InboundMedia(url: key(), contentType: key()), provider: key(),
            contact: number(0..<2) == 0 ? nil : key(), boat: number(0..<2) == 0 ? nil : key(),
            at: Sample.time(number(0..<60)))
        let reasons = MediaReason.allCases
        switch number(0..<3) {
        case 0: media.take(.missing(reasons[Int(number(0..<Int64(reasons.count)))]), at: Sample.time(number(0..<60)))
        case 1:
            let content = MediaContent(type: key(), size: number(0..<99), hash: key())
            media.take(.stored(content), at: Sample.time(number(0..<60)))
        default: break
        }
        if number(0..<4) == 0 { media.remove() }
        return media
    }

    private mutating func task() -> TaskRecord {
        var task = TaskRecord(
            id: id(), queue: key(), priority: Int(number(0..<9)), at: Sample.time(number(0..<60)), attributes: bytes())
        let states = TaskRecord.State.allCases
        task.state = states[Int(number(0..<Int64(states.count)))]
        task.changed = Sample.time(number(0..<60))
        task.worker = number(0..<2) == 0 ? nil : key()
        task.reason = number(0..<2) == 0 ? nil : key()
        task.inbound = number(0..<2) == 0 ? nil : id()
        task.contact = number(0..<2) == 0 ? nil : key()
        task.entered = Sample.time(number(0..<60))
        task.accepted = number(0..<2) == 0 ? nil : Sample.time(number(0..<60))
        guard number(0..<2) == 0 else { return task }
        task.course = TaskCourse(workflow: key(), steps: [TaskStep(queue: key())], priority: Int(number(0..<9)))
        task.course.tried = [key(), key()]
        return task
    }

    private mutating func worker() -> WorkerRecord {
        var worker = WorkerRecord(name: key())
        worker.activity = WorkerRecord.Activity.allCases[Int(number(0..<3))]
        (worker.since, worker.idle) = (Sample.time(number(0..<60)), Sample.time(number(0..<60)))
        worker.given = Sample.time(number(0..<60))
        return worker
    }

    private mutating func conference() -> ConferenceRecord {
        var record = ConferenceRecord(
            id: id(), tenant: key(), name: key(), channel: key(), provider: key(), at: Sample.time(number(0..<60)))
        let states = ConferenceRecord.State.allCases
        record.state = states[Int(number(0..<Int64(states.count)))]
        record.boat = number(0..<2) == 0 ? nil : key()
        record.providerID = key()
        record.ended = number(0..<2) == 0 ? nil : Sample.time(number(0..<60))
        return record
    }

    private mutating func participant() -> ConferenceParticipant {
        var manners = ConferenceManners()
        manners.coaches = number(0..<2) == 0 ? nil : key()
        var row = ConferenceParticipant(
            id: id(), conference: id(), number: key(), label: key(), manners: manners,
            at: Sample.time(number(0..<60)))
        let states = ConferenceParticipant.State.allCases
        row.state = states[Int(number(0..<Int64(states.count)))]
        row.contact = number(0..<2) == 0 ? nil : key()
        row.sequence = Int(number(0..<9))
        return row
    }

    mutating func batch() -> Batch {
        var batch = Batch()
        // Now and then an identifier comes twice and the batch is refused.
        batch.messages = rows { MessageRecord(id: $0.id(), created: Sample.time($0.number(0..<60)), body: $0.bytes()) }
        batch.deliveries = rows { DeliveryRecord(id: $0.id(), message: $0.id(), body: $0.bytes()) }
        batch.states = rows { StateRecord(delivery: $0.id(), blob: $0.bytes()) }
        batch.closed = rows { StateRecord(delivery: $0.id(), blob: $0.bytes()) }
        batch.events = rows {
            $0.events += 1
            return EventRecord(sequence: $0.events, delivery: $0.id(), blob: $0.bytes())
        }
        batch.answers = rows { AnswerRecord(key: $0.key(), body: $0.bytes(), until: Sample.time($0.number(0..<60))) }
        batch.lookUps = rows { LookUpRecord($0.number(0..<2) == 0 ? .recipient : .dedupeKey, $0.key(), $0.id()) }
        batch.reviews = rows {
            ReviewRecord(
                id: $0.id(), delivery: $0.id(), reason: $0.key(), isOpen: $0.number(0..<2) == 0,
                created: Sample.time($0.number(0..<60)))
        }
        batch.inbound = rows { Sample.inbound($0.id().rawValue) }
        batch.snapshots = rows { SnapshotRecord(hash: $0.key(), body: $0.bytes()) }
        batch.consentHistory = rows {
            let consent = ConsentRecord(
                number: $0.key(), sender: $0.key(), isGranted: $0.number(0..<2) == 0,
                since: Sample.time($0.number(0..<60)))
            return ConsentStatement(
                id: Sample.id($0.number(0..<2) == 0 ? 1 + $0.number(0..<9_000) : 9_000 + $0.number(1..<900_000)),
                at: Sample.time($0.number(0..<60)), consent, from: .api(key: $0.key()), isIgnored: $0.number(0..<2) == 0
            )
        }
        batch.marks = rows {
            let kinds = AddressMark.Kind.allCases
            let (at, until) = ($0.number(0..<60), $0.number(0..<90))
            return Sample.mark(
                $0.key(), kinds[Int(until) % kinds.count], $0.key(), at: at, until: until > 70 ? nil : until)
        }
        batch.spends = rows {
            SpendRecord(
                day: $0.number(8..<12), key: $0.key(), calls: Int($0.number(0..<3)), micros: $0.number(0..<9))
        }
        batch.outgoing = rows {
            var row = Sample.outgoing($0.id().rawValue, of: $0.id().rawValue)
            row.body = $0.bytes()
            row.tries = Int($0.number(0..<4))
            row.due = Sample.time($0.number(0..<60))
            return row
        }
        batch.outgoingDone = rows { $0.id() }
        batch.receipts = rows {
            let qualities = ReceiptQuality.allCases
            return ReceiptRecord(
                channel: $0.key(), country: $0.key(), sent: Int($0.number(0..<9)), reported: Int($0.number(0..<9)),
                quality: qualities[Int($0.number(0..<Int64(qualities.count)))])
        }
        batch.errors = rows { $0.error() }
        batch.published = rows {
            $0.events += 1
            return PublishedRecord(
                sequence: $0.events, at: Sample.time($0.number(0..<60)), type: $0.key(), subject: $0.key(),
                tenant: $0.number(0..<2) == 0 ? nil : $0.key(), body: $0.bytes())
        }
        batch.mailings = rows { MailingRecord(id: $0.id(), created: Sample.time($0.number(0..<60)), body: $0.bytes()) }
        batch.mailingProgress = rows {
            MailingProgressRecord(mailing: $0.id(), blob: $0.bytes(), isOpen: $0.number(0..<2) == 0)
        }
        batch.mailingOutcomes = rows {
            MailingOutcome(mailing: $0.id(), part: Int($0.number(0..<9)), body: $0.bytes())
        }
        batch.media = rows { $0.media() }
        batch.mediaRemoved = rows { $0.id() }
        batch.tasks = rows { $0.task() }
        batch.workers = rows { $0.worker() }
        batch.conferences = rows { $0.conference() }
        batch.conferenceParticipants = rows { $0.participant() }
        batch.details = rows {
            ReportDetail(
                delivery: $0.id(), attempt: Int($0.number(0..<3)), status: $0.key(), at: Sample.time($0.number(0..<60)),
                body: $0.bytes())
        }
        return batch
    }
}
