import Gateway

/// SMS: plain text, media only as MMS where the configuration says that the sender can.
public struct SMSAdapter: ChannelAdapter {
    /// Characters of one message: eleven segments of GSM text, 24 of UCS-2.
    public static let maxCharacters = 1_600
    /// Media of one MMS.
    public static let maxMedia = 10

    private let takesMedia: Bool

    /// - Parameter takesMedia: The sender and its countries carry MMS. Without it media travel as links in the text,
    ///   which the core puts there.
    public init(takesMedia: Bool = false) { self.takesMedia = takesMedia }

    /// `sms`.
    public var kind: ChannelKind { .sms }

    /// Text with delivery receipts; a reader is never proven.
    public var capabilities: ChannelCapabilities {
        var capabilities = ChannelCapabilities(intrusiveness: .text, provesUpTo: .delivered)
        capabilities.takesMedia = takesMedia
        capabilities.rates = [
            SenderRate(type: "long_code", perSecond: 1), SenderRate(type: "toll_free", perSecond: 3),
            SenderRate(type: "short_code", perSecond: 100), SenderRate(type: "alphanumeric", perSecond: 1),
        ]
        return capabilities
    }

    /// - Throws: `no_text`, `too_long`, `no_media`.
    public func request(for content: StepContent, step: StepContext) throws(ChannelError) -> OutboundRequest {
        let text = MessageText.cleaned(content.text)
        let media = takesMedia ? Array(content.media.prefix(Self.maxMedia)) : []
        if content.requiresMedia, media.isEmpty {
            throw ChannelError("no_media", "this sender carries no media", skip: .noMedia)
        }
        guard !text.isEmpty || !media.isEmpty else {
            throw ChannelError("no_text", "an SMS needs a text", skip: .noTemplate)
        }
        // No text has more characters than bytes, and bytes are counted already.
        guard text.utf8.count <= Self.maxCharacters || text.unicodeScalars.count <= Self.maxCharacters else {
            throw ChannelError("too_long", "an SMS has at most \(Self.maxCharacters) characters", skip: .noTemplate)
        }
        var message = MessageRequest(kind: .sms, from: step.from, to: step.to, text: text, token: step.token)
        message.media = media
        return .message(message)
    }
}
