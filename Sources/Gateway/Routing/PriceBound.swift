/// The upper bound of what a delivery can cost: the sum over its steps.
public struct PriceBound: Sendable {
    let prices: PriceTable
    let currency: String

    /// A bound by a price table.
    public init(prices: PriceTable, currency: String) {
        self.prices = prices
        self.currency = currency
    }

    /// The bound of one step, with its repeats, over the dearest of its senders, in micros; zero where the table has no
    /// price.
    public func bound(of step: PlanStep, text: String, country: String?, maxCalls: Int) -> Int64 {
        let repeats = step.intrusiveness == .call ? max(1, maxCalls) : step.submissions
        let prices = (0..<step.senderCount).map { price(of: step.over($0), text: text, country: country) }
        return times(repeats, prices.max() ?? 0)
    }

    /// The most that one attempt costs, in micros; zero where the table has no price. Messages are counted in segments,
    /// calls in started minutes of their longest duration.
    public func price(of step: PlanStep, text: String, country: String?) -> Int64 {
        guard let entry = prices.price(over: step.channel, of: step.kind, country: country) else { return 0 }
        return entry.micros(
            segments: max(1, SMSSegments.count(text).segments),
            minutes: Int(max(1, (step.maxDuration.milliseconds + 59_999) / 60_000)))
    }

    private func times(_ count: Int, _ micros: Int64) -> Int64 {
        let (product, overflow) = micros.multipliedReportingOverflow(by: Int64(count))
        return overflow ? .max : product
    }
}
