/// One sender's queue: steps that are ready, the rate at which they may go, and how many are in flight.
///
/// Their order is that of `FairQueue`. Waiting here is durable as `ready` and harmless to repeat.
final class Lane {
    struct Entry {
        var delivery: RecordID
        /// The delivery's ticket in the lane; an entry with an older one has left.
        var ticket: UInt64
        var number: String
    }

    private(set) var settings: LaneSettings
    private var queue = FairQueue<Entry>()
    private var tokens: Double
    private var refilled: Timestamp
    /// Requests that wait for their answer, or live calls.
    var inFlight = 0
    /// What became of its requests.
    var results = LaneResults()
    /// Entries that have not left, by `Priority.rank`; stale ones are not counted.
    private var waitingByRank = Array(repeating: 0, count: Priority.allCases.count)

    init(_ settings: LaneSettings, now: Timestamp) {
        self.settings = settings
        tokens = Self.burst(settings)
        refilled = now
    }

    func configure(_ settings: LaneSettings) {
        self.settings = settings
        tokens = min(tokens, Self.burst(settings))
    }

    /// A sender may use what a tenth of a second gave it, and at least one.
    private static func burst(_ settings: LaneSettings) -> Double { max(1, settings.rate / 10) }

    /// - Parameter tenant: a number of `TenantNumbers`.
    func enter(_ entry: Entry, _ priority: Priority, tenant: Int) {
        queue.append(entry, priority, tenant: tenant)
        waitingByRank[priority.rank] += 1
    }

    /// An entry left without a grant, or was granted.
    func left(_ priority: Priority) { waitingByRank[priority.rank] = max(0, waitingByRank[priority.rank] - 1) }

    /// The next entry in order that still counts, whether or not it may go.
    func pop(where counts: (Entry) -> Bool) -> Entry? { queue.popFirst(where: counts) }

    var isEmpty: Bool { queue.isEmpty }

    /// Entries that have not left.
    var waiting: Int { waitingByRank.reduce(0, +) }

    /// Whether the window has room; `limit` narrows it while a circuit is half open.
    func hasRoom(limit: Int?) -> Bool { inFlight < min(settings.concurrency, limit ?? settings.concurrency) }

    /// Takes a token if there is one.
    func takeToken(at now: Timestamp) -> Bool {
        refill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    private func refill(_ now: Timestamp) {
        // A clock that was set back must not stop the lane for as long.
        guard now > refilled else {
            if now < refilled { refilled = now }
            return
        }
        let gained = Double((now - refilled).milliseconds) / 1_000 * settings.rate
        tokens = min(Self.burst(settings), tokens + gained)
        refilled = now
    }

    /// When the next token comes, if one is missing.
    func nextToken(after now: Timestamp) -> Timestamp {
        refill(now)
        guard tokens < 1, settings.rate > 0 else { return now }
        let milliseconds = ((1 - tokens) / settings.rate * 1_000).rounded(.up)
        return now + .milliseconds(Int64(max(1, min(milliseconds, 86_400_000))))
    }

    /// How long a new entry would wait at most: a critical one for its like, the others for all.
    func expectedWait(_ priority: Priority) -> Duration {
        guard settings.rate > 0 else { return .zero }
        let before = priority == .critical ? waitingByRank[priority.rank] : waiting
        return .milliseconds(Int64(min(Double(before) / settings.rate * 1_000, 1e12)))
    }
}

/// What became of a lane's requests since the start.
public struct LaneResults: Sendable, Hashable {
    /// The provider has it.
    public var accepted = 0
    /// Surely not processed.
    public var refused = 0
    /// Nobody knows: 5xx, timeout, cut connection.
    public var ambiguous = 0

    /// All zero.
    public init() {}
}
