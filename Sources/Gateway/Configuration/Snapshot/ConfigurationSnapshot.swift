import Crypto
import JSON
import YAML

/// What a delivery keeps of the configuration under which it was accepted: steps, clocks, templates, prices, and the
/// names of channels, senders and providers. No secret, no URL of a provider, nothing that a reload may correct.
///
/// Its bytes are canonical: the same contents give the same bytes and hash. Format 1 freezes the defaults of clocks; a
/// program that changes a default writes a new format number and keeps reading this one.
public struct ConfigurationSnapshot: Sendable {
    /// BCP 47; the last resort of every text.
    public var defaultLocale: String
    /// ISO 4217 of all prices.
    public var currency: String
    /// In the file's order.
    public var channels: [Channel]
    /// Texts by name.
    public var templates: Definitions<TemplateDefinition>
    /// Fallback chains by name.
    public var policies: Definitions<PolicyDefinition>
    /// What messages and calls cost.
    public var prices: PriceTable

    /// A channel as a delivery knows it.
    public struct Channel: Sendable, Hashable {
        /// As steps refer to it.
        public var name: String
        /// The adapter's word.
        public var kind: ChannelKind
        /// The provider's name.
        public var provider: String
        /// The sender's address; `nil` for a channel without one.
        public var sender: String?
    }

    /// The number that the bytes carry.
    static let format = "1"

    /// What a delivery keeps of `configuration`.
    public init(_ configuration: GatewayConfiguration) {
        defaultLocale = configuration.gateway.defaultLocale
        currency = configuration.gateway.currency
        channels = configuration.channels.map {
            Channel(name: $0.name, kind: $0.kind, provider: $0.provider, sender: $0.sender?.address)
        }
        templates = configuration.templates
        policies = configuration.policies
        prices = configuration.prices
    }

    /// The channel of a name; `nil` when the snapshot has none.
    public func channel(_ name: String) -> Channel? { channels.first { $0.name == name } }

    /// Canonical JSON.
    public func bytes() -> [UInt8] { SnapshotWriter.value(of: self).canonicalBytes }

    /// SHA-256 of the bytes, lower-case hex.
    public var hash: String { Hex.encode(HashAlgorithm.sha256.digest(bytes())) }
}

extension GatewayConfiguration {
    /// Canonical JSON of what deliveries keep, without secrets; `ConfigurationSnapshot(reading:)` reads it.
    public func snapshot() -> [UInt8] { ConfigurationSnapshot(self).bytes() }
}

/// Why stored bytes are no snapshot.
public struct SnapshotError: Error, Sendable, Hashable {
    /// Stable, snake_case.
    public var code: String
    /// For a person.
    public var message: String
}
