/// What a client allows itself and its peers.
public struct HTTPClientLimits: Sendable {
    /// Connections per origin and event loop, in use or idle.
    public var connectionsPerOrigin = 32
    /// Requests per origin and event loop that may wait for a connection; one more fails with `connect`.
    public var waitingPerOrigin = 10_000
    /// How long an unused connection stays open.
    public var idleTimeout = Duration.seconds(30)
    /// How long one address of a host may take to connect before the next one is tried.
    public var connectTimeout = Duration.seconds(5)
    /// Longest status line in bytes.
    public var statusLineBytes = 8 * 1024
    /// All header (or all trailer) lines together in bytes.
    public var headerBytes = 64 * 1024
    /// Number of header (or trailer) fields.
    public var headerFields = 200
    /// Longest body in bytes after transfer decoding.
    public var bodyBytes = 8 * 1024 * 1024
    /// How long a resolved name is kept.
    public var nameLifetime = Duration.seconds(30)
    /// Connects to addresses alone that the whole internet reaches, whatever a name resolves to. No name is looked up twice
    /// for one connection, so one that changes its mind gains nothing.
    public var publicAddressesOnly = false

    /// The defaults above.
    public init() {}
}
