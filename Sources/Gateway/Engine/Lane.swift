/// One sender's queue: steps that are ready, the rate at which they may go, and how many are in flight.
///
/// Critical ones go first, then by arrival. Waiting here is durable as `ready` and harmless to repeat.
final class Lane {
    struct Entry {
        var delivery: RecordID
        /// The delivery's ticket in the lane; an entry with an older one has left.
        var ticket: UInt64
        var number: String
    }

    private(set) var settings: LaneSettings
    private var queues: [Queue<Entry>] = Array(repeating: Queue(), count: Priority.allCases.count)
    private var tokens: Double
    private var refilled: Timestamp
    /// Requests that wait for their answer, or live calls.
    var inFlight = 0
    /// What became of its requests.
    var results = LaneResults()
    /// Entries that have not left; stale ones are not counted.
    private(set) var waiting = 0

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

    func enter(_ entry: Entry, _ priority: Priority) {
        queues[priority.rank].append(entry)
        waiting += 1
    }

    /// An entry left without a grant, or was granted.
    func left() { waiting = max(0, waiting - 1) }

    /// The next entry in order, whether or not it may go.
    func pop() -> Entry? {
        for rank in queues.indices.reversed() {
            if let entry = queues[rank].popFirst() { return entry }
        }
        return nil
    }

    var isEmpty: Bool { queues.allSatisfy(\.isEmpty) }

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

    /// How long a new entry would wait.
    var expectedWait: Duration {
        guard settings.rate > 0 else { return .zero }
        return .milliseconds(Int64(min(Double(waiting) / settings.rate * 1_000, 1e12)))
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
