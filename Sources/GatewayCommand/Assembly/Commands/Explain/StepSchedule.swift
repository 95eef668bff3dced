import Gateway
import JSON

/// When the steps of a plan start while nobody answers, if each is accepted by its provider at once.
struct StepSchedule: Sendable, Hashable {
    /// When the first step starts.
    let starts: Timestamp
    /// When the next step starts if no step before is delivered, no call is answered.
    private(set) var earliest: Timestamp
    /// When it starts if every step before is delivered and every call lasts its longest.
    private(set) var latest: Timestamp

    /// What a call gets on top of ringing, and after its end, before the next step.
    private static let ringGrace = Duration.seconds(15)
    private static let afterCall = Duration.seconds(60)

    /// A schedule before its first step.
    init(starts: Timestamp) {
        self.starts = starts
        earliest = starts
        latest = starts
    }

    /// Goes past a step of the answer of `explain`; a skipped one takes no time.
    mutating func pass(_ step: JSONValue) {
        guard step["skipped"] == nil, step["quiet_hours"] == nil else { return }
        let clocks = step["clocks"]
        if let ring = Self.span(clocks, "ring_timeout") {
            earliest = earliest + ring + Self.ringGrace
            latest = latest + ring + Self.ringGrace + (Self.span(clocks, "max_duration") ?? .zero) + Self.afterCall
        } else {
            let deliver = Self.span(clocks, "deliver_within") ?? .zero
            earliest = earliest + deliver
            latest = latest + deliver + (Self.span(clocks, "ack_within") ?? .zero)
        }
    }

    private static func span(_ clocks: JSONValue?, _ name: String) -> Duration? {
        clocks?[name]?.string.flatMap { Duration(written: $0) }
    }
}
