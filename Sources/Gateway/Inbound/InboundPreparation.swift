import JSON

/// What rules need of the store before the engine decides: who a person is, and what the searches find that they can come
/// to. It reads alone, so that a repeated webhook does no harm; the engine, which waits for no disk, only picks.
public struct InboundPreparation: Sendable {
    private let directory: ConfigurationDirectory
    private let records: any RecordStore

    /// Prepares for the rules of a configuration. Its methods block as those of the store do.
    public init(_ directory: ConfigurationDirectory, _ records: any RecordStore) {
        self.directory = directory
        self.records = records
    }

    /// Adds what is known. What cannot be read is left out: the message is filed all the same, and a search that found
    /// nothing to read asks a person.
    public func complete(_ input: inout WebhookInput, now: Timestamp) {
        let content: InboundContext.Content
        switch input.event {
        case .message(let message): content = .message(message)
        case .call(let call) where call.call != .ended: content = .call(call)
        default: return
        }
        var context = InboundContext(content, now: now)
        identify(context, &input)
        context.take(input)
        if case .message(let message) = content, !message.media.isEmpty { input.boat = boat(input) }
        for search in InboundRouter(directory: directory).searches(context) {
            guard let matches = try? search.run(records) else { continue }
            input.found.append(DocumentsFound(search, matches))
        }
        if let wish = materialWish, case .message(let message) = content {
            input.material = material(wish, context, text: message.text)
        }
    }

    /// Somebody whom no contact knows is looked up all the same, for what was said before.
    public var looksUpStrangers: Bool { materialWish.map { $0.history > 0 } ?? false }

    /// How much the rules want an assistant to be told, at most.
    private var materialWish: (history: Int, documents: Int)? {
        var wish: (history: Int, documents: Int)?
        for step in directory.configuration.inboundRules.flatMap(\.actions) {
            guard case .assist(let action) = step.action else { continue }
            wish = (max(wish?.history ?? 0, action.history), max(wish?.documents ?? 0, action.documents))
        }
        return wish
    }

    /// What can be read of it; an assistant that is told less answers less.
    private func material(
        _ wish: (history: Int, documents: Int), _ context: InboundContext, text: String
    ) -> AssistMaterial {
        var material = AssistMaterial()
        material.lines = (try? lines(with: context.number, wish.history)) ?? []
        guard context.contactVerified, let contact = context.contact, wish.documents > 0 else { return material }
        let query = DocumentQuery(
            .contact(contact), words: SearchWords.significant(in: text), limit: wish.documents)
        let documents = (try? records.documents(query))?.documents ?? []
        material.documents = documents.compactMap { found in
            guard let document = (try? records.document(found.id)) ?? nil else { return nil }
            return AssistMaterial.Document(
                title: document.title, text: String(document.text.prefix(AssistantAPI.documentLength)))
        }
        return material
    }

    private func lines(with number: String, _ count: Int) throws(StoreError) -> [AssistMaterial.Line] {
        guard count > 0 else { return [] }
        let ids = Set(try records.lookUp(.recipient, number)).union(try records.lookUp(.correspondent, number))
        var lines: [AssistMaterial.Line] = []
        for id in ids.sorted(by: >).prefix(count) {
            if let inbound = try records.inbound(id) {
                let body = try? JSONValue(parsing: inbound.body)
                for reply in (body?["replies"]?.array ?? []).reversed() {
                    lines.append(.init(isPerson: false, text: reply.string ?? ""))
                }
                lines.append(.init(isPerson: true, text: body?["text"]?.string ?? ""))
            } else if let message = try records.delivery(id).flatMap({ (row) throws(StoreError) in
                try records.message(row.message)
            }), let text = try JobCodec.envelope(message.body).text {
                lines.append(.init(isPerson: false, text: text))
            }
        }
        return lines.reversed().filter { !$0.text.isEmpty }
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
            return
        }
    }

    /// Whose files they are, where that is beyond doubt: a number is easily forged, and who is on two boats must say which
    /// one is meant.
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
