import YAML

/// Reads `budgets:`.
struct BudgetSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<BudgetDefinition> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'budgets'").compactMap(budget))
    }

    private func budget(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> BudgetDefinition? {
        let title = "budget '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "shared_budget", title: title) else {
            return nil
        }
        let scope = section.word("of", CostScope.self) ?? .gateway
        var budget = BudgetDefinition(
            name: entry.name, scope: scope, only: only(section, scope), perDay: section.money("per_day"),
            perMonth: section.money("per_month"), alerts: section.node("alerts").map(alerts) ?? [80, 100],
            override: .critical, overridingClasses: [.emergency],
            action: section.word("on_budget", BudgetAction.self) ?? .block, mark: entry.mark)
        if let node = section.node("override") { readOverride(node, into: &budget) }
        if !section.has("per_day"), !section.has("per_month") {
            session.error("missing_key", "\(title) has no limit; add 'per_day' or 'per_month'", at: entry.mark)
        }
        section.finish()
        return budget
    }

    private func only(_ section: SectionReader, _ scope: CostScope) -> [String] {
        guard let node = section.node("only") else { return [] }
        guard scope == .tenant || scope == .policy else {
            session.error(
                "invalid_value", "'only' names tenants or policies; \(section.title) is of neither", at: node.mark)
            return []
        }
        return session.list(node, for: "'only'").compactMap { item in
            guard let scalar = session.scalar(item, for: "'only'") else { return nil }
            if scope == .policy { session.refer(to: .policy, scalar.text, at: scalar.mark) }
            return scalar.text
        }
    }

    private func alerts(_ node: YAMLNode) -> [Int] {
        session.list(node, for: "'alerts'").compactMap { item in
            guard let scalar = session.scalar(item, for: "'alerts'") else { return nil }
            if let percent = ScalarText.integer(scalar.text), (1...100).contains(percent) { return percent }
            session.error(
                "out_of_range", "\(scalar.shown) is no percentage of a budget; write 1 to 100", at: scalar.mark)
            return nil
        }
    }

    /// Priorities and classes that a spent budget does not stop.
    private func readOverride(_ node: YAMLNode, into budget: inout BudgetDefinition) {
        budget.override = nil
        budget.overridingClasses = []
        for item in session.list(node, for: "'override'") {
            guard let scalar = session.scalar(item, for: "'override'") else { continue }
            if let priority = Priority(rawValue: scalar.text) {
                budget.override = min(budget.override ?? priority, priority)
            } else if let messageClass = MessageClass(rawValue: scalar.text) {
                budget.overridingClasses.append(messageClass)
            } else {
                let words = Priority.allCases.map(\.rawValue) + MessageClass.allCases.map(\.rawValue)
                session.error(
                    "unknown_word",
                    "\(scalar.shown) is no value for 'override'\(ReadingSession.advice(scalar.text, among: words))",
                    at: scalar.mark)
            }
        }
    }
}
