/// How an attempt ended without reaching its goal; beside the level, and valid only below `delivered`.
public enum AttemptOutcome: UInt8, Sendable, Hashable, CaseIterable {
    /// The provider never got it out, or refused the request.
    case failed
    /// The network refused it.
    case undelivered
    /// Cancelled before it was sent, not by us.
    case canceled
    /// Not sent, delivered, read or answered in the time of the clock.
    case timeout
    /// Delivered, but not acknowledged in `ack_within`.
    case unacknowledged
    case busy
    case noAnswer
    /// SIP 603, or busy after ringing was reported. Never redialled by itself.
    case declined
    case machine
    /// A human answered and pressed nothing.
    case humanNoKey
    /// The person said 'not me'.
    case rejected

    /// The word in `outcomes:` of a step, in the API and in timelines.
    public var word: String { Self.words[Int(rawValue)] }

    /// Reads the word; `nil` for an unknown one.
    public init?(word: some StringProtocol) {
        guard let index = Self.words.firstIndex(where: { $0 == word }) else { return nil }
        self.init(rawValue: UInt8(index))
    }

    private static let words = [
        "failed", "undelivered", "canceled", "timeout", "no_ack", "busy", "no_answer", "declined", "machine",
        "human_no_key", "rejected",
    ]
}

/// What `outcomes:` of a step says about an outcome.
public enum OutcomeAction: Sendable, Hashable {
    /// The next step; the default.
    case next
    /// The same step again, `after` a time, at most `times` times. A call stays bounded by `max_calls`.
    case retry(after: Duration, times: Int)
    /// No further step by itself; an acknowledgement or `expires` ends it.
    case wait
    /// No further step; `on_exhausted` runs.
    case stop
    /// No further step, and a review.
    case review
    /// No further step; another policy takes over.
    case policy(String)
}
