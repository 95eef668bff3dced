import JSON

/// What a channel asks of a provider, free of any provider's wire format.
public enum OutboundRequest: Sendable, Hashable {
    case message(MessageRequest)
    case call(CallRequest)
    case room(RoomRequest)
}

/// A text message or template on a text channel.
public struct MessageRequest: Sendable, Hashable {
    /// Tells a provider that serves several text channels which one.
    public var kind: ChannelKind
    /// The sender as configured: E.164, a short code, an alphanumeric name, or a messaging service.
    public var from: String
    /// E.164 with `+`.
    public var to: String
    /// Empty when `template` carries the content.
    public var text: String
    /// An approved template in place of `text`.
    public var template: TemplateContent?
    /// Absolute URLs, at most ten.
    public var media: [String]
    /// The attempt's token, which travels in the callback's URL.
    public var token: String
    /// How long the provider may try, seconds 1...36000; `nil` for its default.
    public var validity: Duration?

    /// A text.
    public init(kind: ChannelKind, from: String, to: String, text: String, token: String) {
        self.kind = kind
        self.from = from
        self.to = to
        self.text = text
        self.token = token
        media = []
    }
}

/// An approved template with its values in order.
public struct TemplateContent: Sendable, Hashable {
    /// The provider's id, such as Twilio's `HX…`.
    public var contentID: String
    /// The values of `{{1}}`, `{{2}}` ….
    public var variables: [String]

    /// A template by the provider's id.
    public init(contentID: String, variables: [String]) {
        self.contentID = contentID
        self.variables = variables
    }
}

/// A call that will fetch what it says from the gateway.
public struct CallRequest: Sendable, Hashable {
    /// The sender's number, E.164 with `+`.
    public var from: String
    /// E.164 with `+`.
    public var to: String
    /// The attempt's token, which travels in the URLs of the call.
    public var token: String
    /// How long it may ring, 5...600 s.
    public var ringTimeout: Duration
    /// The provider's limit of the call.
    public var maxDuration: Duration
    /// Detection of answering machines beside the speech.
    public var detectsMachine: Bool

    /// A call of at most `maxDuration`.
    public init(from: String, to: String, token: String, ringTimeout: Duration, maxDuration: Duration) {
        self.from = from
        self.to = to
        self.token = token
        self.ringTimeout = ringTimeout
        self.maxDuration = maxDuration
        detectsMachine = true
    }
}

/// A video room.
public struct RoomRequest: Sendable, Hashable {
    /// Unique while the room runs.
    public var name: String
    /// 2...50.
    public var maxParticipants: Int
    /// How long one person may stay, 600...86400 s; `nil` for the provider's default.
    public var maxDuration: Duration?
    /// Whose budget pays for the time in it.
    public var tenant = Envelope.defaultTenant

    /// A room for at most `maxParticipants`.
    public init(name: String, maxParticipants: Int) {
        self.name = name
        self.maxParticipants = maxParticipants
    }
}
