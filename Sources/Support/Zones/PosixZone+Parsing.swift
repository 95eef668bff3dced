extension PosixZone {
    /// Reads a TZ string such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil if it is not one.
    init?(parsing bytes: [UInt8]) {
        var scan = Scan(bytes: bytes[...])
        guard let name = scan.name(), let offset = scan.time(limit: 24) else { return nil }
        standard = ZoneRules.Kind(offset: -offset, isDaylight: false, abbreviation: name)
        if scan.bytes.isEmpty {
            daylight = nil
            begin = nil
            end = nil
            return
        }
        guard let summer = scan.name() else { return nil }
        var summerOffset = 3600 - offset
        if scan.bytes.first != UInt8(ascii: ",") {
            guard let given = scan.time(limit: 24) else { return nil }
            summerOffset = -given
        }
        daylight = ZoneRules.Kind(offset: summerOffset, isDaylight: true, abbreviation: summer)
        guard let begin = scan.change(), let end = scan.change(), scan.bytes.isEmpty else { return nil }
        self.begin = begin
        self.end = end
    }

    private struct Scan {
        var bytes: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let first = bytes.first, UInt32(first) == character.value else { return false }
            bytes = bytes.dropFirst()
            return true
        }

        mutating func name() -> String? {
            let isQuoted = take("<")
            let name = bytes.prefix { byte in
                isQuoted ? byte != UInt8(ascii: ">") : (97...122).contains(byte | 0x20)
            }
            bytes = bytes.dropFirst(name.count)
            guard (3...16).contains(name.count), !isQuoted || take(">") else { return nil }
            return String(decoding: name, as: UTF8.self)
        }

        mutating func number(in range: ClosedRange<Int>) -> Int? {
            let digits = bytes.prefix { (48...57).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            bytes = bytes.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1) - 48 }
            return range.contains(value) ? value : nil
        }

        /// Seconds from `[+-]hh[:mm[:ss]]`.
        mutating func time(limit hours: Int) -> Int? {
            let sign = take("-") ? -1 : 1
            if sign == 1 { _ = take("+") }
            guard var seconds = number(in: 0...hours).map({ $0 * 3600 }) else { return nil }
            if take(":") {
                guard let minutes = number(in: 0...59) else { return nil }
                seconds += minutes * 60
                if take(":") {
                    guard let rest = number(in: 0...59) else { return nil }
                    seconds += rest
                }
            }
            return sign * seconds
        }

        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day, time: 7200) }
            return time(limit: 167).map { Change(day: day, time: $0) }
        }

        private mutating func day() -> Day? {
            if take("J") { return number(in: 1...365).map { .julian($0) } }
            guard take("M") else { return number(in: 0...365).map { .zeroBased($0) } }
            guard let month = number(in: 1...12), take("."), let week = number(in: 1...5), take("."),
                let weekday = number(in: 0...6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
