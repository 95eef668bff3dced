/// The upper bound of what a delivery can cost: the sum over its steps.
public struct PriceBound: Sendable {
    let prices: PriceTable
    let currency: String

    /// A bound by a price table.
    public init(prices: PriceTable, currency: String) {
        self.prices = prices
        self.currency = currency
    }

    /// The bound of one step; zero where the table has no price. Messages are counted in segments, calls in started
    /// minutes of their longest duration.
    public func bound(of step: PlanStep, text: String, country: String?, maxCalls: Int) -> Money {
        guard let entry = prices.price(of: step.kind.rawValue, .out, country: country) else {
            return Money(micros: 0, currency: currency)
        }
        let units: Int64
        switch entry.unit {
        case .segment: units = Int64(max(1, SMSSegments.count(text).segments))
        case .minute: units = max(1, (step.maxDuration.milliseconds + 59_999) / 60_000) * Int64(max(1, maxCalls))
        default: units = 1
        }
        return Money(micros: entry.price.micros.multipliedReportingOverflow(by: units).partialValue, currency: currency)
    }
}
