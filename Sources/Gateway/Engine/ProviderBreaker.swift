/// A circuit breaker for a whole provider: opens after failures in a row over more than one of its senders, or without a
/// connection, and lets one request through to probe. Other failures of one sender alone are that sender's.
struct ProviderBreaker: Equatable {
    private(set) var circuit = Breaker()
    /// The sender of the first failure in a row, and whether another failed after it.
    private var failing: String?
    private var areSeveral = false
    /// The exchange that probes.
    private(set) var probe: Int?

    /// Why requests may not go; `nil` when they may.
    var hold: HoldReason? { circuit.hold }

    /// A probe is on its way: nothing else goes until it is back.
    var isProbing: Bool { circuit.state == .halfOpen && probe != nil }

    /// A request leaves.
    mutating func began(_ exchange: Int) { if circuit.state == .halfOpen, probe == nil { probe = exchange } }

    /// A request came back, whatever it brought: another one may probe.
    mutating func ended(_ exchange: Int) { if probe == exchange { probe = nil } }

    /// A good answer of any sender. Returns whether something changed for those who wait.
    mutating func succeeded() -> Bool {
        failing = nil
        areSeveral = false
        return circuit.succeeded()
    }

    /// A 5xx, a timeout, a cut or failed connection. Without a connection it fails for every sender alike.
    /// Returns whether the circuit opened.
    mutating func failed(_ channel: String, isUnreachable: Bool = false, at now: Timestamp) -> Bool {
        if failing == nil { failing = channel } else if failing != channel { areSeveral = true }
        if isUnreachable { areSeveral = true }
        return circuit.failed(at: now, mayOpen: areSeveral)
    }

    /// The pause is over: one request may probe. Returns whether that is news.
    mutating func halfOpen(at now: Timestamp) -> Bool { circuit.halfOpen(at: now) }

    /// A new configuration may have mended it.
    mutating func probeNow() { circuit.probeNow() }

    var opensAt: Timestamp? { circuit.opensAt }
}
