import Gateway

/// WhatsApp: free text within 24 h of the person's last message, an approved template otherwise.
public struct WhatsAppAdapter: ChannelAdapter {
    /// Characters of a free text that every provider takes (WhatsApp itself takes 4096).
    public static let maxCharacters = 1_600

    /// A channel without settings of its own.
    public init() {}

    /// `whatsapp`.
    public var kind: ChannelKind { .whatsapp }

    /// Text, templates and one media, with delivery and read receipts.
    public var capabilities: ChannelCapabilities {
        var capabilities = ChannelCapabilities(intrusiveness: .text, provesUpTo: .read)
        capabilities.takesMedia = true
        capabilities.hasTemplates = true
        capabilities.hasServiceWindow = true
        capabilities.rates = [SenderRate(type: "whatsapp", perSecond: 80)]
        return capabilities
    }

    /// The text while the window is open and nothing asks for the template, else the template.
    /// - Throws: `no_template`, `empty_variable`, `too_long`, `no_media`.
    public func request(for content: StepContent, step: StepContext) throws(ChannelError) -> OutboundRequest {
        let text = TemplateText.text(content.text)
        let usesText = step.windowIsOpen && !step.useTemplate && !(text.isEmpty && content.media.isEmpty)
        var message = MessageRequest(kind: .whatsapp, from: step.from, to: step.to, text: "", token: step.token)
        guard usesText else {
            message.template = try template(of: content)
            return .message(message)
        }
        guard text.unicodeScalars.count <= Self.maxCharacters else {
            throw ChannelError("too_long", "a text has at most \(Self.maxCharacters) characters", skip: .noTemplate)
        }
        if content.requiresMedia, content.media.isEmpty {
            throw ChannelError("no_media", "the step asks for media and has none", skip: .noMedia)
        }
        message.text = text
        message.media = Array(content.media.prefix(1))
        return .message(message)
    }

    /// An approved template carries no media of ours.
    private func template(of content: StepContent) throws(ChannelError) -> TemplateContent {
        if content.requiresMedia {
            throw ChannelError("no_media", "a template carries no media", skip: .noMedia)
        }
        guard let template = content.template, !template.contentID.isEmpty else {
            throw ChannelError("no_template", "outside the window only a template can be sent", skip: .noTemplate)
        }
        let variables = template.variables.map(TemplateText.variable)
        // WhatsApp refuses the whole message for one empty variable.
        guard variables.allSatisfy({ !$0.isEmpty }) else {
            throw ChannelError("empty_variable", "a variable of the template is empty", skip: .noTemplate)
        }
        return TemplateContent(contentID: template.contentID, variables: variables)
    }
}
