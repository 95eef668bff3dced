/// A fault to rehearse.
struct FaultRule: Sendable, Equatable {
    /// What goes wrong.
    enum Kind: String, Sendable, CaseIterable {
        /// An error status instead of the answer.
        case status
        /// The connection is closed without a byte of answer.
        case cut
        /// The answer takes longer.
        case latency
        /// A status callback is lost, doubled, overtaken by later ones, or earlier than the answer to the create.
        case callback
        /// Lists do not show what is younger than the lag.
        case listLag = "list_lag"
        /// The connection is closed after the answer.
        case idleClose = "idle_close"
    }

    /// What happens to a callback.
    enum CallbackFault: String, Sendable, CaseIterable {
        case lost, doubled, reordered, early
    }

    /// What goes wrong.
    var kind: Kind
    /// A piece of the path (for callbacks: `Messages`, `Calls`, `Rooms`); empty for all.
    var path = ""
    /// The request's method; nil for all.
    var method: String?
    /// The status of a `status` fault.
    var status = 503
    /// The provider's code in its body; nil for one that suits the status.
    var code: Int?
    /// Whether the request is carried out before it goes wrong.
    var isAfterAccepting = false
    /// How likely it is, 0 to 1.
    var probability = 1.0
    /// How often it happens at most; nil for ever.
    var times: Int?
    /// Milliseconds announced by `Retry-After`.
    var retryAfter: Int64?
    /// Milliseconds added by a `latency` fault.
    var latency: ClosedRange<Int64> = 0...0
    /// What happens to a callback.
    var callback = CallbackFault.lost
    /// Milliseconds of a `list_lag` fault.
    var lag: Int64 = 10_000

    /// Reads a list of faults.
    static func list(_ node: ScriptNode, _ reader: inout ScriptReader) -> [FaultRule] {
        reader.elements(node, of: "faults").compactMap { FaultRule($0, &reader) }
    }

    private init?(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let keys = [
            "kind", "path", "method", "status", "code", "after_accepting", "probability", "times", "retry_after",
            "latency",
            "what", "lag",
        ]
        let members = reader.members(node, of: "a fault", keys: keys)
        guard let kindNode = members["kind"] else {
            reader.report("missing", "a fault has a kind", at: node)
            return nil
        }
        let word = reader.word(kindNode, "kind", of: Kind.allCases.map(\.rawValue))
        guard let kind = word.flatMap({ Kind(rawValue: $0) }) else { return nil }
        self.kind = kind
        path = reader.text(members["path"], "path") ?? ""
        method = reader.text(members["method"], "method")
        status = reader.integer(members["status"], "status", in: 400...599) ?? status
        code = reader.errorCode(members["code"], "code")
        isAfterAccepting = reader.flag(members["after_accepting"], "after_accepting") ?? false
        probability = reader.share(members["probability"], "probability") ?? 1
        times = reader.integer(members["times"], "times", in: 0...Int.max)
        retryAfter = reader.duration(members["retry_after"], "retry_after")
        latency = reader.durations(members["latency"], "latency") ?? latency
        let what = reader.word(members["what"], "what", of: CallbackFault.allCases.map(\.rawValue))
        callback = what.flatMap { CallbackFault(rawValue: $0) } ?? callback
        if kind == .callback && members["what"] == nil {
            reader.report("missing", "a callback fault says what: lost, doubled, reordered or early", at: node)
        }
        lag = reader.duration(members["lag"], "lag") ?? lag
    }
}
