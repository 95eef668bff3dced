import YAML

/// A named interval under `times:`, such as `nights`: one or more ranges of local time.
public struct NamedTimes: NamedDefinition, Hashable {
    /// As rules and steps refer to it.
    public var name: String
    /// At least one.
    public var ranges: [DailyRange]
    /// Where the file defines it.
    public var mark: YAMLMark

    /// The place of times that no file defines.
    static let nowhere = YAMLMark(line: 1, column: 1)
}

/// A range of hours on some days. One that ends before it starts runs past midnight and belongs to the day on which it
/// starts; one that ends when it starts lasts a whole day.
public struct DailyRange: Sendable, Hashable {
    /// Minutes since midnight, 0...1439.
    public var start: Int
    /// Minutes since midnight, 0...1440; not part of the range.
    public var end: Int
    /// The days on which the range starts.
    public var days = DayFilter()
    /// The IANA name of the zone whose clocks count; `nil` for that of whoever asks.
    public var location: String?

    /// Hours of some days, by default of every day.
    public init(start: Int, end: Int, days: DayFilter = DayFilter(), location: String? = nil) {
        self.start = start
        self.end = end
        self.days = days
        self.location = location
    }

    /// Whether it runs into the next day.
    public var spansMidnight: Bool { end <= start }

    /// Minutes on the clock from its beginning to its end, 1...1440.
    public var length: Int { spansMidnight ? 1440 - start + end : end - start }
}
