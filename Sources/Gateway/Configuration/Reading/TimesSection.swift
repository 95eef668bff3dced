import YAML

/// Reads `times:`: hours, or the time intervals of Alertmanager, whose ranges of minutes exclude their end and whose
/// other ranges include it (prometheus.io/docs/alerting/latest/configuration, `time_interval`).
struct TimesSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<NamedTimes> {
        guard let node else { return Definitions() }
        return Definitions(
            session.definitions(node, for: "'times'").compactMap { entry in
                let ranges = session.listOfMappings(entry.node).flatMap { self.ranges($0, of: entry.name) }
                return ranges.isEmpty ? nil : NamedTimes(name: entry.name, ranges: ranges, mark: entry.mark)
            })
    }

    /// One entry; one range for each of its ranges of minutes.
    func ranges(_ node: YAMLNode, of name: String) -> [DailyRange] {
        let title = "times '\(name)'"
        guard let section = SectionReader(session, node, section: "times", title: title) else { return [] }
        let hours = hours(section, title)
        let days = days(section)
        let location = location(section)
        section.finish()
        if section.present.isEmpty { section.missing("hours") }
        guard let hours, let days else { return [] }
        if !days.isPossible {
            session.error("impossible_times", "no day fits \(title); correct its days, months or years", at: node.mark)
        }
        return hours.map { DailyRange(start: $0.start, end: $0.end, days: days, location: location) }
    }

    // MARK: Minutes

    /// The whole day when nothing is said; `nil` when what is said cannot be read.
    private func hours(_ section: SectionReader, _ title: String) -> [(start: Int, end: Int)]? {
        let hours = section.value("hours", "hours such as \"22:00-07:00\"", Self.hours)
        let times = section.node("times").map { node in
            session.listOfMappings(node).compactMap { minutes($0, title) }
        }
        guard !section.has("hours") else {
            if section.has("times") {
                session.error(
                    "two_values", "\(title) has 'hours' and 'times'; remove one of them",
                    at: section.mark(of: "times"))
            }
            return hours.map { [$0] }
        }
        guard let times else { return [(0, 1440)] }
        return times.isEmpty ? nil : times
    }

    private func minutes(_ node: YAMLNode, _ title: String) -> (start: Int, end: Int)? {
        guard
            let section = SectionReader(session, node, section: "time_range", title: "a time range of \(title)")
        else { return nil }
        let start = section.value("start_time", "a time such as \"08:00\"", ScalarText.clock)
        let end = section.value(
            "end_time", "a time such as \"17:00\"; \"24:00\" is the end of the day", ScalarText.clock)
        for key in ["start_time", "end_time"] where !section.has(key) { section.missing(key) }
        section.finish()
        guard let start, let end else { return nil }
        guard start < end else {
            session.error(
                "invalid_value",
                "'end_time' is not after 'start_time'; write two ranges, or hours such as \"22:00-07:00\"",
                at: node.mark)
            return nil
        }
        return (start, end)
    }

    private static func hours(_ text: String) -> (start: Int, end: Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = ScalarText.clock(parts[0]), let end = ScalarText.clock(parts[1]),
            start < 1440
        else { return nil }
        return (start, end)
    }

    // MARK: Days

    /// `nil` when a part of it cannot be read.
    private func days(_ section: SectionReader) -> DayFilter? {
        var days = DayFilter()
        let weekdays = items(section, "weekdays") { item -> [Int]? in
            let days = session.weekdays(item)
            return days.isEmpty ? nil : days
        }
        let daysOfMonth = items(section, "days_of_month") { item in
            value(
                item, "'days_of_month'", "a day such as 15 or -1, or a range such as '1:5' or '-3:-1'", Self.daysOfMonth
            )
        }
        let months = items(section, "months") { item in
            value(item, "'months'", "a month such as march or 3, or a range such as 'may:august'", Self.months)
        }
        let years = items(section, "years") { item in
            value(item, "'years'", "a year such as 2027, or a range such as '2027:2030'", Self.years)
        }
        guard let weekdays, let daysOfMonth, let months, let years else { return nil }
        if section.has("weekdays") { days.weekdays = weekdays.joined().reduce(0) { $0 | 1 << UInt8($1) } }
        if section.has("months") { days.months = months.joined().reduce(0) { $0 | 1 << UInt16($1) } }
        days.daysOfMonth = daysOfMonth
        days.years = years
        return days
    }

    /// The entries of a list; empty when the key is absent, `nil` when one of them cannot be read, or there is none.
    private func items<Value>(_ section: SectionReader, _ key: String, _ read: (YAMLNode) -> Value?) -> [Value]? {
        guard let node = section.node(key) else { return [] }
        let nodes = session.list(node, for: "'\(key)'")
        if nodes.isEmpty, case .sequence = node.kind {
            session.error("missing_value", "'\(key)' is an empty list; name one, or remove the key", at: node.mark)
        }
        let values = nodes.compactMap(read)
        return values.count == nodes.count && !nodes.isEmpty ? values : nil
    }

    private func value<Value>(
        _ node: YAMLNode, _ what: String, _ form: String, _ parse: (String) -> Value?
    ) -> Value? {
        guard let scalar = session.scalar(node, for: what) else { return nil }
        if let value = parse(scalar.text) { return value }
        session.error("invalid_value", "\(scalar.shown) is no value for \(what); write \(form)", at: scalar.mark)
        return nil
    }

    /// The parts of `first:last`; a single value is both.
    private static func ends<Value>(_ text: String, _ parse: (Substring) -> Value?) -> (first: Value, last: Value)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = parse(parts[0]), let last = parse(parts[parts.count - 1])
        else { return nil }
        return (first, last)
    }

    private static func daysOfMonth(_ text: String) -> DaysOfMonth? {
        let ends = ends(text) { part -> Int? in
            part.hasPrefix("-") ? ScalarText.integer(part.dropFirst()).map { -$0 } : ScalarText.integer(part)
        }
        return ends.flatMap { DaysOfMonth(first: $0.first, last: $0.last) }
    }

    private static let monthNames = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private static func months(_ text: String) -> [Int]? {
        let ends = ends(text.lowercased()) { part in
            monthNames.firstIndex(of: String(part)).map { $0 + 1 } ?? ScalarText.integer(part)
        }
        guard let ends, 1 <= ends.first, ends.first <= ends.last, ends.last <= 12 else { return nil }
        return Array(ends.first...ends.last)
    }

    private static func years(_ text: String) -> ClosedRange<Int>? {
        guard let ends = ends(text, ScalarText.integer), 1970 <= ends.first, ends.first <= ends.last, ends.last <= 9999
        else { return nil }
        return ends.first...ends.last
    }

    private func location(_ section: SectionReader) -> String? {
        guard let scalar = section.scalar("location") else { return nil }
        if session.isZone(scalar.text) { return scalar.text }
        session.error(
            "invalid_value", "\(scalar.shown) is no time zone; write one such as Europe/Zurich", at: scalar.mark)
        return nil
    }
}

extension ReadingSession {
    /// A list of mappings; a single mapping is a list of one.
    func listOfMappings(_ node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let items) = node.kind { return items }
        return [node]
    }

    /// The days of `mon`, `monday`, `fri..mon` or `monday:friday`, 0 is Sunday; empty with a report for anything else.
    func weekdays(_ node: YAMLNode) -> [Int] {
        guard let scalar = scalar(node, for: "a weekday") else { return [] }
        let ends = Self.weekdayEnds(scalar.text)
        if let first = Self.weekday(ends.first), let last = Self.weekday(ends.last) {
            return (first...(last < first ? last + 7 : last)).map { $0 % 7 }
        }
        error(
            "unknown_word",
            "\(scalar.shown) is no weekday; write mon, tue, wed, thu, fri, sat, sun or a range mon..fri",
            at: scalar.mark)
        return []
    }

    private static func weekdayEnds(_ text: String) -> (first: Substring, last: Substring) {
        let byColon = text.split(separator: ":", omittingEmptySubsequences: false)
        if byColon.count == 2 { return (byColon[0], byColon[1]) }
        let byDots = text.split(separator: ".", omittingEmptySubsequences: false)
        if byDots.count == 3, byDots[1].isEmpty { return (byDots[0], byDots[2]) }
        return (text[...], text[...])
    }

    private static let weekdayNames = [
        "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    ]

    /// Three letters, or the name in any case.
    private static func weekday(_ text: Substring) -> Int? {
        if let day = weekdayNames.firstIndex(where: { $0.prefix(3) == text }) { return day }
        return weekdayNames.firstIndex(of: text.lowercased())
    }
}
