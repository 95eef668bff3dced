/// The names that others know events by: the provider as it is configured, the kind of channel, and what it is
/// (`twilio.sms.inbound`, `twilio.voice.status`).
enum EventAlias {
    /// A person wrote or calls.
    static func inbound(_ provider: String, _ kind: String) -> String { "\(provider).\(kind).inbound" }

    /// The provider reported how a message or call is.
    static func status(_ provider: String, _ kind: String) -> String { "\(provider).\(kind).status" }
}
