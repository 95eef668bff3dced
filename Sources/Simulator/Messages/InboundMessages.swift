/// Messages that handsets send: webhooks to the account's application and the replies it answers with.
final class InboundMessages {
    /// A text from a handset.
    struct Text {
        /// `whatsapp` or empty.
        var channel: String
        /// The handset's number.
        var from: String
        /// The account's number.
        var to: String
        var body: String
        /// The payload of a quick-reply button whose label is the body.
        var button: String?
        var files: [MessageFile] = []
        /// The message it answers.
        var repliedTo: String?
        /// Twilio's word for what it is; `nil` for what its files and button make of it.
        var type: String?
        /// Parameters of the webhook that stand for those of the same name, or beside the others.
        var parameters: [(name: String, value: String)] = []
    }

    private static let stopWords = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
    private static let startWords = ["START", "YES", "UNSTOP"]
    private let world: World
    private let desk: MessageDesk
    private let carrier: MessageCarrier
    private let numbers: NumberDesk

    init(world: World, desk: MessageDesk, carrier: MessageCarrier, numbers: NumberDesk) {
        self.world = world
        self.desk = desk
        self.carrier = carrier
        self.numbers = numbers
    }

    /// A handset sends a text; answers the message's identifier.
    @discardableResult
    func receive(_ text: Text) -> String {
        let prefix = text.channel.isEmpty ? "" : text.channel + ":"
        let message = desk.make(to: prefix + text.to, body: text.body, media: [], files: text.files)
        message.from = prefix + text.from
        message.direction = "inbound"
        message.status = .received
        message.sent = world.kernel.now
        carrier.note(priceOf: message, isInbound: true)
        desk.add(message)
        carrier.noteInbound(sender: message.to, handset: prefix + text.from)
        if text.channel.isEmpty { noteOptOut(text) }
        guard let number = numbers.receiver(ChannelAddress(message.to)), let url = number["SmsUrl"] else {
            return message.sid
        }
        var form = form(message, text)
        form.removeAll { known in text.parameters.contains { $0.name == known.0 } }
        form += text.parameters.map { ($0.name, $0.value) }
        let call = WebhookCaller.Call(
            resource: "Messages", url: url, method: number.method("SmsMethod"), form: form,
            fallback: number["SmsFallbackUrl"].map { ($0, number.method("SmsFallbackMethod")) })
        world.webhooks.send(call) { self.answer($0, to: message, call, hops: 0) }
        return message.sid
    }

    private func noteOptOut(_ text: Text) {
        let word = text.body.filter { $0 != " " && $0 != "\n" && $0 != "\r" }.uppercased()
        if Self.stopWords.contains(word) {
            carrier.setBlocked(true, sender: text.to, handset: text.from)
        } else if Self.startWords.contains(word) {
            carrier.setBlocked(false, sender: text.to, handset: text.from)
        }
    }

    private func form(_ message: Message, _ text: Text) -> [(String, String)] {
        var form = [
            ("ToCountry", ""), ("ToState", ""), ("SmsMessageSid", message.sid),
            ("NumMedia", String(message.media.count)),
            ("ToCity", ""), ("FromZip", ""), ("SmsSid", message.sid), ("FromState", ""), ("SmsStatus", "received"),
            ("FromCity", ""), ("Body", message.body), ("FromCountry", ""), ("To", message.to), ("ToZip", ""),
            ("NumSegments", String(message.segments)), ("ReferralNumMedia", "0"), ("MessageSid", message.sid),
            ("AccountSid", world.credentials.accountSID), ("From", message.from ?? ""), ("ApiVersion", "2010-04-01"),
        ]
        for (index, file) in message.files.enumerated() {
            form += [("MediaUrl\(index)", message.media[index]), ("MediaContentType\(index)", file.type)]
        }
        guard text.channel == "whatsapp" else { return form }
        form.removeAll { $0.0.hasPrefix("To") && $0.0 != "To" || $0.0.hasPrefix("From") && $0.0 != "From" }
        let name = world.script.phone(text.from) { $0.name }
        let type = text.type ?? (text.button != nil ? "button" : Self.messageType(message.files.first))
        form += [("ProfileName", name ?? text.from), ("WaId", String(text.from.dropFirst())), ("MessageType", type)]
        if let button = text.button { form += [("ButtonText", text.body), ("ButtonPayload", button)] }
        if let original = text.repliedTo {
            form += [("OriginalRepliedMessageSid", original), ("OriginalRepliedMessageSender", message.to)]
        }
        return form
    }

    private static func messageType(_ file: MessageFile?) -> String {
        guard let file else { return "text" }
        let kind = String(file.type.prefix { $0 != "/" })
        return ["image", "audio", "video"].contains(kind) ? kind : "document"
    }

    private func answer(
        _ outcome: WebhookCaller.Outcome, to message: Message, _ call: WebhookCaller.Call, hops: Int
    ) {
        guard case .answer(let response, let url) = outcome,
            let document = try? TwiMLDocument(response, url: url, textVerb: "Message")
        else { return }
        for verb in document.verbs {
            if verb.name == "Message" || verb.name == "Sms" { reply(verb, to: message, url: url) }
            guard verb.name == "Redirect" else { continue }
            guard hops < 10 else { return }
            var next = call
            next.url = WebhookTarget.resolve(verb.trimmedText, against: url)
            next.method = verb["method"] == "GET" ? "GET" : "POST"
            return world.webhooks.send(next) { self.answer($0, to: message, next, hops: hops + 1) }
        }
    }

    private func reply(_ verb: XMLElement, to inbound: Message, url: String) {
        let bodies = verb.children.filter { $0.name == "Body" }
        let media = verb.children.filter { $0.name == "Media" }.map(\.trimmedText)
        let body = bodies.isEmpty ? (media.isEmpty ? verb.trimmedText : "") : bodies.map(\.trimmedText).joined()
        guard !body.isEmpty || !media.isEmpty else { return }
        let message = desk.make(to: verb["to"] ?? inbound.from ?? "", body: body, media: media)
        message.from = verb["from"] ?? inbound.to
        message.direction = "outbound-reply"
        message.callback = (verb["statusCallback"] ?? verb["action"]).map { WebhookTarget.resolve($0, against: url) }
        desk.add(message)
        carrier.send(message, sender: ChannelAddress(message.from ?? ""), at: world.kernel.now)
    }
}
