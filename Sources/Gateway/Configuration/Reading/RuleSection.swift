import YAML

/// Reads `rules:`.
struct RuleSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> (outbound: [OutboundRule], inbound: [InboundRule]) {
        guard let node, let section = SectionReader(session, node, section: "rules", title: "'rules'") else {
            return ([], [])
        }
        let outbound = section.requiredNode("outbound")
        let inbound = section.node("inbound")
        section.finish()
        return (
            rules(outbound, "outbound") { reader, name in outboundRule(reader, name) },
            rules(inbound, "inbound") { reader, name in inboundRule(reader, name) }
        )
    }

    private func rules<Rule: NamedDefinition>(
        _ node: YAMLNode?, _ direction: String, _ read: (SectionReader, String) -> Rule?
    ) -> [Rule] {
        guard let node else { return [] }
        guard case .sequence(let items) = node.kind, !items.isEmpty else {
            session.error("wrong_type", "'\(direction)' is a list of at least one rule", at: node.mark)
            return []
        }
        var names: Set<String> = []
        return items.compactMap { item in
            let section = direction + "_rule"
            let title = "\(direction) rule"
            guard let reader = SectionReader(session, item, section: section, title: title) else { return nil }
            let name = reader.requiredText("name")
            if let name, !names.insert(name.text).inserted {
                session.error(
                    "duplicate_name", "two \(direction) rules are named \(name.shown); rename one", at: name.mark)
            }
            let rule = read(reader, name?.text ?? "?")
            reader.finish()
            return rule
        }
    }

    // MARK: Outbound

    private func outboundRule(_ section: SectionReader, _ name: String) -> OutboundRule? {
        let title = "rule '\(name)'"
        let when = ConditionSection(session: session).read(section.node("when"), of: title)
        session.refuseAbsent(when, title, "outbound") { $0.isKnownOfOutbound }
        let policy = section.reference("policy", to: .policy)
        let message = section.requiredTextIfPresent("reject")
        let continues = section.boolean("continue") ?? false
        let deferral = deferral(section, when, title)
        if policy != nil, message != nil {
            session.error("two_actions", "\(title) has both 'policy' and 'reject'; keep one", at: section.mark)
        }
        let needsReview = section.needsReview()
        let hasAction = section.has("policy") || section.has("reject")
        if !hasAction, !section.has("defer"), !section.has("review") {
            session.error(
                "missing_action", "\(title) does nothing; give it 'policy', 'reject', 'defer' or 'review'",
                at: section.mark)
        } else if !hasAction, !continues {
            let verb = section.has("defer") ? "defers" : "asks for a review"
            session.error(
                "missing_action", "\(title) \(verb) but names no policy; add 'continue: true' or a policy",
                at: section.mark)
        }
        if message != nil, section.has("review") {
            session.error(
                "two_actions", "\(title) has both 'reject' and 'review'; keep one", at: section.mark(of: "review"))
        }
        let action = message.map(OutboundAction.reject) ?? policy.map(OutboundAction.policy) ?? .none
        return OutboundRule(
            name: name, when: when, action: action, deferral: deferral, continues: continues, mark: section.mark,
            needsReview: needsReview)
    }

    private enum DeferWord: String, CaseIterable { case untilEnd = "until_end" }

    private func deferral(_ section: SectionReader, _ when: [Condition], _ title: String) -> Deferral? {
        guard section.word("defer", DeferWord.self) != nil else { return nil }
        let condition = when.first { $0.field == .localTime }
        let names = condition.map { Self.times(in: $0.matcher) } ?? []
        if names.isEmpty, !hasTimes(section) {
            session.error(
                "defer_without_times",
                "\(title) defers until the end of its 'local_time', but has none; add local_time: NAME to 'when'",
                at: section.mark(of: "defer"))
        }
        return names.isEmpty ? nil : Deferral(times: names)
    }

    /// A `local_time` is written, though its name may be unknown; that is reported by itself.
    private func hasTimes(_ section: SectionReader) -> Bool {
        guard case .mapping(let pairs)? = section.node("when")?.kind else { return false }
        return pairs.contains { pair in
            guard case .scalar("local_time", _) = pair.key.kind else { return false }
            if case .mapping = pair.value.kind { return false }
            return true
        }
    }

    private static func times(in matcher: Matcher) -> [String] {
        switch matcher {
        case .times(let times): [times.name]
        case .any(let matchers): matchers.flatMap(times)
        default: []
        }
    }

    // MARK: Inbound

    private func inboundRule(_ section: SectionReader, _ name: String) -> InboundRule? {
        let title = "rule '\(name)'"
        let when = ConditionSection(session: session).read(section.node("when"), of: title)
        session.refuseAbsent(when, title, "inbound") { $0.isKnownOfInbound }
        let continues = section.boolean("continue") ?? false
        var actions: [InboundStep] = []
        if let list = section.requiredNode("do") {
            let items = session.listOfActions(list)
            if items.isEmpty {
                session.error("missing_action", "\(title) does nothing; write 'ignore' if that is meant", at: list.mark)
            }
            actions = items.compactMap { ActionSection(session: session).read($0, of: title) }
        }
        return InboundRule(name: name, when: when, actions: actions, continues: continues, mark: section.mark)
    }
}

extension SectionReader {
    /// A text that is not empty, if the key is there at all.
    func requiredTextIfPresent(_ key: String) -> String? { has(key) ? requiredText(key)?.text : nil }
}

extension ReadingSession {
    /// Conditions on what this version never knows of a message hold never, or with `not` always.
    func refuseAbsent(
        _ when: [Condition], _ title: String, _ direction: String, _ isKnown: (MatchField) -> Bool
    ) {
        for condition in when where !isKnown(condition.field) {
            warning(
                "not_enforced",
                "'\(condition.field.word)' of \(title) has no value on \(direction) messages in this version; remove it",
                at: condition.mark)
        }
    }

    /// The entries of `do:`; a single action is a list of one.
    func listOfActions(_ node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let items) = node.kind { return items }
        return [node]
    }
}
