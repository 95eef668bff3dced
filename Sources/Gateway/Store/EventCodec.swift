/// The stored form of one transition: the previous event's sequence, the time, then its notes.
public enum EventCodec {
    /// The blob of an event row.
    public static func encode(_ notes: [DeliveryNote], previous: Int64, at time: Timestamp) -> [UInt8] {
        var out = ByteWriter(capacity: 64)
        out.bigEndian(previous)
        out.signed(time.milliseconds)
        out.unsigned(UInt64(notes.count))
        for note in notes { encode(note, &out) }
        return out.bytes
    }

    /// Reads an event row.
    /// - Throws: `.corrupt` for a damaged blob.
    public static func decode(_ blob: [UInt8]) throws(StoreError) -> (time: Timestamp, notes: [DeliveryNote]) {
        var reader = ByteReader(blob)
        _ = try reader.bigEndian()
        let time = Timestamp(milliseconds: try reader.signed())
        var notes: [DeliveryNote] = []
        for _ in 0..<(try reader.count(0...1_000)) { notes.append(try note(&reader)) }
        guard reader.isAtEnd else { throw ByteReader.damaged }
        return (time, notes)
    }

    private static func encode(_ note: DeliveryNote, _ out: inout ByteWriter) {
        func put(_ tag: UInt8, _ index: Int, _ rest: UInt8...) {
            out.byte(tag)
            out.unsigned(UInt64(index))
            for byte in rest { out.byte(byte) }
        }
        switch note {
        case .accepted: out.byte(0)
        case .started(let step): put(1, step)
        case .skipped(let step, let reason): put(2, step, reason.rawValue)
        case .held(let step, let reason): put(3, step, reason.rawValue)
        case .queued(let step): put(4, step)
        case .intent(let attempt): put(5, attempt)
        case .submitted(let attempt): put(6, attempt)
        case .refused(let attempt, let failureClass, let code):
            put(7, attempt, failureClass.rawValue)
            out.signed(Int64(code))
        case .ambiguous(let attempt, let code):
            put(8, attempt)
            out.signed(Int64(code))
        case .lookedUp(let attempt, let found): put(9, attempt, found.map { $0 ? 2 : 1 } ?? 0)
        case .evidence(let attempt, let level, let status):
            put(10, attempt, level.rawValue)
            out.text(status.rawValue)
        case .outcome(let attempt, let outcome, let code):
            put(11, attempt, outcome.rawValue)
            out.signed(Int64(code))
        case .progress(let attempt, let call): put(12, attempt, call.rawValue)
        case .clock(let step, let kind): put(13, step, kind.rawValue)
        case .superseded(let step): put(14, step)
        case .failed(let step, let outcome): put(15, step, outcome.rawValue)
        case .recalled(let attempt): put(16, attempt)
        case .possibleDuplicate(let attempt): put(17, attempt)
        case .duplicateExposure: out.byte(18)
        case .duplicateReport: out.byte(19)
        case .staleTimer: out.byte(20)
        case .ended(let phase, let late): put(21, late ? 1 : 0, phase.rawValue)
        case .acknowledged(let attempt): put(22, attempt.map { $0 + 1 } ?? 0)
        case .rejected(let attempt): put(23, attempt.map { $0 + 1 } ?? 0)
        case .clockSet(let step, let kind, let due):
            put(24, step, kind.rawValue)
            out.signed(due.milliseconds)
        case .delegated(let step): put(25, step)
        case .delegationEnded(let step, let result): put(26, step, result.rawValue)
        case .roundOpened(let time):
            out.byte(27)
            out.signed(time.milliseconds)
        case .sender(let step, let sender): put(28, step, UInt8(truncatingIfNeeded: sender))
        case .bundled(let attempt, let others):
            put(29, attempt, UInt8(clamping: others.count))
            for other in others { out.bigEndian(other.rawValue) }
        case .reviewAsked(let until):
            out.byte(40)
            out.signed(until.milliseconds)
        case .approved: out.byte(41)
        case .dismissed: out.byte(42)
        case .priced(let attempt, let micros):
            put(43, attempt)
            out.signed(micros)
        case .replied(let attempt): put(44, attempt)
        }
    }

    private static func note(_ reader: inout ByteReader) throws(StoreError) -> DeliveryNote {
        let tag = try reader.byte()
        switch tag {
        case 0: return .accepted
        case 18: return .duplicateExposure
        case 19: return .duplicateReport
        case 20: return .staleTimer
        case 27: return .roundOpened(at: Timestamp(milliseconds: try reader.signed()))
        case 40: return .reviewAsked(until: Timestamp(milliseconds: try reader.signed()))
        case 41: return .approved
        case 42: return .dismissed
        default: break
        }
        let index = try reader.count(0...255)
        switch tag {
        case 1: return .started(step: index)
        case 2: return .skipped(step: index, try reader.raw(SkipReason.self))
        case 3: return .held(step: index, try reader.raw(HoldReason.self))
        case 4: return .queued(step: index)
        case 5: return .intent(attempt: index)
        case 6: return .submitted(attempt: index)
        case 7: return .refused(attempt: index, try reader.raw(FailureClass.self), code: try code(&reader))
        case 8: return .ambiguous(attempt: index, code: try code(&reader))
        case 9:
            let found = try reader.byte()
            return .lookedUp(attempt: index, found: found == 0 ? nil : found == 2)
        case 10:
            let level = try reader.raw(EvidenceLevel.self)
            return .evidence(attempt: index, level, ProviderStatus(rawValue: try reader.text()) ?? .unknown)
        case 11: return .outcome(attempt: index, try reader.raw(AttemptOutcome.self), code: try code(&reader))
        case 12: return .progress(attempt: index, try reader.raw(CallProgress.self))
        case 13: return .clock(step: index, try reader.raw(ClockKind.self))
        case 14: return .superseded(step: index)
        case 15: return .failed(step: index, try reader.raw(AttemptOutcome.self))
        case 16: return .recalled(attempt: index)
        case 17: return .possibleDuplicate(attempt: index)
        case 21: return .ended(try reader.raw(DeliveryPhase.self), late: index == 1)
        case 22: return .acknowledged(attempt: index == 0 ? nil : index - 1)
        case 23: return .rejected(attempt: index == 0 ? nil : index - 1)
        case 24:
            let kind = try reader.raw(ClockKind.self)
            return .clockSet(step: index, kind, due: Timestamp(milliseconds: try reader.signed()))
        case 25: return .delegated(step: index)
        case 26: return .delegationEnded(step: index, try reader.raw(DelegationResult.self))
        case 28: return .sender(step: index, Int(try reader.byte()))
        case 29:
            var others: [RecordID] = []
            for _ in 0..<(try reader.byte()) { others.append(try reader.recordID()) }
            return .bundled(attempt: index, with: others)
        case 43: return .priced(attempt: index, micros: try reader.signed())
        case 44: return .replied(attempt: index)
        default: throw ByteReader.damaged
        }
    }

    private static func code(_ reader: inout ByteReader) throws(StoreError) -> Int32 {
        Int32(truncatingIfNeeded: try reader.signed())
    }
}
