/// A circuit breaker for one sender: opens after failures in a row, and lets one request through to probe.
///
/// A stopped sender is the same with another reason: bad credentials open it at once.
struct Breaker: Equatable {
    enum State: Equatable {
        case closed
        case open(until: Timestamp)
        /// One request may go.
        case halfOpen
    }

    static let threshold = 5
    static let firstPause = Duration.seconds(10)
    static let longestPause = Duration.seconds(60)

    private(set) var state = State.closed
    private(set) var reason = HoldReason.circuitOpen
    private var failures = 0
    private var pause = Breaker.firstPause

    /// Why requests may not go; `nil` when they may.
    var hold: HoldReason? { if case .open = state { reason } else { nil } }

    /// A good answer. Returns whether something changed for those who wait.
    mutating func succeeded() -> Bool {
        failures = 0
        pause = Self.firstPause
        guard state != .closed else { return false }
        state = .closed
        reason = .circuitOpen
        return true
    }

    /// A 5xx, a timeout or a cut connection. Returns whether the circuit opened; a closed one does when it `mayOpen`.
    mutating func failed(at now: Timestamp, mayOpen: Bool = true) -> Bool {
        failures += 1
        guard state == .halfOpen || (state == .closed && failures >= Self.threshold && mayOpen) else { return false }
        open(now)
        return true
    }

    /// Bad credentials. Answers to requests that left together count once.
    mutating func stopped(at now: Timestamp) {
        reason = .senderStopped
        if case .open = state { return }
        open(now)
    }

    private mutating func open(_ now: Timestamp) {
        state = .open(until: now + pause)
        pause = min(Self.longestPause, pause * 2)
    }

    /// The pause is over: one request may probe. Returns whether that is news.
    mutating func halfOpen(at now: Timestamp) -> Bool {
        guard case .open(let until) = state, until <= now else { return false }
        state = .halfOpen
        return true
    }

    /// New credentials may have come with a reload.
    mutating func probeNow() { if case .open = state { state = .halfOpen } }

    var opensAt: Timestamp? { if case .open(let until) = state { until } else { nil } }
}
