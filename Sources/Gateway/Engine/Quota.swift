/// What a sender, a provider or a tenant may do: tokens, and a window of what is under way.
final class Quota {
    private(set) var concurrency: Int?
    private var bucket: TokenBucket?
    /// Requests that wait for their answer, or live calls.
    var inFlight = 0
    /// Steps that are ready.
    var waiting = 0

    init(_ limits: LimitSettings, now: Timestamp) {
        concurrency = limits.concurrency
        bucket = limits.rate.map { TokenBucket(rate: $0, now: now) }
    }

    func configure(_ limits: LimitSettings, now: Timestamp) {
        concurrency = limits.concurrency
        guard let rate = limits.rate else { return bucket = nil }
        if bucket == nil { bucket = TokenBucket(rate: rate, now: now) }
        bucket?.configure(rate: rate, now: now)
    }

    var isLimited: Bool { bucket != nil || concurrency != nil }

    /// Requests a second; `nil` for no limit.
    var rate: Double? { bucket?.rate }

    /// Whether the window has room; `limit` narrows it while a circuit is half open.
    func hasRoom(limit: Int? = nil) -> Bool {
        guard concurrency != nil || limit != nil else { return true }
        return inFlight < min(concurrency ?? .max, limit ?? .max)
    }

    func take(at now: Timestamp) { bucket?.take(at: now) }

    /// When there is a token.
    func next(after now: Timestamp) -> Timestamp { bucket?.next(after: now) ?? now }

    /// Whether it has room and a token.
    func mayGo(at now: Timestamp) -> Bool { hasRoom() && next(after: now) <= now }
}
