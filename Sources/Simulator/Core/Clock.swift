/// Calendar arithmetic in UTC on Unix milliseconds, and the two date formats of the provider's APIs.
enum Clock {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let dayMilliseconds: Int64 = 86_400_000

    /// A sum that stops at the largest number instead of trapping.
    static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (value, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right > 0 ? .max : .min) : value
    }

    /// `Mon, 22 Aug 2011 20:58:45 +0000` (RFC 2822), as the 2010 API writes dates.
    static func rfc2822(_ time: Int64) -> String {
        let day = floorDivide(time, dayMilliseconds)
        let date = civil(day)
        let weekday = days[Int(modulo(day, 7))]
        return "\(weekday), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(clock(time)) +0000"
    }

    /// `2015-07-30T20:00:00Z` (ISO 8601), as the other APIs write dates.
    static func iso(_ time: Int64) -> String {
        let date = civil(floorDivide(time, dayMilliseconds))
        return "\(date.year)-\(two(date.month))-\(two(date.day))T\(clock(time))Z"
    }

    /// `YYMMDDhhmm`, as `RawDlrDoneDate` has it.
    static func receipt(_ time: Int64) -> String {
        let date = civil(floorDivide(time, dayMilliseconds))
        let time = clock(time).utf8.filter { $0 != UInt8(ascii: ":") }
        return "\(two(date.year % 100))\(two(date.month))\(two(date.day))"
            + String(decoding: time.prefix(4), as: UTF8.self)
    }

    /// The times of `YYYY-MM-DD` (the whole day) or `YYYY-MM-DDThh:mm[:ss][.fff][Z|±hh:mm]` (one second); nil for else.
    static func range(_ text: String) -> Range<Int64>? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
            let day = digits(bytes[8..<10]), bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let start = daysSinceEpoch(year: year, month: month, day: day) * dayMilliseconds
        if bytes.count == 10 { return start..<start + dayMilliseconds }
        guard let time = timeOfDay(bytes[10...]) else { return nil }
        return start + time..<start + time + 1000
    }

    private static func timeOfDay(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let text = Array(bytes)
        guard text.count >= 6, text[0] == UInt8(ascii: "T") || text[0] == UInt8(ascii: " "),
            let hour = digits(text[1..<3]), text[3] == UInt8(ascii: ":"), let minute = digits(text[4..<6]),
            hour < 24, minute < 60
        else { return nil }
        var rest = text[6...]
        var seconds = 0
        if rest.first == UInt8(ascii: ":") {
            guard rest.count >= 3, let value = digits(rest.dropFirst().prefix(2)) else { return nil }
            seconds = value
            rest = rest.dropFirst(3)
        }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard let offset = zone(Array(rest)) else { return nil }
        return Int64(hour * 3600 + minute * 60 + seconds - offset) * 1000
    }

    /// Seconds east of UTC; nothing and `Z` are UTC.
    private static func zone(_ text: [UInt8]) -> Int? {
        if text.isEmpty || text == [UInt8(ascii: "Z")] { return 0 }
        let plain = text.filter { $0 != UInt8(ascii: ":") }
        guard plain.count == 5, let hours = digits(plain[1..<3]), let minutes = digits(plain[3..<5]) else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return plain[0] == UInt8(ascii: "+") ? seconds : plain[0] == UInt8(ascii: "-") ? -seconds : nil
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func clock(_ time: Int64) -> String {
        let second = Int(modulo(time, dayMilliseconds) / 1000)
        return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    private static func two(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func modulo(_ value: Int64, _ by: Int64) -> Int64 {
        let rest = value % by
        return rest < 0 ? rest + by : rest
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        (value - modulo(value, by)) / by
    }

    /// Days since 1970 to a date; the algorithm of Hinnant's "chrono-compatible low-level date algorithms".
    private static func civil(_ day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}
