import JSON

// What an assistant is told of a person: what was said before, and documents of their own boats.

extension InboundPreparation {
    /// Somebody whom no contact knows is looked up all the same, for what was said before.
    public var looksUpStrangers: Bool { materialWish.map { $0.history > 0 } ?? false }

    static func wish(of rules: [InboundRule]) -> (history: Int, documents: Int)? {
        var wish: (history: Int, documents: Int)?
        for step in rules.flatMap(\.actions) {
            guard case .assist(let action) = step.action else { continue }
            wish = (max(wish?.history ?? 0, action.history), max(wish?.documents ?? 0, action.documents))
        }
        return wish
    }

    /// Documents that a person's text asks for; `nil` where an assistant is told of none.
    func materialQuery(_ context: InboundContext) -> DocumentQuery? {
        guard let wish = materialWish, wish.documents > 0, case .message(let message) = context.content,
            context.contactVerified, let contact = context.contact
        else { return nil }
        var query = DocumentQuery(
            .contact(contact), words: SearchWords.significant(in: message.text), limit: wish.documents)
        query.within = SearchAction.usualTime
        return query
    }

    /// What can be read of it; an assistant that is told less answers less.
    func material(
        _ wish: (history: Int, documents: Int), _ context: InboundContext, _ query: DocumentQuery?,
        _ answers: IndexAnswers
    ) -> AssistMaterial {
        var material = AssistMaterial()
        material.lines = (try? lines(with: context.number, wish.history)) ?? []
        guard let query else { return material }
        let documents = (try? answers.documents(query, records))?.documents ?? []
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
}
