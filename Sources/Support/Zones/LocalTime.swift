/// A time as a wall clock shows it: a day and a time of day, without a zone.
public struct LocalTime: Sendable, Hashable {
    /// The day.
    public let date: CivilDate
    /// The hour, 0–23.
    public let hour: Int
    /// The minute, 0–59.
    public let minute: Int
    /// The second, 0–59.
    public let second: Int

    /// A time of day on a day; nil where a part is out of its range.
    public init?(date: CivilDate, hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The wall clock of a zone whose clock is this many seconds after 1970-01-01T00:00:00 on that same clock.
    init(clockSeconds: Int) {
        let day = floorDivide(clockSeconds, 86400)
        let rest = floorRemainder(clockSeconds, 86400)
        date = CivilDate(daysSinceEpoch: day)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
    }

    /// The year.
    public var year: Int { date.year }
    /// The month, 1–12.
    public var month: Int { date.month }
    /// The day of the month, 1–31.
    public var day: Int { date.day }
    /// The day of the week, 0 is Sunday.
    public var weekday: Int { date.weekday }
    /// Minutes since the local midnight, 0–1439.
    public var minuteOfDay: Int { hour * 60 + minute }

    /// Seconds after 1970-01-01T00:00:00 on the same clock.
    var clockSeconds: Int { date.daysSinceEpoch * 86400 + hour * 3600 + minute * 60 + second }
}
