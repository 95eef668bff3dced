import Zones

/// The days on which a range of hours starts, as Alertmanager's time intervals name them. A day must fit every part; a
/// part that is not written fits every day.
public struct DayFilter: Sendable, Hashable {
    /// Bit 0 is Sunday, bit 6 is Saturday.
    public var weekdays = everyWeekday
    /// Empty for every day of the month.
    public var daysOfMonth: [DaysOfMonth] = []
    /// Bit 1 is January, bit 12 is December.
    public var months = everyMonth
    /// Both ends included; empty for every year.
    public var years: [ClosedRange<Int>] = []

    /// All seven days.
    public static let everyWeekday: UInt8 = 0x7F
    /// All twelve months.
    public static let everyMonth: UInt16 = 0x1FFE

    /// Every day.
    public init() {}

    /// Whether one week is like any other.
    public var isWeekly: Bool { daysOfMonth.isEmpty && months == Self.everyMonth && years.isEmpty }

    /// Whether a day fits.
    public func contains(daysSinceEpoch days: Int) -> Bool {
        // 1970-01-01 was a Thursday.
        let weekday = (days % 7 + 11) % 7
        guard weekdays & (1 << UInt8(weekday)) != 0 else { return false }
        return isWeekly || containsDate(CivilDate(daysSinceEpoch: days))
    }

    private func containsDate(_ date: CivilDate) -> Bool {
        guard months & (1 << UInt16(date.month)) != 0 else { return false }
        guard years.isEmpty || years.contains(where: { $0.contains(date.year) }) else { return false }
        let length = CivilDate.days(inMonth: date.month, year: date.year)
        return daysOfMonth.isEmpty || daysOfMonth.contains { $0.contains(date.day, ofMonthWith: length) }
    }

    /// Whether a day fits at all, in any year.
    public var isPossible: Bool {
        if isWeekly { return weekdays != 0 }
        // After so many years every date has fallen on every weekday, also around a year such as 2100.
        let spans = years.isEmpty ? [2000...2055] : years.map { $0.lowerBound...min($0.upperBound, $0.lowerBound + 55) }
        return spans.contains { span in span.contains(where: isPossible(inYear:)) }
    }

    private func isPossible(inYear year: Int) -> Bool {
        (1...12).contains { month in
            guard months & (1 << UInt16(month)) != 0, let first = CivilDate(year: year, month: month, day: 1) else {
                return false
            }
            let start = first.daysSinceEpoch
            return (0..<CivilDate.days(inMonth: month, year: year)).contains { contains(daysSinceEpoch: start + $0) }
        }
    }
}

/// A range of days of a month; one beyond the month's end is cut there.
public struct DaysOfMonth: Sendable, Hashable {
    /// 1...31 from the beginning of the month, -31 ... -1 from its end, where -1 is the last day.
    public var first: Int
    /// The same; part of the range.
    public var last: Int

    /// Whether a day lies in it.
    func contains(_ day: Int, ofMonthWith length: Int) -> Bool {
        let first = first < 0 ? length + first + 1 : first
        let last = last < 0 ? length + last + 1 : last
        return day >= first && day <= last
    }

    /// `nil` for what no month can have: a day 0 or beyond 31, or an end that always lies before the beginning.
    public init?(first: Int, last: Int) {
        func isDay(_ day: Int) -> Bool { (1...31).contains(abs(day)) }
        // An end that counts from the beginning could lie on either side of a beginning that counts from the end.
        guard isDay(first), isDay(last), first > 0 || last < 0 else { return nil }
        // In the longest month, where a beginning from the front has the most room.
        guard (first < 0 ? first + 32 : first) <= (last < 0 ? last + 32 : last) else { return nil }
        self.first = first
        self.last = last
    }
}
