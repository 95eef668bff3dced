/// The section `gateway:`.
public struct GatewaySettings: Sendable, Hashable {
    /// Webhooks, signed media, links: what the internet may reach.
    public var publicListener: ListenerSettings
    /// API, console, metrics, reload.
    public var privateListener: ListenerSettings
    /// The built-in look-alike; `nil` when no provider uses it.
    public var simulatorListener: ListenerSettings?
    /// Origin of the URLs given to providers, without a trailing slash; `nil` for the public listener's bound address.
    public var publicURL: String?
    /// Where records are kept.
    public var store: StoreLocation
    /// IANA name; the zone where neither the contact nor the number's country has one.
    public var timeZone: String
    /// BCP 47; every template has it.
    public var defaultLocale: String
    /// ISO 4217; the currency of all prices.
    public var currency: String
    /// How often one person may be reached, whoever sends.
    public var perPerson = ExposureLimits()
    /// What the process may use before new work is refused.
    public var limits = CapacityLimits()
    /// What holds for all subscribers to events.
    public var subscriptions = SubscriptionSettings()
    /// The stream of Redis to which events are added; `nil` for none.
    public var redis: RedisSettings?
    /// The index outside that finds documents; `nil` for the store's own.
    public var documents: MeilisearchSettings?
}

/// What holds for all subscribers: `gateway.subscriptions`.
public struct SubscriptionSettings: Sendable, Hashable {
    /// Subscribers may be at addresses that only this network or machine knows.
    public var allowsPrivate = false
    /// Events that are older when their turn comes are passed over, unless a subscription says otherwise; `nil` for none.
    public var maxAge: Duration?

    /// Public addresses alone, and events of any age.
    public init() {}
}

extension GatewaySettings {
    /// The keys whose values a running process cannot take over, as they stand in the file.
    public func changesThatNeedRestart(since start: GatewaySettings) -> [String] {
        var keys: [String] = []
        if publicListener != start.publicListener { keys.append("gateway.listen.public") }
        if privateListener != start.privateListener { keys.append("gateway.listen.private") }
        if simulatorListener != start.simulatorListener { keys.append("gateway.listen.simulator") }
        if publicURL != start.publicURL { keys.append("gateway.public_url") }
        if store != start.store { keys.append("gateway.store") }
        if documents != start.documents { keys.append("gateway.documents") }
        return keys
    }
}

/// Where a listener binds.
public struct ListenerSettings: Sendable, Hashable {
    /// A name or address, IPv6 without brackets.
    public var host: String
    /// 0 binds a free port.
    public var port: UInt16
    /// PEM file of the certificate chain; `nil` for plain HTTP.
    public var certificateFile: String?
    /// PEM file of the private key; set exactly when `certificateFile` is.
    public var keyFile: String?

    /// A listener without TLS.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `host:port`, IPv6 in brackets.
    public var text: String { (host.contains(":") ? "[" + host + "]" : host) + ":" + String(port) }
}

/// Where records are kept.
public enum StoreLocation: Sendable, Hashable {
    /// `sqlite:PATH`, relative to the working directory.
    case sqlite(path: String)
    /// `postgres://…`, may hold a password.
    case postgres(url: String)
    /// `memory:`; nothing survives the process.
    case memory

    /// The word before the colon, as a catalogue lists it.
    public var word: String {
        switch self {
        case .sqlite: "sqlite"
        case .postgres: "postgres"
        case .memory: "memory"
        }
    }
}
