import YAML

/// What an account or a tenant may have of all senders together.
public struct LimitSettings: Sendable, Hashable {
    /// Requests that create a message or a call, a second; above zero. `nil` for no limit.
    public var rate: Double?
    /// Requests in flight and live calls at the same time, at least 1; `nil` for no limit.
    public var concurrency: Int?

    /// No limit, or what is given.
    public init(rate: Double? = nil, concurrency: Int? = nil) {
        self.rate = rate
        self.concurrency = concurrency
    }
}

/// An entry under `tenants:`.
public struct TenantSettings: NamedDefinition {
    /// The tenant of API keys.
    public var name: String
    /// What its messages may have of all senders.
    public var limits: LimitSettings
    /// Where the file defines it.
    public var mark: YAMLMark
}
