/// What a key spent on one day: an addition to the day's row, or the row itself where a store is read.
public struct SpendRecord: Sendable, Hashable {
    /// Whole days since the Unix epoch, UTC.
    public var day: Int64
    /// The key's id.
    public var key: String
    /// Calls that may be placed for what was accepted.
    public var calls: Int
    /// Micros of the gateway's currency: the upper bounds of what was accepted.
    public var micros: Int64

    /// A row of `spend`.
    public init(day: Int64, key: String, calls: Int, micros: Int64) {
        self.day = day
        self.key = key
        self.calls = calls
        self.micros = micros
    }

    /// The UTC day of a time.
    public static func day(of time: Timestamp) -> Int64 { time.milliseconds / 86_400_000 }

    /// Days before this one are of no use to anybody once `day` has begun; the one before it stays for a clock that is
    /// set back a little.
    public static func oldest(keptOn day: Int64) -> Int64 { day - 1 }
}
