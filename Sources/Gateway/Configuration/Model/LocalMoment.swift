import Zones

/// An instant, and the zone in whose local time it is looked at.
public struct LocalMoment: Sendable, Hashable {
    /// Seconds since 1970.
    public var seconds: Int64
    /// The zone of the person or place that is asked about.
    public var zone: Zone

    /// The second in which a time lies, in a zone.
    public init(_ time: Timestamp, in zone: Zone) {
        seconds = time.milliseconds >= 0 ? time.milliseconds / 1_000 : (time.milliseconds - 999) / 1_000
        self.zone = zone
    }

    /// A second in a zone.
    public init(seconds: Int64, in zone: Zone) {
        self.seconds = seconds
        self.zone = zone
    }
}
