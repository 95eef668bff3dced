import YAML

/// channels.yaml as one immutable value. A reload builds a whole new one.
public struct GatewayConfiguration: Sendable {
    public var gateway: GatewaySettings
    public var countries: CountrySettings
    public var times: Definitions<NamedTimes>
    public var providers: Definitions<ProviderSettings>
    public var channels: Definitions<ChannelSettings>
    public var templates: Definitions<TemplateDefinition>
    public var policies: Definitions<PolicyDefinition>
    /// In order; the last one has no condition and decides.
    public var outboundRules: [OutboundRule]
    /// In order; the last one has no condition and decides. Empty when the file has no inbound rules.
    public var inboundRules: [InboundRule]
    public var menus: Definitions<MenuDefinition>
    public var prices: PriceTable
    /// The section `simulator:` with its `${…}` replaced; the simulator reads it. `nil` when absent.
    public var simulator: YAMLNode?
    /// SHA-256 of `snapshot()`, lower-case hex: names what a delivery keeps of this configuration.
    public var hash: String
    /// SHA-256 of the file's bytes, lower-case hex: tells whether the file changed.
    public var fileHash: String
}
