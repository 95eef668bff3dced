import Crypto
import Testing

@testable import Gateway

@Suite("stored states and events")
struct CodecTests {
    private static func state(_ random: inout SeededRandom) -> DeliveryState {
        func time() -> Timestamp { Timestamp(milliseconds: Int64(random.next() % 4_000_000_000_000)) }
        func maybe<Value>(_ value: Value) -> Value? { random.next() % 2 == 0 ? value : nil }
        var state = DeliveryState(steps: Int(random.next() % 4) + 1, startsAt: time(), expiresAt: time())
        state.phase = DeliveryPhase.allCases.randomElement(using: &random) ?? .active
        state.isLate = random.next() % 2 == 0
        state.numberIsBad = random.next() % 2 == 0
        state.quietCeiling = maybe(.text)
        state.askedUntil = maybe(time())
        state.generation = UInt32(truncatingIfNeeded: random.next())
        state.armed = maybe(ArmedTimer(kind: .expires, due: time(), generation: state.generation))
        state.lastEvent = Int64(random.next() >> 2)
        for _ in 0..<random.next() % 4 {
            var attempt = AttemptState(step: UInt8(random.next() % UInt64(state.steps.count)))
            attempt.status = AttemptStatus.allCases.randomElement(using: &random) ?? .intent
            attempt.level = EvidenceLevel.allCases.randomElement(using: &random) ?? .none
            attempt.outcome = AttemptOutcome.allCases.randomElement(using: &random)
            attempt.code = Int32(truncatingIfNeeded: random.next())
            attempt.call = maybe(.ringing)
            attempt.seen = random.next()
            attempt.providerID = maybe("SM" + String(random.next(), radix: 16)) ?? ""
            attempt.ambiguousSince = maybe(time())
            if [.intent, .ambiguous].contains(attempt.status) { attempt.intentAt = maybe(time()) }
            attempt.reserved = maybe(Int64(random.next() >> 20)) ?? 0
            attempt.sender = maybe(UInt8(random.next() % 8)) ?? 0
            attempt.receiptsAreWeak = random.next() % 2 == 0
            attempt.sharing = maybe(sharing(&random))
            attempt.isApproved = random.next() % 2 == 0
            attempt.costDay = maybe(Int32(random.next() % 30_000)) ?? 0
            state.attempts.append(attempt)
        }
        if random.next() % 2 == 0 {
            state.round = UInt8(truncatingIfNeeded: random.next())
            state.callsBefore = UInt8(truncatingIfNeeded: random.next())
            state.reserved = Int64(random.next() >> 20)
        }
        if state.phase == .review { state.reviewUntil = maybe(time()) }
        let last = UInt8(clamping: state.attempts.count - 1)
        if !state.attempts.isEmpty { state.reply = maybe(PendingReply(attempt: last, at: time())) }
        for _ in 0..<random.next() % 3 { state.quarantined.append(random.next()) }
        for index in state.steps.indices {
            let reason = SkipReason.allCases.randomElement(using: &random) ?? .unfit
            let hold = HoldReason.allCases.randomElement(using: &random) ?? .backOff
            let outcome = AttemptOutcome.allCases.randomElement(using: &random) ?? .failed
            let all: [StepStatus] = [
                .waiting, .held(hold), .ready, .intent, .submitted, .ambiguous, .delegated, .done, .failed(outcome),
                .superseded, .skipped(reason),
            ]
            state.steps[index].status = all.randomElement(using: &random) ?? .waiting
            state.steps[index].attempt = state.attempts.isEmpty ? nil : maybe(UInt8(state.attempts.count - 1))
            state.steps[index].wakeAt = maybe(time())
            state.steps[index].submitSpent = Int64(random.next() % 100_000)
            state.steps[index].polled = random.next() % 2 == 0
            state.steps[index].isApproved = random.next() % 2 == 0
            guard random.next() % 2 == 0 else { continue }
            state.steps[index].sender = UInt8(random.next() % 8)
            state.steps[index].refusedBy = UInt8(truncatingIfNeeded: random.next())
            state.steps[index].passed = UInt8(truncatingIfNeeded: random.next())
        }
        return state
    }

    private static func sharing(_ random: inout SeededRandom) -> CallSharing {
        let count = Int(random.next() % 10) + 1
        let all = (0..<count).compactMap { index in
            RecordID(rawValue: Int64(random.next() >> 2)).map { AttemptReference(delivery: $0, attempt: index * 20) }
        }
        return all.count == 1 ? .rides(all[0]) : .leads(all)
    }

    @Test("a state reads back as it was written", arguments: 0..<200 as Range<UInt64>)
    func states(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let state = Self.state(&random)
        #expect(try StateCodec.decode(StateCodec.encode(state)) == state)
    }

    @Test("a state of the version before, which knew no quarantine, is read", arguments: 0..<20 as Range<UInt64>)
    func olderVersion(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var state = Self.state(&random)
        state.quarantined = []
        state.round = 0
        state.callsBefore = 0
        state.reserved = 0
        if state.phase == .review { state.phase = .scheduled }
        state.reviewUntil = nil
        state.reply = nil
        for attempt in state.attempts.indices {
            state.attempts[attempt].reserved = 0
            state.attempts[attempt].sender = 0
            state.attempts[attempt].receiptsAreWeak = false
            state.attempts[attempt].sharing = nil
            state.attempts[attempt].isApproved = false
            state.attempts[attempt].costDay = 0
            // Until version 5 nothing was kept of an intent's time.
            if [.intent, .ambiguous].contains(state.attempts[attempt].status) {
                state.attempts[attempt].status = .submitted
                state.attempts[attempt].intentAt = nil
            }
        }
        for step in state.steps.indices {
            state.steps[step].sender = 0
            state.steps[step].refusedBy = 0
            state.steps[step].passed = 0
            state.steps[step].isApproved = false
        }
        var blob = StateCodec.encode(state)
        #expect(blob[8] == 5)
        // Version 4 is version 5 without replies.
        blob[8] = 4
        #expect(try StateCodec.decode(blob) == state)
        // Version 3 is version 4 without lists of senders, receipts that are learned, shared calls, and reviews.
        blob[8] = 3
        #expect(try StateCodec.decode(blob) == state)
        // Version 2 is version 3 without rounds and budgets.
        blob[8] = 2
        #expect(try StateCodec.decode(blob) == state)
        blob[8] = 1
        #expect(blob.removeLast() == 0)
        #expect(try StateCodec.decode(blob) == state)
    }

    @Test("a delivery reads back with what it came from", arguments: Lineage.Kind.allCases)
    func lineages(kind: Lineage.Kind) throws {
        let (first, second, third) = (RecordID(rawValue: 11), RecordID(rawValue: .max), RecordID(rawValue: 7 << 22))
        let (origin, root) = (try #require(first), try #require(second))
        var lineage = Lineage(kind, of: origin, root: root)
        lineage.round = 3
        lineage.callsBefore = 2
        if kind != .followUp {
            lineage.parent = third
            lineage.step = 4
        }
        if kind == .branch { lineage.branch = 0 }
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let job = DeliveryJob(
            delivery: root, message: origin, created: now, envelope: Envelope(to: .number("+41791112233"), text: "x"),
            recipient: ResolvedRecipient(number: "+41791112233", country: "CH", locale: "en", timeZone: "UTC"),
            policy: "p", snapshot: "s", rule: "r", lineage: lineage)
        let record = DeliveryRecord(id: root, message: origin, body: JobCodec.delivery(job))
        let message = MessageRecord(id: origin, created: now, body: JobCodec.message(job.envelope))
        #expect(try JobCodec.job(record, message) == job)
    }

    @Test("a state that is cut or changed is an error or another state, never a trap")
    func damage() {
        var random = SeededRandom(seed: 7)
        let blob = StateCodec.encode(Self.state(&random))
        for length in 0..<blob.count {
            #expect(throws: StoreError.self) { try StateCodec.decode(Array(blob.prefix(length))) }
        }
        for _ in 0..<5_000 {
            var changed = blob
            let place = Int(random.next() % UInt64(blob.count))
            changed[place] = UInt8(truncatingIfNeeded: random.next())
            if let state = try? StateCodec.decode(changed) { #expect(state.current <= state.steps.count) }
        }
    }

    @Test("every line of a timeline reads back as it was written")
    func events() throws {
        let (first, second) = (try #require(RecordID(rawValue: 11)), try #require(RecordID(rawValue: .max)))
        let notes: [DeliveryNote] = [
            .accepted, .started(step: 2), .skipped(step: 1, .quietHours), .held(step: 0, .circuitOpen),
            .queued(step: 3),
            .intent(attempt: 4), .submitted(attempt: 1), .refused(attempt: 0, .rateLimited, code: 20_429),
            .ambiguous(attempt: 2, code: -1), .lookedUp(attempt: 1, found: true), .lookedUp(attempt: 1, found: false),
            .lookedUp(attempt: 1, found: nil), .evidence(attempt: 0, .delivered, .inProgress),
            .outcome(attempt: 1, .noAnswer, code: 30_003), .progress(attempt: 1, .answered),
            .clock(step: 0, .afterCall),
            .superseded(step: 1), .failed(step: 0, .declined), .recalled(attempt: 9), .possibleDuplicate(attempt: 1),
            .duplicateExposure, .duplicateReport, .staleTimer, .ended(.acked, late: true), .acknowledged(attempt: nil),
            .acknowledged(attempt: 0), .rejected(attempt: 254),
            .clockSet(step: 3, .deliver, due: Timestamp(milliseconds: 1_800_000_000_123)),
            .delegated(step: 1), .delegationEnded(step: 1, .nobody), .delegationEnded(step: 0, .ended),
            .roundOpened(at: Timestamp(milliseconds: 1_800_000_000_456)), .sender(step: 1, 7),
            .bundled(attempt: 3, with: [first, second]),
            .reviewAsked(until: Timestamp(milliseconds: 1_800_000_000_789)), .approved, .dismissed,
            .priced(attempt: 3, micros: 7_500),
        ]
        let blob = EventCodec.encode(notes, previous: 41, at: Timestamp(milliseconds: 1_700_000_000_123))
        let (time, read) = try EventCodec.decode(blob)
        #expect(read == notes)
        #expect(time.milliseconds == 1_700_000_000_123)
        for length in 0..<blob.count {
            #expect(throws: StoreError.self) { try EventCodec.decode(Array(blob.prefix(length))) }
        }
        #expect(throws: StoreError.self) { try EventCodec.decode(blob + [0]) }
    }

    @Test("look-up keys read back byte by byte, and damage is an error or other keys")
    func lookUps() throws {
        let keys = ["", "+447700900123", "é", "e\u{301}", "a\u{0}b", String(repeating: "k", count: 300)]
        var records: [LookUpRecord] = []
        for (index, key) in keys.enumerated() {
            for kind in LookUpRecord.Kind.allCases {
                let id = try #require(RecordID(rawValue: index == 0 ? .max : Int64(index)))
                records.append(LookUpRecord(kind, key, id))
            }
        }
        let blob = LookUpCodec.encode(records)
        let read = try LookUpCodec.decode(blob)
        #expect(read == records)
        #expect(read.map { Array($0.key.utf8) } == records.map { Array($0.key.utf8) })
        #expect(try LookUpCodec.decode([]).isEmpty)
        for length in 0..<blob.count {
            if let part = try? LookUpCodec.decode(Array(blob.prefix(length))) {
                #expect(part == Array(records.prefix(part.count)))
            }
        }
        // No kind, no identifier, a key longer than what is left.
        for bytes in [[9, 2, 0], [0, 0, 0], [0, 1, 0], [0, 2, 2, 65], [0]] as [[UInt8]] {
            #expect(throws: StoreError.self) { try LookUpCodec.decode(bytes) }
        }
    }

    @Test("a token names its attempt, and one that is changed names nothing")
    func tokens() throws {
        let key = Array("a key of at least sixteen bytes".utf8)
        let delivery = try #require(RecordID(rawValue: 123_456_789_012))
        let text = AttemptToken(delivery: delivery, attempt: 3).text(key: key)
        #expect(AttemptToken(text, key: key) == AttemptToken(delivery: delivery, attempt: 3))
        #expect(AttemptToken(text, key: key + [1]) == nil)
        for index in text.indices {
            var changed = text
            changed.replaceSubrange(index...index, with: text[index] == "0" ? "1" : "0")
            #expect(AttemptToken(changed, key: key) == nil)
        }
    }
}
