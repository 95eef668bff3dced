import YAML

/// An entry under `providers:`.
public struct ProviderSettings: NamedDefinition {
    /// As channels refer to it.
    public var name: String
    /// The provider's kind, such as `twilio`: `adapter:`, else the name.
    public var adapter: String
    /// The adapter's own keys, resolved, in the file's order. Keys without a value are absent; `KEY_file` is under `KEY`.
    public var settings: [ProviderSetting]
    /// Where its API is.
    public var api: ProviderEndpoint
    /// What all its channels may together.
    public var limits: LimitSettings
    /// Where the file defines it.
    public var mark: YAMLMark

    /// The value of a key; `nil` when it is absent or empty.
    public subscript(key: String) -> String? { settings.first { $0.key == key }?.value }
}

/// One key of a provider with its value.
public struct ProviderSetting: Sendable, Hashable {
    /// One of the adapter's keys, without `_file`.
    public var key: String
    /// Never empty. May be a secret: never shown, logged or stored.
    public var value: String
    /// Where the file defines it.
    public var mark: YAMLMark
}

/// `api:` of a provider.
public enum ProviderEndpoint: Sendable, Hashable {
    /// The built-in simulator; the program knows its base URL and credentials.
    case simulator
    /// An absolute http or https URL without a trailing slash. `isStandIn` on a loopback address.
    case url(String, isStandIn: Bool)
    /// The adapter reaches no API of its own.
    case builtIn
}
