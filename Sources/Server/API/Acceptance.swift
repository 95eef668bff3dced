import Crypto
import Gateway
import HTTP
import JSON
import PhoneNumbers
import Synchronization
import Templates

/// Turns an envelope into a message that the engine can store: resolves, routes, plans, renders once, and writes the
/// whole answer. Nothing is durable yet.
public final class Acceptance: Sendable {
    private let records: any RecordStore
    private let clock: any GatewayClock
    private let ids: Mutex<RecordIDGenerator>
    /// Tells which numbers need a look-up.
    public let contactNumbers = ContactNumbers()

    /// - Parameter highest: the greatest identifier in the store.
    public init(records: any RecordStore, clock: any GatewayClock, highest: RecordID?) {
        self.records = records
        self.clock = clock
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

    /// A delivery and the most that it can cost.
    private struct Delivery {
        var accepted: AcceptedDelivery
        var bound: Money
    }

    /// Prepares a message under the running configuration; may wait for the disk.
    public func prepare(_ envelope: Envelope, _ directory: ConfigurationDirectory) throws(Problem) -> Prepared {
        try prepare(envelope, to: try resolve(envelope.to, directory), directory)
    }

    /// The same for an envelope to a number that no contact has, without any waiting; `nil` for others.
    public func prepareAtOnce(
        _ envelope: Envelope, _ directory: ConfigurationDirectory
    ) throws(Problem) -> Prepared? {
        guard case .number(let text) = envelope.to, let number = try? E164(parsing: text),
            !contactNumbers.mayContain(number)
        else { return nil }
        let recipient = try resolver(directory).resolve(stranger: text)
        return try prepare(envelope, to: [recipient], directory)
    }

    private func prepare(
        _ envelope: Envelope, to recipients: [ResolvedRecipient], _ directory: ConfigurationDirectory
    ) throws(Problem) -> Prepared {
        let now = clock.now
        let message = MessageRecord(id: nextID(now), created: now, body: JobCodec.message(envelope))
        var deliveries: [Delivery] = []
        var rejection: Problem?
        for recipient in recipients {
            let routing = directory.router.route(envelope, to: recipient, now: now)
            if let text = routing.rejection {
                rejection = Problem(422, "rejected_by_rule", text).with("rule", routing.rule)
            }
            let id = recipients.count == 1 ? message.id : nextID(now)
            deliveries.append(
                try delivery(id, message, envelope, recipient, routing, directory, isRejected: rejection != nil))
        }
        var prepared = Prepared(
            input: AcceptInput(message: message, deliveries: deliveries.map(\.accepted), answer: []))
        prepared.tenant = envelope.tenant
        prepared.input.isRejected = rejection != nil
        prepared.rejection = rejection?.with("id", message.id.text(.message))
        prepared.input.dedupeKey = envelope.dedupeKey.map { envelope.tenant + ":" + $0 }
        for delivery in deliveries {
            prepared.boundMicros += delivery.bound.micros
            let plan = delivery.accepted.plan
            prepared.calls += plan.steps.contains { $0.intrusiveness == .call } ? plan.maxCalls : 0
        }
        prepared.input.answer = prepared.rejection?.response.body ?? answer(deliveries, of: message)
        return prepared
    }

    /// The people behind a `to`; may wait for the disk.
    func resolve(
        _ recipient: Recipient, _ directory: ConfigurationDirectory
    ) throws(Problem) -> [ResolvedRecipient] {
        try resolver(directory).resolve(recipient)
    }

    private func resolver(_ directory: ConfigurationDirectory) -> RecipientResolver {
        RecipientResolver(configuration: directory.runningConfiguration, records: records)
    }

    var currentTime: Timestamp { clock.now }

    /// An identifier for something that is not stored.
    func placeholder(_ now: Timestamp) -> RecordID { nextID(now) }

    private func nextID(_ now: Timestamp) -> RecordID { ids.withLock { $0.next(at: now) } }

    private func delivery(
        _ id: RecordID, _ message: MessageRecord, _ envelope: Envelope, _ recipient: ResolvedRecipient,
        _ routing: Routing, _ directory: ConfigurationDirectory, isRejected: Bool
    ) throws(Problem) -> Delivery {
        let hash = directory.runningConfiguration.hash
        let job = DeliveryJob(
            delivery: id, message: message.id, created: message.created, envelope: envelope, recipient: recipient,
            policy: routing.policy, snapshot: hash, rule: routing.rule)
        let record = DeliveryRecord(id: id, message: message.id, body: JobCodec.delivery(job))
        if isRejected {
            let none = DeliveryPlan(policy: "", steps: [])
            return Delivery(
                accepted: AcceptedDelivery(record: record, job: job, plan: none, startsAt: routing.startsAt),
                bound: directory.costBound(job, none, []))
        }
        guard let plan = directory.plan(for: job) else {
            throw Problem(
                422, "unknown_policy", "There is no policy with this name.",
                errors: [.init("/policy", "there is no policy with this name")])
        }
        return Delivery(
            accepted: AcceptedDelivery(record: record, job: job, plan: plan, startsAt: routing.startsAt),
            bound: directory.costBound(job, plan, try render(job, directory)))
    }

    /// All steps are rendered once, so that a missing variable is found now and not at night.
    private func render(
        _ job: DeliveryJob, _ directory: ConfigurationDirectory
    ) throws(Problem) -> [StepContent] {
        if let name = job.envelope.template, directory.runningConfiguration.templates[name] == nil {
            throw Problem(
                422, "unknown_template", "There is no template with this name.",
                errors: [.init("/template", "there is no template with this name")])
        }
        do {
            return try directory.contents(of: job)
        } catch {
            let path = error.path.map { "/variables/" + $0.split(separator: ".").joined(separator: "/") }
            throw Problem(
                422, "missing_variable", "The template cannot be filled: " + error.message + ".",
                errors: [.init(path ?? "/variables", error.message)])
        }
    }

    // MARK: the answer

    private func answer(_ deliveries: [Delivery], of message: MessageRecord) -> [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        out.key("id")
        out.string(message.id.text(.message))
        out.key("state")
        let isScheduled = deliveries.contains { $0.accepted.startsAt > message.created }
        out.string(isScheduled ? "scheduled" : "accepted")
        out.key("deliveries")
        out.beginArray()
        for delivery in deliveries { write(delivery.accepted, delivery.bound, &out) }
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
