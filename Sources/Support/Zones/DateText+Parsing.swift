extension DateText {
    /// The milliseconds that an RFC 3339 text means (§5.6), such as `2026-11-23T19:31:00.25+01:00`.
    ///
    /// More than three digits of fraction are cut. The leap second `23:59:60Z` reads as the first instant of the next day.
    public static func parseRFC3339(_ text: String) throws(DateTextError) -> Int64 {
        var scan = DateScanner(text)
        let year = try scan.number(digits: 4...4, "a year of four digits")
        try scan.literal("-")
        let month = try scan.number(digits: 2...2, "a month of two digits")
        try scan.literal("-")
        let day = try scan.number(digits: 2...2, "a day of two digits")
        guard scan.take("T") || scan.take("t") else { throw scan.malformed("'T' between date and time") }
        let clock = try scan.clock(secondsRequired: true)
        let fraction = try scan.fraction()
        let offset = try scan.take("Z") || scan.take("z") ? 0 : scan.offset(separator: ":")
        try scan.end()
        return try combine(scan, (year, month, day), clock, offset) + Int64(fraction)
    }

    /// The milliseconds that an RFC 2822 text means (§3.3), such as `Mon, 23 Nov 2026 18:31:00 +0000`.
    ///
    /// The day of the week may be left out and must be right otherwise; of the obsolete zones `GMT`, `UT` and `Z` are read.
    public static func parseRFC2822(_ text: String) throws(DateTextError) -> Int64 {
        var scan = DateScanner(text)
        scan.blanks()
        let weekday = scan.name(of: weekdays)
        if weekday != nil { try scan.literal(",") }
        scan.blanks()
        let day = try scan.number(digits: 1...2, "a day")
        scan.blanks()
        guard let month = scan.name(of: months) else { throw scan.malformed("a month such as Nov") }
        scan.blanks()
        let year = try scan.number(digits: 4...4, "a year of four digits")
        scan.blanks()
        let clock = try scan.clock(secondsRequired: false)
        scan.blanks()
        let offset = try scan.name(of: ["GMT", "UT", "Z"]) != nil ? 0 : scan.offset(separator: nil)
        scan.blanks()
        try scan.end()
        if let weekday, let date = CivilDate(year: year, month: month + 1, day: day), date.weekday != weekday {
            throw scan.impossible("that day is a \(weekdays[date.weekday])")
        }
        return try combine(scan, (year, month + 1, day), clock, offset)
    }

    private static func combine(
        _ scan: DateScanner, _ day: (year: Int, month: Int, day: Int), _ clock: (hour: Int, minute: Int, second: Int),
        _ offset: Int
    ) throws(DateTextError) -> Int64 {
        guard let date = CivilDate(year: day.year, month: day.month, day: day.day) else {
            throw scan.impossible("there is no such day")
        }
        guard clock.hour < 24, clock.minute < 60, clock.second <= 60 else {
            throw scan.impossible("there is no such time of day")
        }
        let seconds = date.daysSinceEpoch * 86400 + clock.hour * 3600 + clock.minute * 60 + clock.second - offset
        guard clock.second < 60 || floorRemainder(seconds, 86400) == 0 else {
            throw scan.impossible("a leap second can only be the last of a day in UTC")
        }
        let instant = Int64(seconds) * 1000
        guard (earliest...latest).contains(instant) else {
            throw scan.impossible("the date lies outside of the years 0000 to 9999 in UTC")
        }
        return instant
    }
}
