/// The section `prices:`.
public struct PriceTable: Sendable, Hashable {
    /// One price.
    public struct Entry: Sendable, Hashable {
        /// What is sold: a channel's kind, the name of a channel with prices of its own, or `mms`, `conference`,
        /// `recording`, `transcription`, `number`, `task`.
        public var item: String
        /// Who started it.
        public var direction: Direction
        /// What the price buys.
        public var unit: Unit
        /// ISO 3166 alpha-2, or `*` for all that are not named.
        public var country: String
        /// In the gateway's currency.
        public var price: Money

        /// What so much costs, in micros: segments or minutes where the price is for one of those, else one piece.
        public func micros(
            segments: @autoclosure () -> Int = 1, minutes: @autoclosure () -> Int = 1
        ) -> Int64 {
            let count: Int =
                switch unit {
                case .segment: segments()
                case .minute, .participantMinute: minutes()
                case .message, .month, .task, .gigabyteMonth, .quarterHour: 1
                }
            let (product, overflow) = price.micros.multipliedReportingOverflow(by: Int64(count))
            return overflow ? .max : product
        }
    }

    /// Which way it goes.
    public enum Direction: String, Sendable, Hashable, CaseIterable {
        case out, `in`
        /// Neither way, such as the rent of a number.
        case use
    }

    /// What one price buys.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        case message, segment, minute, month, task
        case participantMinute = "participant_minute"
        case gigabyteMonth = "gb_month"
        case quarterHour = "quarter_hour"
    }

    /// In the file's order.
    public var entries: [Entry]

    /// The price of a message or call over a channel: under the channel's own name, else under that of its kind.
    public func price(over channel: String, of kind: ChannelKind, country: String?) -> Entry? {
        price(of: kind.rawValue, .out, over: channel, country: country)
    }

    /// Items that are sold over channels of several kinds, and none of a channel's own.
    private static let ofNoChannel: Set = ["mms", "number"]

    /// The price of an item over a channel: under the channel's own name where it is the channel's kind, else under the
    /// item's.
    public func price(of item: String, _ direction: Direction, over channel: String, country: String?) -> Entry? {
        let own = Self.ofNoChannel.contains(item) ? nil : price(of: channel, direction, country: country)
        return own ?? price(of: item, direction, country: country)
    }

    /// The price for a country: its own, else the one for `*`; `nil` when the table has neither.
    public func price(of item: String, _ direction: Direction, country: String?) -> Entry? {
        var general: Entry?
        for entry in entries where entry.item == item && entry.direction == direction {
            if entry.country == country { return entry }
            if entry.country == "*" { general = entry }
        }
        return general
    }
}
