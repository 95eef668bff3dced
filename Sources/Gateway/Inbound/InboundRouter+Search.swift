// Searches of rules: which ones a message can come to, and the answers.

extension InboundRouter {
    /// The searches that the rules can come to, before it is known what the engine alone knows: conditions on open alerts
    /// and on the clock, which goes on until the engine decides, may hold or not. Nobody but a verified person is told
    /// anything of a boat, so for others nothing is looked for.
    func searches(_ inbound: InboundContext) -> [DocumentSearch] {
        guard inbound.contactVerified, let contact = inbound.contact else { return [] }
        if case .message(let message) = inbound.content,
            InboundWords.meaning(of: message.optOutType ?? message.text, isOptedOut: false) != nil
        {
            return []
        }
        var searches: [DocumentSearch] = []
        for rule in directory.configuration.inboundRules {
            let uncertain = rule.when.contains { Self.changes($0.field) }
            guard rule.when.allSatisfy({ Self.changes($0.field) || $0.matches(value(of: $0.field, inbound)) })
            else { continue }
            for action in actions(of: rule, inbound) {
                let search = search(action, rule, inbound, contact: contact)
                if !searches.contains(where: { $0.action == action }) { searches.append(search) }
            }
            if !uncertain, !rule.continues { break }
        }
        return searches
    }

    private static func changes(_ field: MatchField) -> Bool {
        field == .openAlert || field == .localTime || field == .weekday
    }

    private func actions(of rule: InboundRule, _ inbound: InboundContext) -> [SearchAction] {
        rule.actions.compactMap { step in
            guard step.when.allSatisfy({ Self.changes($0.field) || $0.matches(value(of: $0.field, inbound)) })
            else { return nil }
            return switch (step.action, inbound.content) {
            case (.search(let search), _): search
            case (.menu(let name), .call(let call)):
                // Whether it is the caller is only known to the engine.
                MenuScripts(directory: directory, inbound: inbound, menu: name, call: call, pin: .proven).search
            default: nil
            }
        }
    }

    private func search(
        _ action: SearchAction, _ rule: InboundRule, _ inbound: InboundContext, contact: String
    ) -> DocumentSearch {
        var query = DocumentQuery(.contact(contact), type: action.type, limit: action.limit)
        query.within = action.within
        guard case .message(let message) = inbound.content else {
            return DocumentSearch(action: action, query: query, text: "")
        }
        query.words = SearchWords.significant(in: message.text).filter { word in
            // The word for which a rule with a type was chosen stands for the type, in whatever language it is.
            guard let type = action.type else { return true }
            return word != type && !rule.when.contains { $0.field == .text && $0.matches(.text(word)) }
        }
        return DocumentSearch(action: action, query: query, text: message.text)
    }

    /// Answers with what was found. A bare word of acknowledgement with nothing open is filed alone.
    func answer(_ action: SearchAction, _ inbound: InboundContext, _ decision: inout InboundDecision) {
        guard case .message(let message) = inbound.content, !directory.isAcknowledgement(message.text) else { return }
        guard inbound.contactVerified else {
            if let template = action.unverified { return reply(template, inbound, &decision) }
            decision.review = decision.review ?? "unverified_sender"
            return
        }
        guard let found = inbound.found.first(where: { $0.search.action == action }) else {
            decision.review = decision.review ?? "search_failed"
            return
        }
        reply(found.template, inbound, &decision, values: found.values)
    }
}
