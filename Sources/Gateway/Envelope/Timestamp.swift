/// A point in time: whole milliseconds since the Unix epoch, UTC.
///
/// Domain code receives it as a value and never reads a clock.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z, may be negative.
    public var milliseconds: Int64

    /// Wraps milliseconds since the Unix epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A time that is later than every real one.
    public static let distantFuture = Timestamp(milliseconds: .max)

    /// Earlier times first.
    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// The time `span` after this one; saturates instead of overflowing.
    public static func + (left: Self, span: Duration) -> Self {
        let (sum, overflow) = left.milliseconds.addingReportingOverflow(span.milliseconds)
        return overflow ? .distantFuture : Timestamp(milliseconds: sum)
    }

    /// The span from `right` to `left`, negative when `right` is later.
    public static func - (left: Self, right: Self) -> Duration {
        .milliseconds(left.milliseconds.subtractingReportingOverflow(right.milliseconds).partialValue)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; saturates at the range of `Int64`.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return scaled &+ attoseconds / 1_000_000_000_000_000
    }
}

extension Duration {
    /// Reads `500ms`, `30s`, `5m`, `4h`, `2d` and their sequences, as channels.yaml and the API write durations.
    public init?(written text: String) {
        guard let duration = ScalarText.duration(text) else { return nil }
        self = duration
    }

    /// The shortest such form.
    public var written: String { ScalarText.text(of: self) }
}
