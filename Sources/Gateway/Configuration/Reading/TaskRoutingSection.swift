import YAML

/// Reads `workers:`, `queues:` and `workflows:`.
struct TaskRoutingSection {
    let session: ReadingSession

    private static let mostSkills = 100

    func read(_ root: SectionReader, _ rules: [InboundRule]) -> TaskRouting {
        var routing = TaskRouting()
        var types: [String: AttributeType] = ["name": .text, "skills": .list, "languages": .list]
        if let node = root.node("workers") {
            routing.workers = Definitions(
                session.definitions(node, for: "'workers'").compactMap { worker($0, &types) })
        }
        if let node = root.node("queues") {
            let scope = AttributeScope(types)
            routing.queues = Definitions(session.definitions(node, for: "'queues'").compactMap { queue($0, scope) })
        }
        if let node = root.node("workflows") {
            let scope = Self.scope(of: rules)
            routing.workflows = Definitions(
                session.definitions(node, for: "'workflows'").compactMap { workflow($0, scope) })
        }
        return routing
    }

    /// What tasks can have: what comes in, and what rules add.
    private static func scope(of rules: [InboundRule]) -> AttributeScope {
        var types: [String: AttributeType] = [
            "channel": .text, "from": .text, "to": .text, "text": .text, "contact": .text, "locale": .text,
            "contact_verified": .boolean, "media": .number, "profile_name": .text, "inbound": .text, "rule": .text,
            "priority": .number,
        ]
        for rule in rules {
            for case .task(let task) in rule.actions.map(\.action) {
                for attribute in task.attributes { types[attribute.name] = .text }
            }
        }
        return AttributeScope(types, openPrefix: "details.")
    }

    // MARK: workers

    private func worker(
        _ entry: (name: String, mark: YAMLMark, node: YAMLNode), _ types: inout [String: AttributeType]
    ) -> WorkerDefinition? {
        let title = "worker '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "worker", title: title) else { return nil }
        let skills = words(section, "skills")
        let languages = words(section, "languages")
        let capacity = section.integer("capacity", in: 1...50) ?? 1
        var attributes: [WorkerDefinition.Attribute] = []
        if let node = section.node("attributes") {
            for entry in session.entries(node, for: "'attributes' of \(title)").prefix(Self.mostSkills) {
                guard let attribute = attribute(entry, &types) else { continue }
                attributes.append(attribute)
            }
        }
        section.finish()
        return WorkerDefinition(
            name: entry.name, skills: skills, languages: languages, capacity: capacity, mark: entry.mark,
            attributes: attributes)
    }

    private func words(_ section: SectionReader, _ key: String) -> [String] {
        guard let node = section.node(key) else { return [] }
        return session.list(node, for: "'\(key)'").prefix(Self.mostSkills).compactMap {
            session.scalar($0, for: "'\(key)'")?.text
        }
    }

    private func attribute(
        _ entry: (name: String, mark: YAMLMark, node: YAMLNode), _ types: inout [String: AttributeType]
    ) -> WorkerDefinition.Attribute? {
        guard TaskExpression.isAttributeName(entry.name), !["name", "skills", "languages"].contains(entry.name) else {
            session.error(
                "invalid_name",
                "'\(entry.name.prefix(60))' is no name of an attribute; use letters, digits and '_', and no word of "
                    + "expressions", at: entry.mark)
            return nil
        }
        guard let value = value(entry.node, for: "'\(entry.name)'") else { return nil }
        if let known = types[entry.name], known != value.type {
            session.error(
                "type_mismatch",
                "'\(entry.name)' is a \(value.type.rawValue) here and a \(known.rawValue) of another worker; write the "
                    + "same type", at: entry.node.mark)
            return nil
        }
        types[entry.name] = value.type
        return WorkerDefinition.Attribute(name: entry.name, value: value)
    }

    /// A number, true or false where it is written so, or a text; or a list of texts.
    private func value(_ node: YAMLNode, for what: String) -> AttributeValue? {
        if case .sequence(let items) = node.kind {
            return .list(items.compactMap { session.scalar($0, for: what) }.map { .text($0.text) })
        }
        guard let scalar = session.scalar(node, for: what) else { return nil }
        guard case .scalar(_, isPlain: true) = node.kind else { return .text(scalar.text) }
        switch scalar.text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: return ScalarText.decimal(scalar.text).map(AttributeValue.number) ?? .text(scalar.text)
        }
    }

    // MARK: queues

    private func queue(
        _ entry: (name: String, mark: YAMLMark, node: YAMLNode), _ scope: AttributeScope
    ) -> QueueDefinition? {
        let title = "queue '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "queue", title: title) else { return nil }
        var queue = QueueDefinition(
            name: entry.name, workers: expression(section, "workers", scope), mark: entry.mark)
        queue.order = section.word("order", QueueDefinition.Order.self) ?? .longestIdle
        queue.reservationTimeout =
            section.duration("reservation_timeout", in: .seconds(1) ... .seconds(86_400)) ?? .seconds(30)
        queue.serviceLevel = section.duration("service_level", in: .seconds(1) ... .seconds(7 * 86_400))
        section.finish()
        return queue
    }

    private func expression(_ section: SectionReader, _ key: String, _ scope: AttributeScope) -> TaskExpression? {
        guard let scalar = section.scalar(key) else { return nil }
        do throws(TaskExpressionFault) {
            let expression = try TaskExpression(parsing: scalar.text)
            try expression.check(scope)
            return expression
        } catch {
            let names = scope.types.keys.sorted()
            let advice = error.name.map { ReadingSession.advice($0, among: names) } ?? ""
            session.error(error.code, error.message + advice, at: scalar.mark)
            return nil
        }
    }

    // MARK: workflows

    private func workflow(
        _ entry: (name: String, mark: YAMLMark, node: YAMLNode), _ scope: AttributeScope
    ) -> WorkflowDefinition? {
        let title = "workflow '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "workflow", title: title) else { return nil }
        let filters = section.node("filters").map { session.list($0, for: "'filters' of \(title)") } ?? []
        let read = filters.enumerated().compactMap { filter($0.element, "filter \($0.offset + 1) of \(title)", scope) }
        if let (place, node) = zip(filters.indices, filters).dropLast().first(where: { $0.1["when"] == nil }) {
            session.error(
                "unreachable_target",
                "filter \(place + 1) of \(title) takes every task, so the next one is never tried; add 'when'",
                at: node.mark)
        }
        let last = section.requiredNode("default").flatMap { self.last($0, title) }
        section.finish()
        return last.map { WorkflowDefinition(name: entry.name, filters: read, last: $0, mark: entry.mark) }
    }

    private func filter(
        _ node: YAMLNode, _ title: String, _ scope: AttributeScope
    ) -> WorkflowDefinition.Filter? {
        guard let section = SectionReader(session, node, section: "workflow_filter", title: title) else { return nil }
        let when = expression(section, "when", scope)
        let nodes = section.requiredNode("targets").map { session.list($0, for: "'targets' of \(title)") } ?? []
        section.finish()
        var targets: [TaskStep] = []
        for (index, node) in nodes.enumerated() {
            guard let target = target(node, title) else { continue }
            targets.append(target)
            if target.timeout == nil, !target.skipsWithoutWorker, index + 1 < nodes.count {
                session.error(
                    "unreachable_target",
                    "a task never leaves this target of \(title), so the next one is never tried; add 'timeout'",
                    at: node.mark)
            }
        }
        return WorkflowDefinition.Filter(when: when, targets: targets)
    }

    private func target(_ node: YAMLNode, _ owner: String) -> TaskStep? {
        guard
            let section = SectionReader(session, node, section: "workflow_target", title: "a target of \(owner)")
        else { return nil }
        var step = step(section)
        step?.timeout = section.duration("timeout", in: .seconds(1) ... .seconds(14 * 86_400))
        step?.skipsWithoutWorker = section.boolean("skip_if_no_worker") ?? false
        section.finish()
        return step
    }

    private func last(_ node: YAMLNode, _ owner: String) -> TaskStep? {
        guard
            let section = SectionReader(session, node, section: "workflow_default", title: "'default' of \(owner)")
        else { return nil }
        let step = step(section)
        section.finish()
        return step
    }

    private func step(_ section: SectionReader) -> TaskStep? {
        let priority = section.integer("priority", in: 0...1_000)
        guard let queue = section.requiredText("queue") else { return nil }
        session.refer(to: .queue, queue.text, at: queue.mark)
        return TaskStep(queue: queue.text, priority: priority)
    }
}
