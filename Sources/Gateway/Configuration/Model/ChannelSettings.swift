import YAML

/// An entry under `channels:`.
public struct ChannelSettings: NamedDefinition {
    /// As steps and conditions refer to it.
    public var name: String
    /// `adapter:`.
    public var kind: ChannelKind
    /// A name under `providers:`, or a provider that is built in.
    public var provider: String
    /// `nil` for channels without a sender, such as video.
    public var sender: SenderSettings?
    /// Sends per second: `rate:`, else the rate of the sender's type. Above zero.
    public var rate: Double
    /// Calls at the same time; `nil` for no limit.
    public var concurrency: Int?
    /// Only recipients with recorded consent.
    public var requiresConsent: Bool
    /// Where the file defines it.
    public var mark: YAMLMark
}

/// `from:` of a channel.
public struct SenderSettings: Sendable, Hashable {
    /// E.164 with `+`, a short code, an alphanumeric name, or a messaging service.
    public var address: String
    /// The word of the type, such as `long_code`; one of the channel's rates.
    public var type: String
}
