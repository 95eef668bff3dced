import YAML

/// Reads `times:`.
struct TimesSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<NamedTimes> {
        guard let node else { return Definitions() }
        return Definitions(
            session.definitions(node, for: "'times'").compactMap { entry in
                let ranges = session.listOfMappings(entry.node).compactMap { range($0, of: entry.name) }
                return ranges.isEmpty ? nil : NamedTimes(name: entry.name, ranges: ranges, mark: entry.mark)
            })
    }

    private func range(_ node: YAMLNode, of name: String) -> DailyRange? {
        guard let section = SectionReader(session, node, section: "times", title: "times '\(name)'") else { return nil }
        let hours = section.value("hours", "hours such as \"22:00-07:00\"", Self.hours)
        if !section.has("hours") { section.missing("hours") }
        var weekdays = DailyRange.everyDay
        if let list = section.node("weekdays") {
            weekdays = 0
            for item in session.list(list, for: "'weekdays'") {
                for day in session.weekdays(item) { weekdays |= 1 << UInt8(day) }
            }
        }
        section.finish()
        guard let hours, weekdays != 0 else { return nil }
        return DailyRange(start: hours.start, end: hours.end, weekdays: weekdays)
    }

    private static func hours(_ text: String) -> (start: Int, end: Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = ScalarText.clock(parts[0]), let end = ScalarText.clock(parts[1]),
            start < 1440
        else { return nil }
        return (start, end)
    }
}

extension ReadingSession {
    /// A list of mappings; a single mapping is a list of one.
    func listOfMappings(_ node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let items) = node.kind { return items }
        return [node]
    }

    /// The days of `mon` or `fri..mon`, 0 is Sunday; empty with a report for anything else.
    func weekdays(_ node: YAMLNode) -> [Int] {
        guard let scalar = scalar(node, for: "a weekday") else { return [] }
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        let ends = scalar.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if ends.count == 1, let day = names.firstIndex(of: ends[0]) { return [day] }
        if ends.count == 3, ends[1].isEmpty, let first = names.firstIndex(of: ends[0]),
            let last = names.firstIndex(of: ends[2])
        {
            return (first...(last < first ? last + 7 : last)).map { $0 % 7 }
        }
        error(
            "unknown_word",
            "\(scalar.shown) is no weekday; write mon, tue, wed, thu, fri, sat, sun or a range mon..fri",
            at: scalar.mark)
        return []
    }
}
