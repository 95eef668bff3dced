import Forms
import Gateway
import JSON

extension Twilio {
    /// Body of a message, characters (error 21617).
    static let maxBody = 1600
    /// Media of an MMS (error 21623); WhatsApp takes one.
    static let maxMedia = 10

    /// `POST …/Messages.json`.
    func request(for message: MessageRequest) throws(ProviderError) -> ProviderRequest {
        guard message.kind == .sms || message.kind == .whatsapp else {
            throw ProviderError("unsupported_kind", "only sms and whatsapp carry messages")
        }
        var form = FormWriter()
        form.append("To", address(message.to, message.kind))
        if Self.isService(message.from) {
            form.append("MessagingServiceSid", message.from)
        } else {
            form.append("From", address(message.from, message.kind))
        }
        try appendContent(of: message, to: &form)
        form.append("StatusCallback", links.callback(.message, token: message.token))
        if let validity = message.validity {
            form.append("ValidityPeriod", String(min(max(validity.components.seconds, 1), 36_000)))
        }
        return post(endpoints.messages, form)
    }

    /// A messaging service picks the sender.
    static func isService(_ from: String) -> Bool { isSid(from, prefix: "MG") }

    /// An address as the channel writes it.
    func address(_ number: String, _ kind: ChannelKind) -> String {
        kind == .whatsapp && !number.hasPrefix("whatsapp:") ? "whatsapp:" + number : number
    }

    private func appendContent(of message: MessageRequest, to form: inout FormWriter) throws(ProviderError) {
        if let template = message.template {
            form.append("ContentSid", template.contentID)
            guard !template.variables.isEmpty else { return }
            let pairs = template.variables.enumerated().map { (String($0.offset + 1), JSONValue.string($0.element)) }
            form.append("ContentVariables", JSONValue.object(JSONObject(pairs)).text)
            return
        }
        guard !message.text.isEmpty || !message.media.isEmpty else {
            throw ProviderError("empty_message", "a message needs text, media or a template")
        }
        // No text has more characters than bytes, and bytes are counted already.
        guard message.text.utf8.count <= Self.maxBody || message.text.unicodeScalars.count <= Self.maxBody else {
            throw ProviderError("too_long", "a message has at most \(Self.maxBody) characters")
        }
        guard message.media.count <= (message.kind == .whatsapp ? 1 : Self.maxMedia) else {
            throw ProviderError("too_many_media", "more media than the channel takes in one message")
        }
        if !message.text.isEmpty { form.append("Body", message.text) }
        for url in message.media { form.append("MediaUrl", url) }
    }
}
