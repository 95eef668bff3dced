/// The place of an event among all events: its row, and its place in the row. Its 13 characters are the cursor of the
/// API, the `id:` of a stream and, behind `evt_`, the event's id; they sort as the events do.
public struct EventPosition: Sendable, Hashable, Comparable {
    /// The row's sequence above, the place in the row in the last ten bits: a row has at most 1,000 notes.
    public let rawValue: Int64

    private static let placeBits: Int64 = 10

    /// Behind every event that there can be.
    static let greatest = EventPosition(rawValue: .max)

    /// Before every event.
    public static let start = EventPosition(rawValue: 0)

    /// Reads a stored position; a negative one is the start.
    public init(rawValue: Int64) { self.rawValue = max(0, rawValue) }

    /// - Parameters:
    ///   - sequence: of the row, less than 2⁵³.
    ///   - place: in the row, 0...1,023; what is beyond counts as the last.
    public init(sequence: Int64, place: Int) {
        rawValue = max(0, sequence) << Self.placeBits | Int64(min(max(0, place), 1_023))
    }

    /// Behind everything that a row says.
    public static func end(ofRow sequence: Int64) -> EventPosition { EventPosition(sequence: sequence, place: 1_023) }

    /// Reads 13 characters of Crockford base 32, with or without `evt_`; only zeros are the start.
    public init?(_ text: String) {
        let digits = text.hasPrefix("evt_") ? String(text.dropFirst(4)) : text
        let id = RecordID(digits: digits.utf8)
        guard id != nil || digits == Self.zeros else { return nil }
        self.init(rawValue: id?.rawValue ?? 0)
    }

    private static let zeros = String(repeating: "0", count: 13)

    /// The row's sequence; 0 for the start.
    public var sequence: Int64 { rawValue >> Self.placeBits }

    /// The 13 characters.
    public var digits: String { RecordID(rawValue: rawValue)?.digits ?? Self.zeros }

    /// The event's public id, the same for ever.
    public var id: String { "evt_" + digits }

    /// Earlier events first.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
