extension ConfigurationSnapshot {
    /// The most that a delivery can cost: the sum over the steps of a policy, each with its repeats.
    /// - Parameters:
    ///   - country: ISO 3166 alpha-2 of the recipient's number; `nil` takes the prices of `*`.
    ///   - segments: how many segments the longest text has, at least 1.
    /// - Returns: `nil` when the snapshot has no such policy, or no price for one of its channels.
    public func costBound(policy name: String, country: String?, segments: Int) -> Money? {
        guard let policy = policies[name] else { return nil }
        var total: Int64 = 0
        for step in policy.steps {
            guard let cost = costBound(of: step, country: country, segments: segments) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(cost)
            guard !overflow else { return nil }
            total = sum
        }
        return Money(micros: total, currency: currency)
    }

    /// The greatest bound over countries, such as those that are allowed; `nil` when one of them has none.
    public func costBound(policy name: String, countries: [String], segments: Int) -> Money? {
        var greatest: Money?
        for country in countries {
            guard let bound = costBound(policy: name, country: country, segments: segments) else { return nil }
            if bound.micros > greatest?.micros ?? -1 { greatest = bound }
        }
        return greatest
    }

    private func costBound(of step: StepDefinition, country: String?, segments: Int) -> Int64? {
        guard let kind = channel(step.channel)?.kind,
            let entry = prices.price(of: kind.rawValue, .out, country: country)
        else { return nil }
        let units: Int64
        switch entry.unit {
        case .segment: units = Int64(max(1, segments)) * Int64(step.submissions)
        case .minute:
            let longest = (step.maxDuration ?? .seconds(180)).milliseconds
            units = (longest + 59_999) / 60_000 * Int64(step.maxCalls ?? 1)
        default: units = Int64(step.submissions)
        }
        let (cost, overflow) = entry.price.micros.multipliedReportingOverflow(by: units)
        return overflow ? nil : cost
    }
}

extension StepDefinition {
    /// How often a text can reach the provider: once, again by `outcomes: retry`, and once more by `resend`.
    var submissions: Int {
        let retries = outcomes.reduce(0) { most, rule in
            guard case .retry(_, let times) = rule.action else { return most }
            return max(most, times)
        }
        return 1 + retries + (onAmbiguous == .resend ? 1 : 0)
    }
}
