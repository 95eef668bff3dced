/// What rules need of the store before the engine decides: who a person is, and what the searches find that they can come
/// to. It reads alone, so that a repeated webhook does no harm; the engine, which waits for no disk, only picks.
public struct InboundPreparation: Sendable {
    private let directory: ConfigurationDirectory
    let records: any RecordStore
    /// How much the rules want an assistant to be told, at most; `nil` without one.
    let materialWish: (history: Int, documents: Int)?
    /// How PINs are asked for; `nil` where no rule needs one.
    let pinSettings: PINSettings?

    /// Prepares for the rules of a configuration. Its methods block as those of the store do.
    public init(_ directory: ConfigurationDirectory, _ records: any RecordStore) {
        self.directory = directory
        self.records = records
        let configuration = directory.runningConfiguration
        materialWish = Self.wish(of: configuration.inboundRules)
        let needsPIN = configuration.inboundRules.contains { $0.actions.contains(where: \.needsPIN) }
        pinSettings = needsPIN ? configuration.pin : nil
    }

    /// Adds what is known. What cannot be read is left out: the message is filed all the same, and a search that found
    /// nothing to read asks a person.
    public func complete(_ input: inout WebhookInput, now: Timestamp) {
        var content: InboundContext.Content
        switch input.event {
        case .message(let message): content = .message(message)
        case .call(let call) where call.call != .ended: content = .call(call)
        default: return
        }
        var context = InboundContext(content, now: now)
        identify(context, &input)
        context.take(input)
        if case .message(var message) = content {
            if !message.media.isEmpty { input.boat = boat(input) }
            if let question = checkPIN(message, &input, now: now) {
                message.text = question
                content = .message(message)
                context.content = content
            }
        }
        for search in InboundRouter(directory: directory).searches(context) {
            guard var matches = try? search.run(records) else { continue }
            if case .message = content { matches.documents = matches.documents.map { linked($0, now) } }
            input.found.append(DocumentsFound(search, matches))
        }
        if let wish = materialWish, case .message(let message) = content {
            input.material = material(wish, context, text: message.text)
        }
    }

    /// By the number, or by the channel's own id of the person, where the number is unknown or not shown.
    private func identify(_ context: InboundContext, _ input: inout WebhookInput) {
        var addresses = [context.number]
        if case .message(let message) = context.content, let id = message.userID { addresses.append(id) }
        for address in addresses {
            guard let contact = (try? records.contact(withNumber: address)) ?? nil else { continue }
            input.contact = contact.id
            input.contactVerified = contact.addresses.contains { $0.value == address && $0.verified }
            input.locale = contact.locale
            if input.contactVerified, !address.hasPrefix("+") {
                input.numbers = contact.addresses.filter { $0.isOfPerson && $0.value.hasPrefix("+") }.map(\.value)
            }
            return
        }
    }

    /// A document that is nothing but a file is told with a link to it, which ends.
    private func linked(_ document: DocumentRecord, _ now: Timestamp) -> DocumentRecord {
        guard document.url == nil, let media = document.media else { return document }
        var document = document
        let end = now + directory.runningConfiguration.media.linkLifetime
        document.url = directory.acknowledgementLinks.media.url(of: media, until: end)
        return document
    }

    /// Whose files they are, where that is beyond doubt: a number is easily forged, and who is on two boats must say
    /// which one is meant.
    private func boat(_ input: WebhookInput) -> String? {
        guard input.contactVerified, let contact = input.contact,
            let boats = try? records.boats(ofContact: contact), boats.count == 1
        else { return nil }
        return boats.first?.id
    }
}

extension InboundContext {
    /// What the shell knows of the person.
    mutating func take(_ input: WebhookInput) {
        contact = input.contact
        contactVerified = input.contactVerified
        locale = input.locale
        found = input.found
        material = input.material
    }
}
