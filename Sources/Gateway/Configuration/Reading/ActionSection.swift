import YAML

/// Reads one entry of `do:` of an inbound rule.
struct ActionSection {
    let session: ReadingSession

    private enum PlainAction: String, CaseIterable { case acknowledge, ignore }

    func read(_ node: YAMLNode, of rule: String) -> InboundAction? {
        guard case .mapping = node.kind else {
            switch session.word(node, PlainAction.self, for: "an action without a value") {
            case .acknowledge: return .acknowledge
            case .ignore: return .ignore
            case nil: return nil
            }
        }
        guard let section = SectionReader(session, node, section: "action", title: "action of \(rule)") else {
            return nil
        }
        let actions: [InboundAction?] = [
            section.reference("reply", to: .template).map { .reply(template: $0) },
            name(section, "review").map { .review(kind: $0) },
            name(section, "emit").map { .emit(event: $0) },
            section.reference("menu", to: .menu).map { .menu($0) },
            section.node("search").flatMap { SearchSection(session: session).read($0, of: rule) }.map { .search($0) },
        ]
        section.finish()
        let keys = ["reply", "review", "emit", "menu", "search"].filter(section.has)
        if keys.count > 1 {
            session.error(
                "two_actions",
                "one entry of 'do' has \(keys.joined(separator: " and ")); write them as separate entries",
                at: node.mark)
        }
        return actions.compactMap { $0 }.first
    }

    private func name(_ section: SectionReader, _ key: String) -> String? {
        section.value(key, "a name of letters, digits, '_', '.' and '-'") { ScalarText.isName($0) ? $0 : nil }
    }
}

/// Reads `search:` of a rule or a menu option.
struct SearchSection {
    let session: ReadingSession

    func read(_ node: YAMLNode, of owner: String) -> SearchAction? {
        guard let section = SectionReader(session, node, section: "search", title: "'search' of \(owner)") else {
            return nil
        }
        let type = section.text("type")
        let limit = section.integer("limit", in: 1...20) ?? 3
        let reply = section.requiredText("reply")
        if let reply { session.refer(to: .template, reply.text, at: reply.mark) }
        let none = section.reference("none", to: .template)
        let unverified = section.reference("unverified", to: .template)
        section.finish()
        return reply.map {
            SearchAction(type: type?.lowercased(), limit: limit, reply: $0.text, none: none, unverified: unverified)
        }
    }
}
