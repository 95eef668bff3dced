/// The stored form of a `DeliveryState`: the last event's sequence, a version, then the fields.
public enum StateCodec {
    /// Raised whenever the layout changes; older versions stay readable.
    static let version: UInt8 = 5

    /// The blob of a state row.
    /// - Parameter isIdle: A restart changes nothing about the delivery: its timer is enough to go on with.
    public static func encode(_ state: DeliveryState, isIdle: Bool = false) -> [UInt8] {
        var out = ByteWriter(capacity: 96)
        out.bigEndian(state.lastEvent)
        out.byte(version)
        out.byte(state.phase.rawValue)
        out.byte(flags(of: state) | (isIdle ? idleFlag : 0))
        out.unsigned(UInt64(state.current))
        out.signed(state.startsAt.milliseconds)
        out.signed(state.expiresAt.milliseconds)
        out.byte(state.callsUsed)
        out.byte(state.quietCeiling.map { $0.rawValue + 1 } ?? 0)
        out.time(state.askedUntil)
        out.byte(state.exposures)
        out.unsigned(UInt64(state.generation))
        out.bool(state.armed != nil)
        if let armed = state.armed {
            out.byte(armed.kind.rawValue)
            out.signed(armed.due.milliseconds)
        }
        out.unsigned(UInt64(state.steps.count))
        for step in state.steps { encode(step, &out) }
        out.unsigned(UInt64(state.attempts.count))
        for attempt in state.attempts { encode(attempt, &out) }
        out.unsigned(UInt64(state.quarantined.count))
        for event in state.quarantined { out.bigEndian(Int64(bitPattern: event)) }
        if hasRound(state) {
            out.byte(state.round)
            out.byte(state.callsBefore)
            out.signed(state.reserved)
        }
        if state.phase == .review { out.time(state.reviewUntil) }
        if let reply = state.reply {
            out.byte(reply.attempt)
            out.signed(reply.at.milliseconds)
        }
        return out.bytes
    }

    private static let idleFlag: UInt8 = 16
    private static let roundFlag: UInt8 = 32
    private static let replyFlag: UInt8 = 64

    /// Few deliveries have rounds or a budget, and only those pay for it.
    private static func hasRound(_ state: DeliveryState) -> Bool {
        state.round != 0 || state.callsBefore != 0 || state.reserved != 0
    }

    private static func flags(of state: DeliveryState) -> UInt8 {
        (state.isLate ? 1 : 0) | (state.numberIsBad ? 2 : 0) | (state.consentOnly ? 4 : 0)
            | (state.reviewIsOpen ? 8 : 0) | (hasRound(state) ? roundFlag : 0)
            | (state.reply != nil ? replyFlag : 0)
    }

    /// The timer of a delivery that was stored as idle, without reading the rest; `nil` for every other.
    static func idleTimer(_ blob: [UInt8]) throws(StoreError) -> ArmedTimer? {
        var reader = ByteReader(blob)
        _ = try reader.bigEndian()
        guard 1...Self.version ~= (try reader.byte()) else { return nil }
        _ = try reader.byte()
        guard try reader.byte() & idleFlag != 0 else { return nil }
        _ = try reader.count(0...255)
        _ = (try reader.signed(), try reader.signed())
        _ = (try reader.byte(), try reader.byte())
        _ = (try reader.time(), try reader.byte())
        return try armed(&reader, generation: UInt32(truncatingIfNeeded: try reader.unsigned()))
    }

    private static func armed(_ reader: inout ByteReader, generation: UInt32) throws(StoreError) -> ArmedTimer? {
        guard try reader.bool() else { return nil }
        return ArmedTimer(
            kind: try reader.raw(ClockKind.self), due: Timestamp(milliseconds: try reader.signed()),
            generation: generation)
    }

    /// Reads a state row.
    /// - Throws: `.corrupt` for a damaged blob or one of a newer version.
    public static func decode(_ blob: [UInt8]) throws(StoreError) -> DeliveryState {
        var reader = ByteReader(blob)
        let lastEvent = try reader.bigEndian()
        let version = try reader.byte()
        guard 1...Self.version ~= version else {
            throw StoreError(.corrupt, "a delivery was stored by a newer version of the gateway")
        }
        let phase = try reader.raw(DeliveryPhase.self)
        let flags = try reader.byte()
        let current = try reader.count(0...255)
        var state = DeliveryState(
            steps: 0, startsAt: Timestamp(milliseconds: try reader.signed()),
            expiresAt: Timestamp(milliseconds: try reader.signed()))
        state.lastEvent = lastEvent
        state.phase = phase
        state.isLate = flags & 1 != 0
        state.numberIsBad = flags & 2 != 0
        state.consentOnly = flags & 4 != 0
        state.reviewIsOpen = flags & 8 != 0
        state.current = current
        state.callsUsed = try reader.byte()
        let ceiling = try reader.byte()
        state.quietCeiling = ceiling == 0 ? nil : Intrusiveness(rawValue: ceiling - 1)
        state.askedUntil = try reader.time()
        state.exposures = try reader.byte()
        state.generation = UInt32(truncatingIfNeeded: try reader.unsigned())
        state.armed = try armed(&reader, generation: state.generation)
        for _ in 0..<(try reader.count(0...255)) { state.steps.append(try step(&reader)) }
        for _ in 0..<(try reader.count(0...255)) { state.attempts.append(try attempt(&reader, version: version)) }
        // Version 1 knew no quarantine.
        if version > 1 {
            for _ in 0..<(try reader.count(0...255)) {
                state.quarantined.append(UInt64(bitPattern: try reader.bigEndian()))
            }
        }
        if flags & roundFlag != 0 {
            state.round = try reader.byte()
            state.callsBefore = try reader.byte()
            state.reserved = try reader.signed()
        }
        if phase == .review { state.reviewUntil = try reader.time() }
        if flags & replyFlag != 0 {
            let attempt = try reader.byte()
            state.reply = PendingReply(attempt: attempt, at: Timestamp(milliseconds: try reader.signed()))
        }
        guard reader.isAtEnd, current <= state.steps.count,
            state.attempts.allSatisfy({ Int($0.step) < state.steps.count }),
            state.steps.allSatisfy({ $0.attempt.map { Int($0) < state.attempts.count } ?? true }),
            state.reply.map({ Int($0.attempt) < state.attempts.count }) ?? true
        else { throw ByteReader.damaged }
        return state
    }
}

// MARK: - Steps

extension StateCodec {
    private static func encode(_ step: StepState, _ out: inout ByteWriter) {
        encode(step.status, &out)
        out.byte(step.attempt.map { $0 &+ 1 } ?? 0)
        out.byte(step.refusals)
        out.byte(step.retries)
        out.byte(
            (step.useTemplate ? 1 : 0) | (step.resent ? 2 : 0) | (step.submitIsOver ? 4 : 0) | (step.polled ? 8 : 0)
                | (hasSenders(step) ? sendersFlag : 0) | (step.isApproved ? 64 : 0))
        out.bool(step.clock != nil)
        if let clock = step.clock {
            out.byte(clock.kind.rawValue)
            out.signed(clock.due.milliseconds)
        }
        out.time(step.wakeAt)
        out.signed(step.submitSpent)
        out.time(step.submitSince)
        out.time(step.provenAt)
        if hasSenders(step) {
            out.byte(step.sender)
            out.byte(step.refusedBy)
            out.byte(step.passed)
        }
    }

    private static let sendersFlag: UInt8 = 16

    /// Only a step that went past the first sender of a list pays for it.
    private static func hasSenders(_ step: StepState) -> Bool {
        step.sender != 0 || step.refusedBy != 0 || step.passed != 0
    }

    private static func step(_ reader: inout ByteReader) throws(StoreError) -> StepState {
        var step = StepState()
        step.status = try status(&reader)
        let attempt = try reader.byte()
        step.attempt = attempt == 0 ? nil : attempt - 1
        step.refusals = try reader.byte()
        step.retries = try reader.byte()
        let flags = try reader.byte()
        step.useTemplate = flags & 1 != 0
        step.resent = flags & 2 != 0
        step.submitIsOver = flags & 4 != 0
        step.polled = flags & 8 != 0
        step.isApproved = flags & 64 != 0
        if try reader.bool() {
            step.clock = StepClock(
                kind: try reader.raw(ClockKind.self), due: Timestamp(milliseconds: try reader.signed()))
        }
        step.wakeAt = try reader.time()
        step.submitSpent = try reader.signed()
        step.submitSince = try reader.time()
        step.provenAt = try reader.time()
        if flags & sendersFlag != 0 {
            step.sender = try sender(&reader)
            step.refusedBy = try reader.byte()
            step.passed = try reader.byte()
        }
        return step
    }

    private static func encode(_ status: StepStatus, _ out: inout ByteWriter) {
        switch status {
        case .waiting: out.byte(0)
        case .held(let reason):
            out.byte(1)
            out.byte(reason.rawValue)
        case .ready: out.byte(2)
        case .intent: out.byte(3)
        case .submitted: out.byte(4)
        case .ambiguous: out.byte(5)
        case .done: out.byte(6)
        case .failed(let outcome):
            out.byte(7)
            out.byte(outcome.rawValue)
        case .superseded: out.byte(8)
        case .skipped(let reason):
            out.byte(9)
            out.byte(reason.rawValue)
        case .delegated: out.byte(10)
        }
    }

    private static func status(_ reader: inout ByteReader) throws(StoreError) -> StepStatus {
        switch try reader.byte() {
        case 0: return .waiting
        case 1: return .held(try reader.raw(HoldReason.self))
        case 2: return .ready
        case 3: return .intent
        case 4: return .submitted
        case 5: return .ambiguous
        case 6: return .done
        case 7: return .failed(try reader.raw(AttemptOutcome.self))
        case 8: return .superseded
        case 9: return .skipped(try reader.raw(SkipReason.self))
        case 10: return .delegated
        default: throw ByteReader.damaged
        }
    }
}

// MARK: - Attempts

extension StateCodec {
    private static func encode(_ attempt: AttemptState, _ out: inout ByteWriter) {
        out.byte(attempt.step)
        out.byte(attempt.status.rawValue)
        out.byte(attempt.level.rawValue)
        out.byte(attempt.outcome.map { $0.rawValue + 1 } ?? 0)
        out.signed(Int64(attempt.code))
        out.byte(attempt.call?.rawValue ?? 0)
        out.byte(
            (attempt.isMachine ? 1 : 0) | (attempt.recalled ? 2 : 0) | (attempt.isDecisive ? 4 : 0)
                | (attempt.reserved != 0 ? 8 : 0) | (attempt.sender != 0 ? sendersFlag : 0)
                | (attempt.receiptsAreWeak ? 32 : 0) | (attempt.sharing != nil ? 64 : 0)
                | (attempt.costDay != 0 || attempt.isApproved ? 128 : 0))
        out.unsigned(attempt.seen)
        out.text(attempt.providerID)
        out.text(attempt.providerStatus.rawValue)
        out.byte(attempt.emptyLookUps)
        out.byte(attempt.lookUps)
        out.time(attempt.ambiguousSince)
        if attempt.reserved != 0 { out.signed(attempt.reserved) }
        if attempt.sender != 0 { out.byte(attempt.sender) }
        if let sharing = attempt.sharing { encode(sharing, &out) }
        if attempt.costDay != 0 || attempt.isApproved {
            out.signed(Int64(attempt.costDay) << 1 | (attempt.isApproved ? 1 : 0))
        }
        if attempt.status.isOpen { out.time(attempt.intentAt) }
    }

    private static func attempt(_ reader: inout ByteReader, version: UInt8) throws(StoreError) -> AttemptState {
        var attempt = AttemptState(step: try reader.byte())
        attempt.status = try reader.raw(AttemptStatus.self)
        attempt.level = try reader.raw(EvidenceLevel.self)
        let outcome = try reader.byte()
        attempt.outcome = outcome == 0 ? nil : AttemptOutcome(rawValue: outcome - 1)
        attempt.code = Int32(truncatingIfNeeded: try reader.signed())
        attempt.call = CallProgress(rawValue: try reader.byte())
        let flags = try reader.byte()
        attempt.isMachine = flags & 1 != 0
        attempt.recalled = flags & 2 != 0
        attempt.isDecisive = flags & 4 != 0
        attempt.receiptsAreWeak = flags & 32 != 0
        attempt.seen = try reader.unsigned()
        attempt.providerID = try reader.text()
        attempt.providerStatus = ProviderStatus(rawValue: try reader.text()) ?? .unknown
        attempt.emptyLookUps = try reader.byte()
        attempt.lookUps = try reader.byte()
        attempt.ambiguousSince = try reader.time()
        if flags & 8 != 0 { attempt.reserved = try reader.signed() }
        if flags & sendersFlag != 0 { attempt.sender = try sender(&reader) }
        if flags & 64 != 0 { attempt.sharing = try sharing(&reader) }
        if flags & 128 != 0 {
            let day = try reader.signed()
            attempt.costDay = Int32(truncatingIfNeeded: day >> 1)
            attempt.isApproved = day & 1 != 0
        }
        if version > 4, attempt.status.isOpen { attempt.intentAt = try reader.time() }
        return attempt
    }

    private static func sender(_ reader: inout ByteReader) throws(StoreError) -> UInt8 {
        let sender = try reader.byte()
        guard sender < PlanStep.mostSenders else { throw ByteReader.damaged }
        return sender
    }
}
