import Patterns

/// Which events a consumer wants.
public struct EventFilter: Sendable, Hashable {
    /// Any of them; empty for all. Globs over the whole type, the type without `com.gateway.` and `.v1`, or the alias.
    public var types: [Glob]
    /// The subject, or the delivery that an event is about; `nil` for all.
    public var subject: String?
    /// Whose events are seen, beside those of no tenant; `nil` for everybody's.
    public var tenant: String?

    /// A filter that lets everything through which the tenant may see.
    public init(types: [Glob] = [], subject: String? = nil, tenant: String?) {
        self.types = types
        self.subject = subject
        self.tenant = tenant
    }

    /// Whether an event is wanted.
    public func admits(_ event: GatewayEvent) -> Bool {
        guard tenant == nil || event.tenant == nil || event.tenant == tenant else { return false }
        if let subject, subject != event.subject, subject != event.delivery?.text(.delivery) { return false }
        return types.isEmpty || admitsType(event.type) || event.alias.map(matches) ?? false
    }

    private func admitsType(_ type: String) -> Bool { matches(type) || matches(EventType.full(type)) }

    private func matches(_ name: String) -> Bool { types.contains { $0.matches(name) } }
}
