import Templates

/// The most that a delivery can cost, with all that its policy lets come of it: rounds, other people, channels at once.
/// What another policy adds that takes over is its own.
public struct DeliveryBound: Sendable, Hashable {
    /// Micros of the gateway's currency.
    public var micros: Int64 = 0
    /// Calls that may be placed.
    public var calls = 0

    /// Nothing.
    public init() {}

    /// Adds so many of another; what an integer cannot hold is its greatest.
    public mutating func add(_ other: Self, times count: Int = 1) {
        let product = other.micros.multipliedReportingOverflow(by: Int64(count))
        let sum = micros.addingReportingOverflow(product.partialValue)
        micros = product.overflow || sum.overflow ? .max : sum.partialValue
        calls += other.calls * count
    }
}

extension DeliveryPlan {
    /// Rounds that a delivery may have, the first included.
    public var rounds: Int { 1 + (repeats?.times ?? (reopenAfter == nil ? 0 : 1)) }

    /// What all rounds can cost, when one can cost this much.
    public func bound(ofRound round: DeliveryBound) -> DeliveryBound {
        guard rounds > 1 else { return round }
        var bound = DeliveryBound()
        bound.add(round, times: rounds)
        return bound
    }
}

extension ConfigurationDirectory {
    /// Renders everything that a delivery may send, so that a missing variable is found now and not at night.
    /// - Returns: what it can cost.
    /// - Throws: the first missing variable, with its path.
    public func bound(of job: DeliveryJob, _ plan: DeliveryPlan) throws(TemplateError) -> DeliveryBound {
        try bound(of: job, plan, countries: [job.recipient.country], depth: 0)
    }

    private func bound(
        of job: DeliveryJob, _ plan: DeliveryPlan, countries: [String?], depth: Int
    ) throws(TemplateError) -> DeliveryBound {
        var bound = DeliveryBound()
        guard let chain = chain(job) else { return bound }
        let renderer = chain.renderer
        let prices = PriceBound(prices: chain.snapshot.prices, currency: chain.snapshot.currency)
        var calls = 0
        for index in plan.steps.indices {
            if let delegation = plan.steps[index].delegation {
                bound.add(try self.bound(of: delegation, job, countries: countries, depth: depth))
            } else if let step = chain.step(index), let kind = step.kind {
                let text = try renderer.content(of: step.definition, kind: kind, job: job).text
                var dearest: Int64 = 0
                for country in countries {
                    let price = prices.bound(
                        of: plan.steps[index], text: text, country: country, maxCalls: plan.maxCalls)
                    dearest = max(dearest, price)
                }
                var own = DeliveryBound()
                own.micros = dearest
                bound.add(own)
                if plan.steps[index].intrusiveness == .call { calls = plan.maxCalls }
            }
        }
        bound.calls += calls
        return plan.bound(ofRound: bound)
    }

    private func bound(
        of delegation: Delegation, _ job: DeliveryJob, countries: [String?], depth: Int
    ) throws(TemplateError) -> DeliveryBound {
        var total = DeliveryBound()
        // Deeper ones are refused by the reader; a target's broadcast is a level of its own here.
        guard depth <= 2 * PolicyDefinition.targetLevels else { return total }
        switch delegation {
        case .broadcast(let branches):
            for branch in 0..<branches {
                var lineage = Lineage(.branch, of: job.delivery, root: job.delivery)
                lineage.branch = UInt8(clamping: branch)
                let part = job.derived(lineage)
                guard let plan = plan(for: part) else { continue }
                total.add(try bound(of: part, plan, countries: countries, depth: depth + 1))
            }
        case .target(let target, let policy, _):
            var dearest = DeliveryBound()
            // Nobody knows yet where they are and what they speak.
            for locale in configuration.locales {
                var person = job.recipient
                person.locale = locale
                let other = job.derived(nil, policy: policy, to: person)
                guard let plan = plan(for: other) else { continue }
                let one = try bound(
                    of: other, plan, countries: configuration.countries.allowed.map(Optional.some), depth: depth + 1)
                dearest.micros = max(dearest.micros, one.micros)
                dearest.calls = max(dearest.calls, one.calls)
            }
            total.add(dearest, times: configuration.size(of: target))
        }
        return total
    }
}

extension GatewayConfiguration {
    /// Every language that a template is written in, in order.
    var locales: [String] {
        var locales = [gateway.defaultLocale]
        for template in templates {
            let texts = [template.text] + template.channels.flatMap { [$0.text, $0.say] }
            for entry in texts.compactMap({ $0 }).flatMap(\.entries) where !locales.contains(entry.locale) {
                locales.append(entry.locale)
            }
        }
        return locales
    }

    /// The most people that a target can mean.
    public func size(of target: StepTarget) -> Int {
        switch target {
        case .contact: 1
        case .group(let name): groups[name]?.contacts.count ?? 0
        case .schedule(let name): schedules[name]?.shifts.map { size(of: $0.target) }.max() ?? 0
        }
    }

    /// The callers' ids of the people that a target means at a time.
    func contacts(of target: StepTarget, at now: Timestamp) -> [String] {
        switch target {
        case .contact(let id): return [id]
        case .group(let name): return groups[name]?.contacts ?? []
        case .schedule(let name):
            let zone = ZoneCache.zone(gateway.timeZone)
            let shift = schedules[name]?.shifts.first { shift in
                guard let name = shift.times else { return true }
                return times[name]?.contains(now, in: zone) == true
            }
            return shift.map { contacts(of: $0.target, at: now) } ?? []
        }
    }
}
