import YAML

/// Reads `warranties:`.
struct WarrantySection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> WarrantySettings? {
        guard let node,
            let section = SectionReader(session, node, section: "warranties", title: "'warranties'")
        else { return nil }
        var settings = WarrantySettings.usual
        if let list = section.node("lead_times") { settings.leadTimes = leadTimes(list) }
        let clock = section.value("at", "a time such as \"09:00\"") { text in
            ScalarText.clock(text).flatMap { $0 < 1_440 ? $0 : nil }
        }
        settings.minute = clock ?? settings.minute
        settings.topic = section.text("topic") ?? settings.topic
        settings.template = section.reference("template", to: .template) ?? ""
        if !section.has("template") { section.missing("template") }
        settings.role = section.word("to", Role.self).flatMap { Recipient.BoatRole(rawValue: $0.rawValue) } ?? .owner
        settings.priority = section.word("priority", Priority.self) ?? .normal
        section.finish()
        return settings
    }

    private enum Role: String, CaseIterable { case owner, broker, all }

    private func leadTimes(_ node: YAMLNode) -> [Int] {
        let items = session.list(node, for: "'lead_times'")
        if items.isEmpty {
            session.error("missing_value", "'lead_times' is empty; name at least one, such as 30d", at: node.mark)
        }
        if items.count > 20 {
            session.error("out_of_range", "'lead_times' has more than 20 entries; remove some", at: items[20].mark)
        }
        var days: [Int] = []
        for item in items.prefix(20) {
            guard let scalar = session.scalar(item, for: "'lead_times'") else { continue }
            guard let span = ScalarText.duration(scalar.text)?.milliseconds, span % 86_400_000 == 0 else {
                session.error(
                    "invalid_value", "\(scalar.shown) is no lead time; write whole days such as 30d, at most 366d",
                    at: scalar.mark)
                continue
            }
            let count = Int(span / 86_400_000)
            if days.contains(count) {
                session.error("duplicate_value", "\(scalar.shown) is listed twice; keep one", at: scalar.mark)
            } else {
                days.append(count)
            }
        }
        return days.sorted(by: >)
    }
}
