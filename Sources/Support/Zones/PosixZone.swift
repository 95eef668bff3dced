/// A rule for the clocks of all years: the TZ string of POSIX with the extensions of RFC 9636 §3.3.1.
struct PosixZone: Sendable, Hashable {
    /// A day of every year.
    enum Day: Sendable, Hashable {
        /// 1–365, the leap day not counted.
        case julian(Int)
        /// 0–365, the leap day counted.
        case zeroBased(Int)
        /// The `week`th (5: the last) `weekday` (0: Sunday) of a month.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    /// When the clocks change: a day, and the seconds after its midnight, from -167 to 167 hours.
    struct Change: Sendable, Hashable {
        let day: Day
        let time: Int

        /// Seconds after 1970-01-01T00:00:00 on the clock that holds before the change.
        func clockSeconds(year: Int) -> Int {
            guard let newYear = CivilDate(year: year, month: 1, day: 1) else { return 0 }
            let start = newYear.daysSinceEpoch
            return dayNumber(year: year, newYear: start) * 86400 + time
        }

        private func dayNumber(year: Int, newYear: Int) -> Int {
            switch day {
            case .julian(let day): return newYear + day - (CivilDate.isLeap(year) && day >= 60 ? 0 : 1)
            case .zeroBased(let day): return newYear + day
            case .weekday(let month, let week, let weekday):
                guard let first = CivilDate(year: year, month: month, day: 1) else { return newYear }
                var day = floorRemainder(weekday - first.weekday, 7) + (week - 1) * 7
                if day >= CivilDate.days(inMonth: month, year: year) { day -= 7 }
                return first.daysSinceEpoch + day
            }
        }
    }

    let standard: ZoneRules.Kind
    /// Daylight saving time with its begin and end; nil where the clocks do not change.
    let daylight: ZoneRules.Kind?
    let begin: Change?
    let end: Change?

    func kind(at seconds: Int64) -> ZoneRules.Kind {
        guard let daylight, let begin, let end else { return standard }
        // Beyond this the calendar is clamped anyway.
        let clamped = Int(min(max(seconds, -20_000_000_000_000), 20_000_000_000_000))
        let year = CivilDate(daysSinceEpoch: floorDivide(clamped + standard.offset, 86400)).year
        let start = begin.clockSeconds(year: year) - standard.offset
        let stop = end.clockSeconds(year: year) - daylight.offset
        let isDaylight =
            start < stop ? (start..<stop).contains(clamped) : !(stop..<start).contains(clamped)
        return isDaylight ? daylight : standard
    }
}
