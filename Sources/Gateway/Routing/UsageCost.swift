/// So much of something that the table of prices sells.
public struct Usage: Sendable, Hashable {
    /// As the table names it.
    public var item: String
    /// Which way it goes; `use` for what has none.
    public var direction: PriceTable.Direction
    /// In the unit of the price: segments, minutes, months, …
    public var count: Int64

    /// An amount of an item.
    public init(_ item: String, _ direction: PriceTable.Direction, _ count: Int64) {
        self.item = item
        self.direction = direction
        self.count = count
    }
}

extension PriceTable {
    /// What a usage costs in a country, in micros; `nil` where the table has no price, and for what an integer cannot
    /// hold.
    public func micros(of usage: Usage, country: String?) -> Int64? {
        guard let entry = price(of: usage.item, usage.direction, country: country) else { return nil }
        let (product, overflow) = entry.price.micros.multipliedReportingOverflow(by: usage.count)
        return overflow ? nil : product
    }
}

extension Money {
    /// To whole hundredths, halves away from zero, as bills do.
    public var roundedToCents: Money {
        let (cents, rest) = micros.quotientAndRemainder(dividingBy: 10_000)
        let more: Int64 = rest >= 5_000 ? 1 : rest <= -5_000 ? -1 : 0
        return Money(micros: (cents + more) * 10_000, currency: currency)
    }
}
