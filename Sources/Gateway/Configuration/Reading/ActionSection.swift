import PhoneNumbers
import YAML

/// Reads one entry of `do:` of an inbound rule.
struct ActionSection {
    let session: ReadingSession

    private enum PlainAction: String, CaseIterable { case acknowledge, ignore }

    func read(_ node: YAMLNode, of rule: String) -> InboundStep? {
        guard case .mapping = node.kind else {
            switch session.word(node, PlainAction.self, for: "an action without a value") {
            case .acknowledge: return InboundStep(action: .acknowledge, when: [])
            case .ignore: return InboundStep(action: .ignore, when: [])
            case nil: return nil
            }
        }
        guard let section = SectionReader(session, node, section: "action", title: "action of \(rule)") else {
            return nil
        }
        let when = ConditionSection(session: session).read(section.node("when"), of: section.title)
        session.refuseAbsent(when, section.title, "inbound") { $0.isKnownOfInbound }
        let actions: [InboundAction?] = [
            section.reference("reply", to: .template).map { .reply(template: $0) },
            name(section, "review").map { .review(kind: $0) },
            name(section, "emit").map { .emit(event: $0) },
            section.reference("menu", to: .menu).map { .menu($0) },
            section.node("search").flatMap { SearchSection(session: session).read($0, of: rule) }.map { .search($0) },
            section.node("tag").flatMap(tags).map { .tag($0) },
            section.word("opt_out", OptOutSettings.Scope.self).map { .optOut(isForAll: $0 == .all) },
            section.node("forward").flatMap { ForwardSection(session: session).read($0, of: rule) }
                .map { .forward($0) },
            section.node("http").flatMap { RequestSection(session: session).read($0, of: rule) }.map { .request($0) },
            section.node("assist").flatMap { AssistSection(session: session).read($0, of: rule) }.map { .assist($0) },
            section.node("task").flatMap { TaskSection(session: session).read($0, of: rule) }.map { .task($0) },
        ]
        let needsPIN = section.boolean("pin") ?? false
        if needsPIN { session.checkPIN(of: section) }
        if needsPIN, section.has("menu") {
            session.error(
                "pin_of_call",
                "a menu asks for a PIN at the steps that need one; write 'pin: true' there instead of here",
                at: section.mark(of: "pin"))
        }
        section.finish()
        let keys = Self.keys.filter(section.has)
        if keys.count > 1 {
            session.error(
                "two_actions",
                "one entry of 'do' has \(keys.joined(separator: " and ")); write them as separate entries",
                at: node.mark)
        } else if keys.isEmpty, !section.present.isEmpty, section.present.allSatisfy(["when", "pin"].contains) {
            session.error(
                "missing_action", "an entry of 'do' has conditions alone; add what is done", at: node.mark)
        }
        return actions.compactMap { $0 }.first.map { InboundStep(action: $0, when: when, needsPIN: needsPIN) }
    }

    private static let keys = [
        "reply", "review", "emit", "menu", "search", "tag", "opt_out", "forward", "http", "assist", "task",
    ]

    /// One word, or a list of some.
    private func tags(_ node: YAMLNode) -> [String]? {
        let items: [YAMLNode]
        if case .sequence(let list) = node.kind { items = list } else { items = [node] }
        var tags: [String] = []
        for item in items.prefix(20) {
            guard let scalar = session.scalar(item, for: "'tag'") else { continue }
            guard ScalarText.isName(scalar.text) else {
                session.error(
                    "invalid_value",
                    "\(scalar.shown) is no tag; write a name of letters, digits, '_', '.' and '-'", at: item.mark)
                continue
            }
            if !tags.contains(scalar.text) { tags.append(scalar.text) }
        }
        return tags.isEmpty ? nil : tags
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
        let within = section.duration("within", in: .milliseconds(500) ... .seconds(10)) ?? SearchAction.usualTime
        section.finish()
        return reply.map {
            SearchAction(
                type: type?.lowercased(), limit: limit, reply: $0.text, none: none, unverified: unverified,
                within: within)
        }
    }
}

/// Reads `forward:` of a rule.
struct ForwardSection {
    let session: ReadingSession

    func read(_ node: YAMLNode, of rule: String) -> ForwardAction? {
        guard let section = SectionReader(session, node, section: "forward", title: "'forward' of \(rule)") else {
            return nil
        }
        let target = section.requiredText("to").flatMap(target)
        let template = section.reference("template", to: .template)
        let policy = section.reference("policy", to: .policy)
        let priority = section.word("priority", Priority.self) ?? .normal
        section.finish()
        return target.map { ForwardAction(target: $0, template: template, policy: policy, priority: priority) }
    }

    private func target(_ scalar: Scalar) -> ForwardAction.Target? {
        if let number = try? E164(parsing: scalar.text) { return .number(number.text) }
        guard let target = StepTarget(scalar.text) else {
            session.error(
                "invalid_value",
                "\(scalar.shown) is nobody; write a number such as +41791234567, contact:ID, group:NAME or schedule:NAME",
                at: scalar.mark)
            return nil
        }
        session.refer(to: target, at: scalar.mark)
        return .people(target)
    }
}

/// Reads `task:` of a rule.
struct TaskSection {
    let session: ReadingSession

    /// Attributes of a task.
    private static let mostAttributes = 20

    func read(_ node: YAMLNode, of rule: String) -> TaskCreation? {
        guard let section = SectionReader(session, node, section: "task", title: "'task' of \(rule)") else {
            return nil
        }
        let queue = section.value("queue", "a name of letters, digits, '_', '.' and '-'") {
            ScalarText.isName($0) ? $0 : nil
        }
        if let queue, session.hasQueues {
            session.refer(to: .queue, queue, at: section.node("queue")?.mark ?? section.mark)
        }
        let workflow = section.reference("workflow", to: .workflow)
        if workflow == nil, !section.has("queue") { section.missing("queue") }
        if section.has("workflow"), section.has("queue") {
            session.error(
                "two_values", "'task' of \(rule) has a queue and a workflow, which says the queue; keep one",
                at: section.mark(of: "workflow"))
        }
        let creation = TaskCreation(
            queue: queue ?? "", priority: section.integer("priority", in: 0...1_000) ?? 0,
            attributes: attributes(section), workflow: workflow)
        section.finish()
        return queue == nil && workflow == nil ? nil : creation
    }

    private func attributes(_ section: SectionReader) -> [TaskCreation.Attribute] {
        guard let node = section.node("attributes") else { return [] }
        let entries = session.entries(node, for: "'attributes'")
        if entries.count > Self.mostAttributes {
            session.error(
                "out_of_range", "'attributes' has more than \(Self.mostAttributes) entries; remove some",
                at: entries[Self.mostAttributes].mark)
        }
        return entries.prefix(Self.mostAttributes).compactMap { entry in
            session.scalar(entry.node, for: "'\(entry.name)'").map { .init(name: entry.name, value: $0.text) }
        }
    }
}

/// Reads `http:` of a rule.
struct RequestSection {
    let session: ReadingSession

    func read(_ node: YAMLNode, of rule: String) -> RequestAction? {
        guard let section = SectionReader(session, node, section: "http", title: "'http' of \(rule)") else {
            return nil
        }
        let url = section.requiredURL("url", such: "https://example.com/answers")?.url.text
        let secret = session.secret("secret", of: section)?.value
        let action = RequestAction(
            url: url ?? "", secret: secret.flatMap(StandardWebhook.key(ofSecret:)),
            body: section.reference("body", to: .template),
            within: section.duration("within", in: .seconds(1) ... .seconds(3_600)) ?? .seconds(10),
            reply: section.reference("reply", to: .template),
            otherwise: section.reference("otherwise", to: .template))
        section.finish()
        return url == nil ? nil : action
    }
}

extension ReadingSession {
    /// Something needs a PIN: how it is asked for must be in the file.
    func checkPIN(of section: SectionReader) {
        guard !hasPIN else { return }
        error(
            "missing_pin",
            "\(section.title) needs a PIN, but nothing says how it is asked for; add 'pin: { ask: TEMPLATE }' to the file",
            at: section.mark(of: "pin"))
    }
}
