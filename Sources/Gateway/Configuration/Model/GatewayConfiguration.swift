import YAML

/// channels.yaml as one immutable value. A reload builds a whole new one.
public struct GatewayConfiguration: Sendable {
    /// Listeners, store and the defaults of locale, zone and currency.
    public var gateway: GatewaySettings
    /// Where numbers may lie, and what receipts are worth there.
    public var countries: CountrySettings
    /// Named intervals of the week.
    public var times: Definitions<NamedTimes>
    /// Accounts at vendors; holds secrets.
    public var providers: Definitions<ProviderSettings>
    /// Ways to reach a person, each with its provider and sender.
    public var channels: Definitions<ChannelSettings>
    /// People who are reached at once, by name.
    public var groups: Definitions<GroupDefinition>
    /// Who is on duty when, by name.
    public var schedules: Definitions<ScheduleDefinition>
    /// What tenants may; those that are not named have no limit of their own.
    public var tenants: Definitions<TenantSettings>
    /// Texts by name.
    public var templates: Definitions<TemplateDefinition>
    /// Fallback chains by name.
    public var policies: Definitions<PolicyDefinition>
    /// In order; the last one has no condition and decides.
    public var outboundRules: [OutboundRule]
    /// In order; the last one has no condition and decides. Empty when the file has no inbound rules.
    public var inboundRules: [InboundRule]
    /// What STOP, START and HELP lead to.
    public var optOut: OptOutSettings
    /// What callers hear.
    public var menus: Definitions<MenuDefinition>
    /// What messages and calls cost.
    public var prices: PriceTable
    /// The section `simulator:` with its `${…}` replaced; the simulator reads it. `nil` when absent.
    public var simulator: YAMLNode?
    /// How warranties are reminded of; `nil` for not at all.
    public var warranties: WarrantySettings?
    /// Which files that people send are taken.
    public var media: MediaSettings
    /// SHA-256 of `snapshot()`, lower-case hex: names what a delivery keeps of this configuration.
    public var hash: String
    /// SHA-256 of the file's bytes, lower-case hex: tells whether the file changed.
    public var fileHash: String
    /// What may be spent in a day and in a month, by name. Where there is one, costs are counted.
    public var budgets: Definitions<BudgetDefinition>
    /// Language models that draft answers, by name; holds secrets.
    public var assistants = Definitions<AssistantDefinition>()
    /// How people prove that it is them; `nil` where nobody is asked.
    public var pin: PINSettings?
    /// Who is given tasks, and how.
    public var taskRouting = TaskRouting()
}
