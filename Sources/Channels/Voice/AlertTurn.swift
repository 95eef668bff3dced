import Gateway

/// What a turn of an alert call means, and what the call does next.
public struct AlertTurn: Sendable, Hashable {
    /// The next document.
    public var script: CallScript
    /// What the person answered; `nil` while nothing is decided.
    public var answer: AlertAnswer?
    /// What the turn proves about the attempt; never more than `read`, as an acknowledgement is an answer.
    public var level: EvidenceLevel

    /// A turn that decides nothing.
    public init(_ script: CallScript, level: EvidenceLevel = .sent, answer: AlertAnswer? = nil) {
        self.script = script
        self.level = level
        self.answer = answer
    }
}

/// What a person said by a key.
public enum AlertAnswer: String, Sendable, Hashable {
    /// 1.
    case acknowledged
    /// 9: 'not me'.
    case rejected
}

/// Who picked up, as far as is known when a document is asked for.
public enum AlertListener: String, Sendable, Hashable {
    case unknown, human, machine
}
