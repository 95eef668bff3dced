/// A stream of events that another system keeps for its own consumers: it only grows, and every entry has an id that is
/// greater than all before it. Methods block.
public protocol StreamSink {
    /// The id of the last entry that was ever added, whether it is still there or not; `nil` where nothing ever was.
    mutating func lastID() throws(StreamFault) -> StreamID?
    /// Adds events in order, all of them or none, each under the id of its position.
    mutating func append(_ events: [GatewayEvent]) throws(StreamFault)
}

/// The id of an entry: the row of the event, and its place in the row.
public struct StreamID: Sendable, Hashable, Comparable {
    /// Above.
    public var high: UInt64
    /// Below.
    public var low: UInt64

    /// An id.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id of an event.
    public init(_ position: EventPosition) {
        high = UInt64(position.sequence)
        low = UInt64(position.rawValue & 1_023)
    }

    /// Reads `7-3`; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let high = UInt64(parts[0]), let low = UInt64(parts[1]) else { return nil }
        self.init(high: high, low: low)
    }

    /// `7-3`.
    public var text: String { "\(high)-\(low)" }

    /// Where events go on behind it; beyond every event of ours for an id that is none of ours.
    var position: EventPosition {
        let sequence = Int64(clamping: min(high, UInt64(EventPosition.greatest.sequence)))
        return EventPosition(sequence: sequence, place: Int(clamping: low))
    }

    /// In the order in which a stream has them.
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

/// Why a stream did not take events.
public enum StreamFault: Error, Sendable, Hashable {
    /// It is away or cannot at the moment: tried again soon. In words, for a person.
    case away(String)
    /// It does not want to, which a person has to change: tried again now and then.
    case refused(String)
    /// It has an entry with a greater id.
    case isAhead
}
