import Gateway
import JSON
import Zones

/// Times as the recipient's clock shows them.
struct LocalClock: Sendable {
    let zone: Zone

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// Reads an RFC 3339 time of the API.
    static func time(_ value: JSONValue?) -> Timestamp? {
        value?.string.flatMap { try? DateText.parseRFC3339($0) }.map(Timestamp.init(milliseconds:))
    }

    /// `Mon 2026-11-23 19:31:00 CET`.
    func full(_ time: Timestamp) -> String {
        "\(date(time)) \(hours(time)) \(zone.abbreviation(at: seconds(time)))"
    }

    /// `at 19:31:00`, or `between 19:34:00 and 19:44:00`; with the date on another day than `start`.
    func span(_ from: Timestamp, _ to: Timestamp, _ start: Timestamp) -> String {
        from == to ? "at \(short(from, start))" : "between \(short(from, start)) and \(short(to, start))"
    }

    private func short(_ time: Timestamp, _ start: Timestamp) -> String {
        date(time) == date(start) ? hours(time) : "\(date(time)) \(hours(time))"
    }

    private func seconds(_ time: Timestamp) -> Int64 {
        let rest = time.milliseconds % 1_000
        return time.milliseconds / 1_000 - (rest < 0 ? 1 : 0)
    }

    private func date(_ time: Timestamp) -> String {
        let local = zone.local(seconds(time))
        return "\(Self.weekdays[local.weekday]) \(local.year)-\(two(local.month))-\(two(local.day))"
    }

    private func hours(_ time: Timestamp) -> String {
        let local = zone.local(seconds(time))
        return "\(two(local.hour)):\(two(local.minute)):\(two(local.second))"
    }

    private func two(_ number: Int) -> String { String(String(100 + number).dropFirst()) }
}
