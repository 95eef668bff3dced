/// Evidence about one attempt: from a create answer, a status callback, a poll, or a call's turn.
public struct AttemptReport: Sendable, Hashable {
    /// The proven level; `none` when the report proves nothing.
    public var level: EvidenceLevel
    /// A failure, valid only while the attempt is below `delivered`.
    public var outcome: AttemptOutcome?
    /// The classified error behind the outcome.
    public var failure: ProviderFailure?
    /// Progress of a call.
    public var call: CallProgress?
    /// Recognises a repeated report: bit 0...63 in the attempt's set; `nil` for reports that never repeat.
    public var mark: UInt8?
    /// The provider's id, for reports that come before the create answer.
    public var providerID: String?
    /// The provider's own word for the status.
    public var status: ProviderStatus

    /// What the provider said beside it, as JSON; `nil` for nothing. Nothing is decided by it.
    public var details: [UInt8]?

    /// A report that proves `level`.
    public init(_ level: EvidenceLevel, status: ProviderStatus = .unknown) {
        self.level = level
        self.status = status
    }
}

/// How far a call got. Orthogonal to the evidence: an answered call proves a human only by detection, speech or a key.
public enum CallProgress: UInt8, Sendable, Hashable, Comparable {
    case ringing = 1
    case answered, ended

    /// An earlier stage of a call.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A provider's status word; a closed list, so that no free string reaches a log. Words are Twilio's, which other
/// providers map to.
public enum ProviderStatus: String, Sendable, Hashable, CaseIterable {
    case unknown, accepted, scheduled, queued, sending, sent, delivered, undelivered, failed, read, canceled
    case partiallyDelivered = "partially_delivered"
    case initiated, ringing
    case inProgress = "in-progress"
    case completed, busy
    case noAnswer = "no-answer"
    case human, machine, fax

    /// What detection says about who answered.
    public var isVerdict: Bool { self == .human || self == .machine || self == .fax }
}
