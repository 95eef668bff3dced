import Crypto
import Gateway
import HTTP
import JSON
import Synchronization
import Templates
import Zones

/// Turns an envelope into a message that the engine can store: resolves, routes, plans, renders once, and writes the
/// whole answer. Nothing is durable yet.
public final class Acceptance: Sendable {
    private let records: any RecordStore
    private let clock: any GatewayClock
    private let zones: ZoneTable?
    private let ids: Mutex<RecordIDGenerator>

    /// - Parameter highest: the greatest identifier in the store.
    public init(records: any RecordStore, clock: any GatewayClock, highest: RecordID?) {
        self.records = records
        self.clock = clock
        zones = try? ZoneTable()
        ids = Mutex(RecordIDGenerator(after: highest))
    }

    /// What routing made of an envelope.
    public struct Prepared: Sendable {
        var input: AcceptInput
        /// The rule's refusal; the message is stored all the same.
        var rejection: Problem?
        var calls = 0
        var tenant = ""
        var boundMicros: Int64 = 0
    }

    /// Prepares a message under the running configuration.
    public func prepare(_ envelope: Envelope, _ directory: ConfigurationDirectory) throws(Problem) -> Prepared {
        let recipients = try resolve(envelope.to, directory)
        let now = clock.now
        let message = MessageRecord(id: nextID(now), created: now, body: JobCodec.message(envelope))
        var deliveries: [AcceptedDelivery] = []
        var rejection: Problem?
        for recipient in recipients {
            let routing = Router(directory.runningConfiguration).route(envelope, to: recipient, now: now)
            if let text = routing.rejection {
                rejection = Problem(422, "rejected_by_rule", text).with("rule", routing.rule)
            }
            let id = recipients.count == 1 ? message.id : nextID(now)
            deliveries.append(
                try delivery(id, message, envelope, recipient, routing, directory, isRejected: rejection != nil))
        }
        var prepared = Prepared(input: AcceptInput(message: message, deliveries: deliveries, answer: []))
        prepared.tenant = envelope.tenant
        prepared.input.isRejected = rejection != nil
        prepared.rejection = rejection?.with("id", message.id.text(.message))
        prepared.input.dedupeKey = envelope.dedupeKey.map { envelope.tenant + ":" + $0 }
        prepared.input.answer = answer(&prepared, directory)
        return prepared
    }

    /// The people behind a `to`; may wait for the disk.
    func resolve(
        _ recipient: Recipient, _ directory: ConfigurationDirectory
    ) throws(Problem) -> [ResolvedRecipient] {
        let resolver = RecipientResolver(
            configuration: directory.runningConfiguration, records: records, zones: zones)
        return try resolver.resolve(recipient)
    }

    var currentTime: Timestamp { clock.now }

    /// An identifier for something that is not stored.
    func placeholder(_ now: Timestamp) -> RecordID { nextID(now) }

    private func nextID(_ now: Timestamp) -> RecordID { ids.withLock { $0.next(at: now) } }

    private func delivery(
        _ id: RecordID, _ message: MessageRecord, _ envelope: Envelope, _ recipient: ResolvedRecipient,
        _ routing: Routing, _ directory: ConfigurationDirectory, isRejected: Bool
    ) throws(Problem) -> AcceptedDelivery {
        let hash = directory.runningConfiguration.hash
        let job = DeliveryJob(
            delivery: id, message: message.id, created: message.created, envelope: envelope, recipient: recipient,
            policy: routing.policy, snapshot: hash, rule: routing.rule)
        let record = DeliveryRecord(id: id, message: message.id, body: JobCodec.delivery(job))
        if isRejected {
            return AcceptedDelivery(
                record: record, job: job, plan: DeliveryPlan(policy: "", steps: []), startsAt: routing.startsAt)
        }
        guard let plan = directory.plan(for: job) else {
            throw Problem(
                422, "unknown_policy", "There is no policy with this name.",
                errors: [.init("/policy", "there is no policy with this name")])
        }
        try render(job, directory)
        return AcceptedDelivery(record: record, job: job, plan: plan, startsAt: routing.startsAt)
    }

    /// All steps are rendered once, so that a missing variable is found now and not at night.
    private func render(_ job: DeliveryJob, _ directory: ConfigurationDirectory) throws(Problem) {
        if let name = job.envelope.template, directory.runningConfiguration.templates[name] == nil {
            throw Problem(
                422, "unknown_template", "There is no template with this name.",
                errors: [.init("/template", "there is no template with this name")])
        }
        do {
            try directory.renderAll(job)
        } catch {
            let path = error.path.map { "/variables/" + $0.split(separator: ".").joined(separator: "/") }
            throw Problem(
                422, "missing_variable", "The template cannot be filled: " + error.message + ".",
                errors: [.init(path ?? "/variables", error.message)])
        }
    }

    // MARK: the answer

    private func answer(_ prepared: inout Prepared, _ directory: ConfigurationDirectory) -> [UInt8] {
        let input = prepared.input
        var out = JSONWriter()
        out.beginObject()
        out.key("id")
        out.string(input.message.id.text(.message))
        out.key("state")
        let isScheduled = input.deliveries.contains { $0.startsAt > input.message.created }
        out.string(input.isRejected ? "rejected" : isScheduled ? "scheduled" : "accepted")
        out.key("deliveries")
        out.beginArray()
        for delivery in input.deliveries {
            let bound = directory.costBound(delivery.job, delivery.plan)
            prepared.boundMicros += bound.micros
            prepared.calls += delivery.plan.steps.contains { $0.intrusiveness == .call } ? delivery.plan.maxCalls : 0
            write(delivery, bound, &out)
        }
        out.endArray()
        out.endObject()
        return out.bytes
    }

    private func write(_ delivery: AcceptedDelivery, _ bound: Money, _ out: inout JSONWriter) {
        out.beginObject()
        out.key("id")
        out.string(delivery.record.id.text(.delivery))
        out.key("to")
        out.string(delivery.job.recipient.number)
        out.key("policy")
        out.string(delivery.job.policy)
        out.key("rule")
        out.string(delivery.job.rule)
        out.key("plan")
        out.beginArray()
        for step in delivery.plan.steps { out.string(step.channel) }
        out.endArray()
        out.key("cost_bound")
        out.beginObject()
        out.key("amount")
        out.string(bound.decimal)
        out.key("currency")
        out.string(bound.currency)
        out.endObject()
        out.endObject()
    }
}
