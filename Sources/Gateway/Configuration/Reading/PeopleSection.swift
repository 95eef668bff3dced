import YAML

/// Reads `groups:` and `schedules:`.
struct PeopleSection {
    let session: ReadingSession

    func groups(_ node: YAMLNode?) -> Definitions<GroupDefinition> {
        guard let node else { return Definitions() }
        return Definitions(
            session.definitions(node, for: "'groups'").compactMap { entry in
                let contacts = contacts(entry.node, of: entry.name)
                return contacts.isEmpty
                    ? nil : GroupDefinition(name: entry.name, contacts: contacts, mark: entry.mark)
            })
    }

    private func contacts(_ node: YAMLNode, of group: String) -> [String] {
        guard case .sequence(let items) = node.kind, !items.isEmpty else {
            session.error("wrong_type", "group '\(group)' is a list of at least one contact:ID", at: node.mark)
            return []
        }
        if items.count > 100 {
            session.error("out_of_range", "group '\(group)' has more than 100 contacts; split it", at: items[100].mark)
        }
        var contacts: [String] = []
        for item in items.prefix(100) {
            guard let scalar = session.scalar(item, for: "group '\(group)'") else { continue }
            guard case .contact(let id)? = StepTarget(scalar.text) else {
                session.error(
                    "invalid_value", "\(scalar.shown) is no member of a group; write contact:ID", at: scalar.mark)
                continue
            }
            if contacts.contains(id) {
                session.error(
                    "duplicate_value", "\(scalar.shown) is in group '\(group)' twice; remove one", at: scalar.mark)
            } else {
                contacts.append(id)
            }
        }
        return contacts
    }

    func schedules(_ node: YAMLNode?) -> Definitions<ScheduleDefinition> {
        guard let node else { return Definitions() }
        return Definitions(
            session.definitions(node, for: "'schedules'").compactMap { entry in
                guard case .sequence(let items) = entry.node.kind, !items.isEmpty else {
                    session.error(
                        "wrong_type", "schedule '\(entry.name)' is a list of at least one { times:, target: }",
                        at: entry.node.mark)
                    return nil
                }
                let shifts = items.compactMap { shift($0, of: entry.name) }
                checkOrder(shifts, of: entry.name)
                return shifts.isEmpty
                    ? nil
                    : ScheduleDefinition(name: entry.name, shifts: shifts.map(\.shift), mark: entry.mark)
            })
    }

    private func shift(_ node: YAMLNode, of schedule: String) -> (shift: ScheduleDefinition.Shift, mark: YAMLMark)? {
        let title = "a shift of schedule '\(schedule)'"
        guard let section = SectionReader(session, node, section: "shift", title: title) else { return nil }
        let times = section.reference("times", to: .times)
        let text = section.requiredText("target")
        section.finish()
        guard let text else { return nil }
        switch StepTarget(text.text) {
        case .contact(let id)?: return (ScheduleDefinition.Shift(times: times, target: .contact(id)), node.mark)
        case .group(let name)?:
            session.refer(to: .group, name, at: text.mark)
            return (ScheduleDefinition.Shift(times: times, target: .group(name)), node.mark)
        case .schedule?, nil:
            session.error(
                "invalid_value", "\(text.shown) cannot be on duty; write contact:ID or group:NAME", at: text.mark)
            return nil
        }
    }

    /// A shift that is always on leaves nothing for those after it.
    private func checkOrder(_ shifts: [(shift: ScheduleDefinition.Shift, mark: YAMLMark)], of schedule: String) {
        guard let always = shifts.firstIndex(where: { $0.shift.times == nil }), always < shifts.count - 1 else {
            return
        }
        session.error(
            "unreachable_shift",
            "nobody after the shift without 'times' is ever on duty in schedule '\(schedule)'; put it last",
            at: shifts[always + 1].mark)
    }
}
