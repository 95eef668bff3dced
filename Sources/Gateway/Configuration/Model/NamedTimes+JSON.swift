import JSON
import YAML
import Zones

extension NamedTimes {
    /// In the words of channels.yaml, one entry for each range of hours.
    public var value: JSONValue { .array(ranges.map(\.value)) }
}

extension DailyRange {
    /// In the words of channels.yaml.
    public var value: JSONValue {
        var out: JSONObject = ["hours": .string(Self.clock(start) + "-" + Self.clock(end))]
        if days.weekdays != DayFilter.everyWeekday {
            let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            let chosen = names.indices.filter { days.weekdays & (1 << UInt8($0)) != 0 }
            out["weekdays"] = Self.strings(chosen.map { names[$0] })
        }
        if !days.daysOfMonth.isEmpty {
            out["days_of_month"] = Self.strings(days.daysOfMonth.map { "\($0.first):\($0.last)" })
        }
        if days.months != DayFilter.everyMonth {
            let chosen = (1...12).filter { days.months & (1 << UInt16($0)) != 0 }
            out["months"] = Self.strings(chosen.map(String.init))
        }
        if !days.years.isEmpty { out["years"] = Self.strings(days.years.map { "\($0.lowerBound):\($0.upperBound)" }) }
        out["location"] = location.map(JSONValue.string)
        return .object(out)
    }

    private static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    private static func clock(_ minutes: Int) -> String {
        String(String(100 + minutes / 60).dropFirst()) + ":" + String(String(100 + minutes % 60).dropFirst())
    }

    /// Reads an entry of `times:`, or a list of them, as the API takes it.
    /// - Parameters:
    ///   - isZone: whether an IANA name is known.
    ///   - fault: told of everything that cannot be read, for a person.
    static func read(
        _ value: JSONValue, isZone: @escaping @Sendable (String) -> Bool, fault: (String) -> Void
    ) -> [DailyRange] {
        let catalogue = AdapterCatalogue(channels: [], providers: [], stores: [])
        let session = ReadingSession(
            file: "", environment: [:], readFile: { _ in [] }, catalogue: catalogue, isZone: isZone)
        session.replacesVariables = false
        let section = TimesSection(session: session)
        let ranges = session.listOfMappings(YAMLNode(json: value)).flatMap { section.ranges($0, of: "quiet_hours") }
        for finding in session.diagnostics { fault(finding.message) }
        return ranges
    }
}
