/// A token bucket: so many tokens a second, and a tenth of a second's worth kept, but at least one.
struct TokenBucket {
    private(set) var rate: Double
    private var tokens: Double
    private var refilled: Timestamp
    /// What is added in portions may miss one by a rounding error.
    private static let one = 1 - 1e-9

    /// A full one.
    init(rate: Double, now: Timestamp) {
        self.rate = rate
        tokens = Self.burst(rate)
        refilled = now
    }

    private static func burst(_ rate: Double) -> Double { max(1, rate / 10) }

    mutating func configure(rate: Double, now: Timestamp) {
        refill(now)
        self.rate = rate
        tokens = min(tokens, Self.burst(rate))
    }

    /// Takes a token if there is one.
    mutating func take(at now: Timestamp) {
        refill(now)
        tokens = max(0, tokens - 1)
    }

    private mutating func refill(_ now: Timestamp) {
        // A clock that was set back must not stop the bucket for as long.
        guard now > refilled else {
            if now < refilled { refilled = now }
            return
        }
        tokens = min(Self.burst(rate), tokens + Double((now - refilled).milliseconds) / 1_000 * rate)
        refilled = now
    }

    /// When there is a token: `now`, or the next millisecond at which there will be.
    mutating func next(after now: Timestamp) -> Timestamp {
        refill(now)
        guard tokens < Self.one, rate > 0 else { return now }
        let milliseconds = ((Self.one - tokens) / rate * 1_000).rounded(.up)
        return now + .milliseconds(Int64(max(1, min(milliseconds, 86_400_000))))
    }
}
