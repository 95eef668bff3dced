/// Instants as text: RFC 3339, which the interface speaks, and RFC 2822, which some providers speak.
///
/// An instant is a count of milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public enum DateText {
    static let earliest: Int64 = -62_167_219_200_000
    static let latest: Int64 = 253_402_300_799_999
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// `2026-11-23T18:31:00.250Z`, always in UTC with three digits of fraction (RFC 3339 §5.6).
    ///
    /// The years 0000–9999 are all that the format can say; an instant outside is shown as the nearest one inside.
    public static func rfc3339(_ milliseconds: Int64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        appendRFC3339(milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what `rfc3339(_:)` returns, without making a String.
    public static func appendRFC3339(_ milliseconds: Int64, to bytes: inout [UInt8]) {
        let (local, fraction) = split(milliseconds)
        appendDigits(local.year, 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(local.month, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(local.day, 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendClock(local, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        appendDigits(fraction, 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// `Mon, 23 Nov 2026 18:31:00 +0000`, always in UTC (RFC 2822 §3.3). Fractions of a second are cut.
    public static func rfc2822(_ milliseconds: Int64) -> String {
        let local = split(milliseconds).local
        var bytes: [UInt8] = []
        bytes.reserveCapacity(31)
        bytes.append(contentsOf: weekdays[local.weekday].utf8)
        bytes.append(contentsOf: ", ".utf8)
        appendDigits(local.day, 2, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: months[local.month - 1].utf8)
        bytes.append(UInt8(ascii: " "))
        appendDigits(local.year, 4, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        appendClock(local, to: &bytes)
        bytes.append(contentsOf: " +0000".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func split(_ milliseconds: Int64) -> (local: LocalTime, fraction: Int) {
        let clamped = Int(min(max(milliseconds, earliest), latest))
        return (LocalTime(clockSeconds: floorDivide(clamped, 1000)), floorRemainder(clamped, 1000))
    }

    private static func appendClock(_ local: LocalTime, to bytes: inout [UInt8]) {
        appendDigits(local.hour, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(local.minute, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(local.second, 2, to: &bytes)
    }

    private static func appendDigits(_ value: Int, _ count: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
