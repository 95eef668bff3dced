import Gateway
import JSON

extension Acceptance {
    /// Which rules were tried, why they matched or not, and the plan that follows. Stores nothing.
    /// - Parameter knowsCosts: what is spent of budgets is in the store.
    public func explain(
        _ envelope: Envelope, _ directory: ConfigurationDirectory, knowsCosts: Bool = true
    ) throws(Problem) -> JSONValue {
        let recipients = try resolve(envelope.to, directory)
        var out: [JSONValue] = []
        for recipient in recipients { out.append(explain(envelope, recipient, directory, knowsCosts: knowsCosts)) }
        return ["recipients": .array(out)]
    }

    private func explain(
        _ envelope: Envelope, _ recipient: ResolvedRecipient, _ directory: ConfigurationDirectory, knowsCosts: Bool
    ) -> JSONValue {
        let now = currentTime
        let configuration = directory.runningConfiguration
        let routing = directory.router.route(envelope, to: recipient, now: now, traces: true)
        var out: JSONObject = ["to": .string(recipient.number)]
        out["country"] = recipient.country.map(JSONValue.string)
        out["tier"] = CountryTable.tier(of: recipient.country).map(JSONValue.int)
        if CountryTable.isSanctioned(recipient.country) { out["sanctioned"] = true }
        if CountryTable.needsLocalNumber(recipient.country) { out["local_number"] = true }
        out["time_zone"] = .string(recipient.timeZone)
        out["locale"] = .string(recipient.locale)
        out["preferences"] = recipient.preferences?.value
        out["rules"] = .array(
            routing.trace.map { trace in
                var rule: JSONObject = ["name": .string(trace.name), "matched": .bool(trace.matched)]
                rule["failing"] = trace.failing.map(JSONValue.string)
                return .object(rule)
            })
        out["rule"] = .string(routing.rule)
        if let rejection = routing.rejection {
            out["rejected"] = .string(rejection)
            return .object(out)
        }
        out["policy"] = .string(routing.policy)
        out["starts"] = .string(MessageViews.time(routing.startsAt))
        let job = DeliveryJob(
            delivery: placeholder(now), message: placeholder(now), created: now, envelope: envelope,
            recipient: recipient, policy: routing.policy, snapshot: configuration.hash, rule: routing.rule)
        if let plan = directory.plan(for: job) {
            if routing.needsReview || plan.needsReview { out["review_within"] = .string(plan.reviewWithin.written) }
            out["plan"] = .array(steps(plan, job, directory, now, (try? records.receipts()) ?? []))
            out["expires"] = .string(MessageViews.time(routing.startsAt + (envelope.expiresIn ?? plan.expires)))
            let micros = (try? directory.bound(of: job, plan))?.micros ?? 0
            let bound = Money(micros: micros, currency: directory.currency)
            out["cost_bound"] = ["amount": .string(bound.decimal), "currency": .string(bound.currency)]
            let outlook = BudgetOutlook(directory: directory, records: knowsCosts ? records : nil, now: now)
            if !directory.budgets.isEmpty { out["budgets"] = outlook.budgets(of: job) }
        }
        return .object(out)
    }

    /// A step that deliveries of their own carry out.
    private static func delegation(_ delegation: Delegation, _ directory: ConfigurationDirectory) -> JSONValue {
        switch delegation {
        case .target(let target, let policy, let within):
            let size = directory.runningConfiguration.size(of: target)
            var out: JSONObject = [
                "channel": .string(target.text), "policy": .string(policy), "people": .integer(Int64(size)),
            ]
            out["clocks"] = within.map { ["ack_within": .string($0.written)] }
            return .object(out)
        case .broadcast(let channels): return ["channel": "broadcast", "channels": .integer(Int64(channels))]
        }
    }

    /// Why a step is skipped: none of its senders may be used.
    private func skipReason(
        _ step: PlanStep, _ index: Int, _ job: DeliveryJob, _ directory: ConfigurationDirectory
    ) -> SkipReason? {
        var first: SkipReason?
        for sender in 0..<step.senderCount {
            guard let reason = directory.ineligibility(of: job, step: index, over: sender, windowIsOpen: false) else {
                return nil
            }
            first = first ?? reason
        }
        return first
    }

    /// What receipts are worth, and where that comes from: the configuration, the figures of the store, or the default.
    private func describe(
        receiptsOf step: PlanStep, _ job: DeliveryJob, _ directory: ConfigurationDirectory,
        _ learned: [ReceiptRecord], _ out: inout JSONObject
    ) {
        out["receipts"] = .string(step.receipts.rawValue)
        guard let country = job.recipient.country,
            let row = learned.first(where: { $0.channel == step.channel && $0.country == country })
        else { return }
        let isConfigured = directory.configuredReceipts(channel: step.channel, country: country) != nil
        out["receipts_learned"] = [
            "quality": .string(row.quality.rawValue), "sent": .integer(Int64(row.sent)),
            "reported": .integer(Int64(row.reported)), "used": .bool(!isConfigured),
        ]
        if !isConfigured, step.receipts == .reliable { out["receipts"] = .string(row.quality.rawValue) }
    }

    /// Each sender of a step's list: what may keep it from being used, and what it is worth.
    private func senders(
        of step: PlanStep, _ index: Int, _ job: DeliveryJob, _ directory: ConfigurationDirectory,
        _ learned: [ReceiptRecord]
    ) -> JSONValue {
        .array(
            (0..<step.senderCount).map { sender in
                let entry = step.over(sender)
                var out: JSONObject = ["channel": .string(entry.channel)]
                if let reason = directory.ineligibility(of: job, step: index, over: sender, windowIsOpen: false) {
                    out["skipped"] = .string(reason.word)
                }
                if case .sender(let lane) = directory.route(of: job, step: entry) {
                    out["provider"] = .string(lane.provider)
                    out["from"] = .string(lane.sender)
                    if lane.requiresConsent { out["consent"] = "required" }
                }
                describe(receiptsOf: entry, job, directory, learned, &out)
                return .object(out)
            })
    }

    /// What the step's request needs a token and a place of; those without limits are not named.
    private func limits(_ lane: LaneSettings, tenant: String, _ directory: ConfigurationDirectory) -> JSONValue {
        var out: JSONObject = [:]
        let all = [
            ("sender", lane.limits), ("provider", directory.limits(ofProvider: lane.provider)),
            ("tenant", directory.limits(ofTenant: tenant)),
        ]
        for (name, limits) in all where limits != LimitSettings() {
            var members: JSONObject = [:]
            members["rate"] = limits.rate.map { .number($0) }
            members["concurrency"] = limits.concurrency.map(JSONValue.int)
            out[name] = .object(members)
        }
        return .object(out)
    }

    private func steps(
        _ plan: DeliveryPlan, _ job: DeliveryJob, _ directory: ConfigurationDirectory, _ now: Timestamp,
        _ learned: [ReceiptRecord]
    ) -> [JSONValue] {
        plan.steps.enumerated().map { index, step in
            if let delegation = step.delegation { return Self.delegation(delegation, directory) }
            var out: JSONObject = ["channel": .string(step.channel), "adapter": .string(step.kind.rawValue)]
            if !step.alternatives.isEmpty { out["senders"] = senders(of: step, index, job, directory, learned) }
            if let reason = skipReason(step, index, job, directory) {
                out["skipped"] = .string(reason.word)
            }
            if case .sender(let lane) = directory.route(of: job, step: step) {
                if lane.requiresConsent { out["consent"] = "required" }
                out["limits"] = limits(lane, tenant: job.envelope.tenant, directory)
            }
            switch directory.opening(of: job, step: index, now: now) {
            case .open: break
            case .skip: out["quiet_hours"] = "skip"
            case .closed(let until): out["quiet_until"] = .string(MessageViews.time(until))
            }
            describe(receiptsOf: step, job, directory, learned, &out)
            var clocks: JSONObject = ["submit_within": .string(step.submitWithin.written)]
            if step.intrusiveness == .call {
                clocks["ring_timeout"] = .string(step.ringTimeout.written)
                clocks["max_duration"] = .string(step.maxDuration.written)
            } else {
                clocks["queue_within"] = .string(step.queueWithin.written)
                clocks["deliver_within"] = .string(step.deliverWithin.written)
                if plan.ackRequired { clocks["ack_within"] = .string(step.ackWithin.written) }
            }
            out["clocks"] = .object(clocks)
            if let content = directory.content(of: job, step: index) {
                out["text"] = .string(content.text)
                if step.kind == .sms {
                    let count = SMSSegments.count(content.text)
                    out["segments"] = .integer(Int64(count.segments))
                    out["encoding"] = .string(count.encoding.rawValue)
                }
            }
            return .object(out)
        }
    }
}
