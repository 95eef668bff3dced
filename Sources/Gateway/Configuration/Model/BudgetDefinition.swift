import YAML

/// An entry under `budgets:`: what may be spent in a day and in a month.
public struct BudgetDefinition: NamedDefinition {
    /// As alerts, metrics and the API call it.
    public var name: String
    /// Whose spending counts together.
    public var scope: CostScope
    /// The tenants or policies that it is for; empty for each of them.
    public var only: [String]
    /// For a day of the gateway's time zone; `nil` for no limit.
    public var perDay: Money?
    /// For a calendar month of the gateway's time zone; `nil` for no limit.
    public var perMonth: Money?
    /// Percents of a limit at which operations are told, 1...100.
    public var alerts: [Int]
    /// Messages of this priority and above go all the same; `nil` for none.
    public var override: Priority?
    /// Messages of these classes go all the same.
    public var overridingClasses: [MessageClass]
    /// What happens to a step that would cost more.
    public var action: BudgetAction
    /// Where the file defines it.
    public var mark: YAMLMark

    /// Whether it stops such a message once it is spent.
    public func stops(_ envelope: Envelope) -> Bool {
        if let override, envelope.priority >= override { return false }
        return !overridingClasses.contains(envelope.messageClass)
    }
}

/// Whose spending counts together.
public enum CostScope: String, Sendable, Hashable, CaseIterable {
    /// Everybody's.
    case gateway
    /// Each tenant's.
    case tenant
    /// Each policy's.
    case policy
    /// What is sent to each contact, or number without one.
    case recipient
}
