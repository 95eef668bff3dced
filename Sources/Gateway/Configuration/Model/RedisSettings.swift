/// `gateway.redis`: where events go beside those who ask for them.
public struct RedisSettings: Sendable, Hashable {
    /// Where events begin when neither the stream nor the gateway knows.
    public enum Beginning: String, Sendable, Hashable, CaseIterable {
        /// With what happens from then on.
        case now
        /// With everything that is stored.
        case start
    }

    /// As `redis://user:password@host:port/0`; a secret.
    public var url: String
    /// The key of the stream.
    public var stream: String
    /// About so many entries are kept, at least; `nil` for all of them.
    public var maxLength: Int?
    /// Globs of types, as subscriptions have them; empty for all.
    public var types: [String] = []
    /// Where it begins.
    public var from = Beginning.now
    /// PEM file of an authority that is trusted beside the system's.
    public var caFile: String?

    /// All events.
    public init(url: String, stream: String) {
        self.url = url
        self.stream = stream
    }
}
