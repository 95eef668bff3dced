import YAML

/// A named interval under `times:`, such as `nights`: one or more ranges of the week in local time.
public struct NamedTimes: NamedDefinition, Hashable {
    /// As rules and steps refer to it.
    public var name: String
    /// At least one.
    public var ranges: [DailyRange]
    /// Where the file defines it.
    public var mark: YAMLMark

    /// Whether a local time lies within one of the ranges.
    /// - Parameters:
    ///   - weekday: 0 is Sunday, 6 is Saturday.
    ///   - minute: minutes since local midnight, 0...1439.
    public func contains(weekday: Int, minute: Int) -> Bool {
        ranges.contains { $0.minutesLeft(weekday: weekday, minute: minute) != nil }
    }

    /// Minutes on the wall clock until none of the ranges holds any more; `nil` when none holds now. Ranges that meet
    /// are one. At most a week, also when they cover the whole of it.
    public func minutesUntilEnd(weekday: Int, minute: Int) -> Int? {
        var passed = 0
        var place = weekday * 1440 + minute
        while passed < 7 * 1440 {
            let left = ranges.compactMap { $0.minutesLeft(weekday: place / 1440 % 7, minute: place % 1440) }.max()
            guard let left else { break }
            passed += left
            place += left
        }
        return passed == 0 ? nil : min(passed, 7 * 1440)
    }
}

/// A range of hours on some days of the week. One that ends before it starts runs past midnight and belongs to the day
/// on which it starts; one that ends when it starts lasts a whole day.
public struct DailyRange: Sendable, Hashable {
    /// Minutes since midnight, 0...1439.
    public var start: Int
    /// Minutes since midnight, 0...1440; not part of the range.
    public var end: Int
    /// Bit 0 is Sunday, bit 6 is Saturday: the days on which the range starts.
    public var weekdays: UInt8

    /// All seven days.
    public static let everyDay: UInt8 = 0x7F

    /// Whether it runs into the next day.
    public var spansMidnight: Bool { end <= start }

    /// Minutes until the range ends; `nil` outside of it.
    public func minutesLeft(weekday: Int, minute: Int) -> Int? {
        if startsOn(weekday), minute >= start, spansMidnight || minute < end {
            return spansMidnight ? 1440 - minute + end : end - minute
        }
        guard spansMidnight, startsOn((weekday + 6) % 7), minute < end else { return nil }
        return end - minute
    }

    private func startsOn(_ weekday: Int) -> Bool { weekdays & (1 << UInt8(weekday % 7)) != 0 }
}
