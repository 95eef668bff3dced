/// One sender's queue: steps that are ready, and what the sender and its provider may.
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
    /// What the sender may.
    let own: Quota
    /// What its provider may, shared with the provider's other lanes.
    private(set) var provider: Quota
    private var queue = FairQueue<Entry>()
    /// Critical entries that have not left.
    private var waitingCritical = 0
    /// What became of its requests.
    var results = LaneResults()

    init(_ settings: LaneSettings, provider: Quota, now: Timestamp) {
        self.settings = settings
        self.provider = provider
        own = Quota(settings.limits, now: now)
    }

    func configure(_ settings: LaneSettings, provider: Quota, now: Timestamp) {
        self.settings = settings
        self.provider.waiting -= own.waiting
        provider.waiting += own.waiting
        self.provider = provider
        own.configure(settings.limits, now: now)
    }

    // MARK: who waits

    /// - Parameter tenant: a number of `Tenants`.
    func enter(_ entry: Entry, _ priority: Priority, tenant: Int) {
        queue.append(entry, priority, tenant: tenant)
        own.waiting += 1
        provider.waiting += 1
        if priority == .critical { waitingCritical += 1 }
    }

    /// An entry left without a grant, or was granted.
    func left(_ priority: Priority) {
        guard own.waiting > 0 else { return }
        own.waiting -= 1
        provider.waiting -= 1
        if priority == .critical { waitingCritical = max(0, waitingCritical - 1) }
    }

    /// Entries that have not left; stale ones are not counted.
    var waiting: Int { own.waiting }

    /// The next entry in order that still counts, whether or not the sender may.
    func pop(criticalOnly: Bool, of mayGo: (_ tenant: Int) -> Bool, where counts: (Entry) -> Bool) -> Entry? {
        queue.popFirst(criticalOnly: criticalOnly, of: mayGo, where: counts)
    }

    /// Sets tenants aside who would be next and may not go. Returns whether somebody is left who may.
    func hasNext(criticalOnly: Bool, of mayGo: (_ tenant: Int) -> Bool) -> Bool {
        queue.setAside(unless: mayGo)
        return !queue.isEmpty(criticalOnly: criticalOnly)
    }

    /// Gives tenants who may go again their turns.
    func takeBack(if mayGo: (_ tenant: Int) -> Bool) {
        if queue.hasAside { queue.takeBack(if: mayGo) }
    }

    /// How long a new entry would wait at most: a critical one for its like, the others for all.
    func expectedWait(_ priority: Priority) -> Duration {
        let rate = min(settings.rate, provider.rate ?? .infinity)
        guard rate > 0 else { return .zero }
        let before = priority == .critical ? waitingCritical : waiting
        return .milliseconds(Int64(min(Double(before) / rate * 1_000, 1e12)))
    }

    // MARK: what it may

    /// Whether both windows have room; `limit` narrows the sender's while its circuit is half open.
    func hasRoom(limit: Int?) -> Bool { own.hasRoom(limit: limit) && provider.hasRoom() }

    /// When sender and provider have a token.
    func nextToken(after now: Timestamp) -> Timestamp { max(own.next(after: now), provider.next(after: now)) }

    func takeToken(at now: Timestamp) {
        own.take(at: now)
        provider.take(at: now)
    }

    /// When something that waits may go; `nil` while that takes more than time.
    func nextWake(after now: Timestamp, limit: Int?, _ tenants: Tenants) -> Timestamp? {
        guard waiting > 0, hasRoom(limit: limit) else { return nil }
        let token = nextToken(after: now)
        // Entries parked behind a live call wait as well, but not for a token.
        guard queue.isEmpty() else { return token }
        let times = queue.aside.compactMap { tenants[$0].hasRoom() ? tenants[$0].next(after: now) : nil }
        return times.min().map { max($0, token) }
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
