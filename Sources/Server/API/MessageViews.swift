import Gateway
import JSON
import Zones

/// Messages and deliveries as the API shows them. Reads the store; runs where that may block.
struct MessageViews {
    let records: any RecordStore
    let directory: ConfigurationDirectory
    /// Messages of others do not exist for the caller.
    let tenant: String

    /// A message by its own or a delivery's identifier.
    func message(_ id: RecordID) throws(StoreError) -> JSONValue? {
        guard let message = try find(id) else { return nil }
        return try view(message)
    }

    /// The message of an identifier, if it is the tenant's.
    func find(_ id: RecordID) throws(StoreError) -> MessageRecord? {
        let owner = try records.message(id) == nil ? records.delivery(id)?.message : id
        guard let owner, let message = try records.message(owner),
            try JobCodec.envelope(message.body).tenant == tenant
        else { return nil }
        return message
    }

    private func view(_ message: MessageRecord) throws(StoreError) -> JSONValue {
        let envelope = try JobCodec.envelope(message.body)
        var deliveries: [JSONValue] = []
        var outcomes = MessageOutcomes()
        var mailing: RecordID?
        for record in try records.deliveries(ofMessage: message.id) {
            let job = try JobCodec.job(record, message)
            let (value, phase) = try delivery(job)
            deliveries.append(value)
            if let phase { outcomes.add(job, phase) }
            mailing = job.mailing ?? mailing
        }
        let phases = outcomes.phases
        var out: JSONObject = [
            "id": .string(message.id.text(.message)), "created": .string(Self.time(message.created)),
            "to": .string(JobCodec.text(of: envelope.to)), "topic": .string(envelope.topic),
            "priority": .string(envelope.priority.rawValue),
        ]
        out["batch"] = mailing.map { .string($0.text(.batch)) }
        if phases.count == 1 { out["state"] = .string(phases[0].word) } else { out["states"] = Self.counts(phases) }
        if phases.count == 1, let only = deliveries.last(where: { $0["attempts"]?.array?.isEmpty == false })?.object {
            out["status"] = only["status"]
            out["provider_id"] = only["provider_id"]
            out["delivered_at"] = only["delivered_at"]
        }
        out["deliveries"] = .array(deliveries)
        return .object(out)
    }

    static func counts(_ phases: [DeliveryPhase]) -> JSONValue {
        .object(
            JSONObject(
                DeliveryPhase.allCases.compactMap { phase in
                    let count = phases.count { $0 == phase }
                    return count == 0 ? nil : (phase.word, .integer(Int64(count)))
                }))
    }

    static func time(_ time: Timestamp) -> String { DateText.rfc3339(time.milliseconds) }

    // MARK: deliveries

    private func delivery(_ job: DeliveryJob) throws(StoreError) -> (JSONValue, DeliveryPhase?) {
        let plan = directory.plan(for: job)
        guard let row = try records.state(of: job.delivery) else { return (.null, nil) }
        let state = try StateCodec.decode(row.blob)
        var out: JSONObject = [
            "id": .string(job.delivery.text(.delivery)), "to": .string(job.recipient.number),
            "state": .string(state.phase.word), "late": .bool(state.isLate), "policy": .string(job.policy),
            "rule": .string(job.rule),
            "expires": .string(Self.time(state.expiresAt)),
        ]
        out["review_until"] = state.reviewUntil.map { .string(Self.time($0)) }
        out["contact"] = try job.recipient.contact.map { (id) throws(StoreError) in
            .string(try records.currentID(ofContact: id))
        }
        out["lineage"] = job.lineage.map(Self.lineage)
        if let last = state.attempts.last {
            out["status"] = .string(last.providerStatus.rawValue)
            if !last.providerID.isEmpty { out["provider_id"] = .string(last.providerID) }
        }
        if state.attempts.contains(where: { $0.level >= .delivered }) {
            out["delivered_at"] = try deliveredAt(job.delivery).map { .string(Self.time($0)) }
        }
        out["steps"] = .array(
            state.steps.enumerated().map { index, step in
                Self.step(step, plan?.steps.indices.contains(index) == true ? plan?.steps[index] : nil)
            })
        out["attempts"] = .array(
            state.attempts.enumerated().map { index, attempt in Self.attempt(index, attempt, plan) })
        return (.object(out), state.phase)
    }

    /// How it came from another delivery of the message.
    private static func lineage(_ lineage: Lineage) -> JSONValue {
        var out: JSONObject = [
            "kind": .string(lineage.kind.rawValue), "of": .string(lineage.origin.text(.delivery)),
        ]
        if lineage.round > 0 { out["round"] = .integer(Int64(lineage.round) + 1) }
        if lineage.parent != nil { out["step"] = .integer(Int64(lineage.step) + 1) }
        return .object(out)
    }

    /// When an attempt first proved that it reached the person; the events know, the state does not.
    private func deliveredAt(_ delivery: RecordID) throws(StoreError) -> Timestamp? {
        for event in try records.events(of: delivery) {
            let (time, notes) = try EventCodec.decode(event.blob)
            for case .evidence(_, let level, _) in notes where level >= .delivered { return time }
        }
        return nil
    }

    private static func step(_ step: StepState, _ entry: PlanStep?) -> JSONValue {
        let channel = entry?.over(Int(step.sender)).channel
        var out: JSONObject = ["channel": channel.map(JSONValue.string) ?? .null]
        if let entry, !entry.alternatives.isEmpty { out["senders"] = senders(of: entry) }
        switch step.status {
        case .waiting: out["state"] = "waiting"
        case .held(let reason):
            out["state"] = "held"
            out["reason"] = .string(reason.word)
        case .ready: out["state"] = "ready"
        case .intent: out["state"] = "intent"
        case .submitted: out["state"] = "submitted"
        case .ambiguous: out["state"] = "ambiguous"
        case .delegated: out["state"] = "delegated"
        case .done: out["state"] = "done"
        case .failed(let outcome):
            out["state"] = "failed"
            out["reason"] = .string(outcome.word)
        case .superseded: out["state"] = "superseded"
        case .skipped(let reason):
            out["state"] = "skipped"
            out["reason"] = .string(reason.word)
        }
        if let clock = step.clock {
            out["clock"] = ["name": .string(clock.kind.word), "due": .string(time(clock.due))]
        }
        return .object(out)
    }

    /// The channels of a step's list, in their order.
    static func senders(of step: PlanStep) -> JSONValue {
        .array((0..<step.senderCount).map { .string(step.over($0).channel) })
    }

    private static func attempt(_ index: Int, _ attempt: AttemptState, _ plan: DeliveryPlan?) -> JSONValue {
        let step = Int(attempt.step)
        let channel = plan?.steps.indices.contains(step) == true ? plan?.step(of: attempt).channel : nil
        var out: JSONObject = [
            "attempt": .integer(Int64(index + 1)), "channel": channel.map(JSONValue.string) ?? .null,
            "level": .string(TimelineView.word(attempt.level)), "status": .string(attempt.providerStatus.rawValue),
        ]
        if let outcome = attempt.outcome { out["outcome"] = .string(outcome.word) }
        if attempt.code != 0 { out["code"] = .integer(Int64(attempt.code)) }
        if !attempt.providerID.isEmpty { out["provider_id"] = .string(attempt.providerID) }
        if attempt.receiptsAreWeak { out["receipts"] = "learned_weak" }
        return .object(out)
    }

    // MARK: timeline

    /// Every event of a message's deliveries, or of one delivery.
    func timeline(_ id: RecordID) throws(StoreError) -> JSONValue? {
        var deliveries = try records.deliveries(ofMessage: id)
        if deliveries.isEmpty, let delivery = try records.delivery(id) { deliveries = [delivery] }
        guard let first = deliveries.first, let message = try find(first.message) else { return nil }
        var entries: [JSONValue] = []
        for delivery in deliveries {
            let job = try JobCodec.job(delivery, message)
            let row = try records.state(of: delivery.id)
            let attempts = if let row { try StateCodec.decode(row.blob).attempts } else { [AttemptState]() }
            var view = TimelineView(
                delivery: delivery.id, plan: directory.plan(for: job), attempts: attempts)
            for event in try records.events(of: delivery.id) {
                let (time, notes) = try EventCodec.decode(event.blob)
                entries += view.entries(notes, at: time)
            }
            for detail in try records.reportDetails(of: delivery.id) { view.insert(detail, into: &entries) }
        }
        return ["id": .string(first.message.text(.message)), "events": .array(entries)]
    }

    // MARK: lists

    /// Newest first; filters look at most 5,000 messages back for one page.
    func list(_ query: ListQuery) throws(StoreError) -> JSONValue {
        var before = query.cursor
        var data: [JSONValue] = []
        var seen = 0
        while data.count < query.limit, seen < 5_000 {
            let page = try records.messages(before: before, limit: min(query.limit, 200))
            if page.isEmpty { return ["data": .array(data), "next_cursor": .null] }
            for message in page where data.count < query.limit {
                before = message.id
                seen += 1
                guard try JobCodec.envelope(message.body).tenant == tenant else { continue }
                let value = try view(message)
                if Self.fits(value, query.filters) { data.append(value) }
            }
        }
        return ["data": .array(data), "next_cursor": before.map { .string($0.digits) } ?? .null]
    }

    private static func fits(_ value: JSONValue, _ filters: [String: String]) -> Bool {
        filters.allSatisfy { name, wanted in
            if name == "state" { return value["state"]?.string == wanted || value["states"]?[wanted] != nil }
            if name == "to" {
                return value["to"]?.string == wanted
                    || value["deliveries"]?.array?.contains { $0["to"]?.string == wanted } == true
            }
            return value[name]?.string == wanted
        }
    }
}
