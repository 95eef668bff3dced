extension DeliveryEvent {
    /// Recognises the event after a crash: the same thing happening to the same delivery has the same value in every
    /// process. Times, texts and generations, which differ when it comes again, are left out.
    /// - Parameter state: of the delivery, before the event.
    /// - Returns: never zero.
    public func fingerprint(in state: DeliveryState) -> UInt64 {
        var value = Fingerprint(kind: kind)
        switch self {
        case .accepted, .granted, .cancelled, .asked, .recheck, .restarted, .approved, .dismissed, .replied: break
        case .result(let attempt, let result): value.add(attempt, result.kind)
        case .lookedUp(let attempt, let result): value.add(attempt, result.kind)
        case .polled(let attempt, let report): value.add(attempt, report)
        case .report(let attempt, let report): value.add(attempt, report)
        case .timer: value.add(state.armed.map { Int($0.kind.rawValue) + 1 } ?? 0, state.current)
        case .acknowledged(let attempt), .rejected(let attempt): value.add(attempt.map { $0 + 1 } ?? 0, 0)
        case .delegated(let step, let result): value.add(step, Int(result.rawValue))
        case .joined(let leader): value.add(leader.attempt, 0)
        case .leads(let attempt, let riders): value.add(attempt, riders.count)
        case .priced(let attempt, _): value.add(attempt, 0)
        case .optedOut(let channels): value.add(channels == nil ? 0 : 1, 0)
        }
        return value.bits
    }

    private var kind: UInt64 {
        switch self {
        case .accepted: 1
        case .granted: 2
        case .result: 3
        case .lookedUp: 4
        case .polled: 5
        case .report: 6
        case .timer: 7
        case .acknowledged: 8
        case .rejected: 9
        case .optedOut: 10
        case .cancelled: 11
        case .asked: 12
        case .recheck: 13
        case .restarted: 14
        case .delegated: 15
        case .joined: 16
        case .leads: 17
        case .approved: 40
        case .dismissed: 41
        case .priced: 42
        case .replied: 43
        }
    }
}

/// Small numbers packed side by side: the kind, two numbers, and a report.
private struct Fingerprint {
    private(set) var bits: UInt64

    init(kind: UInt64) { bits = kind << 56 }

    mutating func add(_ first: Int, _ second: Int) {
        bits |= UInt64(truncatingIfNeeded: first & 0xFFFF) << 40 | UInt64(truncatingIfNeeded: second & 0xFF) << 32
    }

    mutating func add(_ attempt: Int, _ report: AttemptReport?) {
        guard let report else { return add(attempt, 1) }
        add(attempt, 2)
        bits |= UInt64(report.level.rawValue & 0xF) << 28 | UInt64(report.call?.rawValue ?? 0) << 24
        bits |= UInt64(report.outcome.map { $0.rawValue + 1 } ?? 0) << 16
        bits |= UInt64(report.mark.map { UInt16($0) + 1 } ?? 0)
    }
}

extension SendResult {
    fileprivate var kind: Int {
        switch self {
        case .accepted: 1
        case .refused: 2
        case .ambiguous: 3
        }
    }
}

extension LookUpResult {
    fileprivate var kind: Int {
        switch self {
        case .found: 1
        case .absent: 2
        case .unanswered: 3
        case .unclear: 4
        }
    }
}
