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
    let records: any RecordStore
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

    /// Prepares a message under the running configuration; may wait for the disk.
    public func prepare(_ envelope: Envelope, _ directory: ConfigurationDirectory) throws(Problem) -> Prepared {
        try prepare(envelope, to: try resolve(envelope.to, directory), directory)
    }

    /// The same for an envelope to a number that no contact has, without any waiting; `nil` for others.
    public func prepareAtOnce(
        _ envelope: Envelope, _ directory: ConfigurationDirectory
    ) throws(Problem) -> Prepared? {
        guard let recipient = try stranger(envelope.to, directory) else { return nil }
        return try prepare(envelope, to: [recipient], directory)
    }

    /// Prepares a message of a mailing; may wait for the disk. It has no answer of its own.
    func prepare(
        _ envelope: Envelope, _ directory: ConfigurationDirectory, of mailing: MailingRecord
    ) throws(Problem) -> Prepared {
        if let recipient = try stranger(envelope.to, directory) {
            return try prepare(envelope, to: [recipient], directory, of: mailing)
        }
        return try prepare(envelope, to: try resolve(envelope.to, directory), directory, of: mailing)
    }

    /// The person behind a number that no contact has; `nil` for everybody else.
    private func stranger(
        _ recipient: Recipient, _ directory: ConfigurationDirectory
    ) throws(Problem) -> ResolvedRecipient? {
        guard case .number(let text) = recipient, let number = try? E164(parsing: text),
            !contactNumbers.mayContain(number)
        else { return nil }
        return try resolver(directory).resolve(stranger: text)
    }

    private func prepare(
        _ envelope: Envelope, to recipients: [ResolvedRecipient], _ directory: ConfigurationDirectory,
        of mailing: MailingRecord? = nil
    ) throws(Problem) -> Prepared {
        let now = clock.now
        let message = MessageRecord(
            id: nextID(now), created: mailing?.created ?? now, body: JobCodec.message(envelope))
        var deliveries: [AcceptedDelivery] = []
        var bounds: [DeliveryBound] = []
        var rejection: Problem?
        for recipient in recipients {
            let routing = directory.router.route(envelope, to: recipient, now: now)
            if let text = routing.rejection {
                rejection = Problem(422, "rejected_by_rule", text).with("rule", routing.rule)
            }
            let id = recipients.count == 1 ? message.id : nextID(now)
            let bound = try addDelivery(
                id, message, envelope, recipient, routing, directory, isRejected: rejection != nil,
                mailing: mailing?.id, to: &deliveries)
            bounds.append(bound)
        }
        var prepared = Prepared(input: AcceptInput(message: message, deliveries: deliveries, answer: []))
        prepared.tenant = envelope.tenant
        prepared.input.isRejected = rejection != nil
        prepared.rejection = rejection?.with("id", message.id.text(.message))
        prepared.input.dedupeKey = envelope.dedupeKey.map { envelope.tenant + ":" + $0 }
        for bound in bounds { prepared.boundMicros += bound.micros }
        for bound in bounds { prepared.calls += bound.calls }
        guard mailing == nil else { return prepared }
        prepared.input.answer =
            prepared.rejection?.response.body ?? answer(deliveries, bounds, directory.currency, of: message)
        return prepared
    }

    /// The people behind a `to`; may wait for the disk.
    func resolve(
        _ recipient: Recipient, _ directory: ConfigurationDirectory
    ) throws(Problem) -> [ResolvedRecipient] {
        try resolver(directory).resolve(recipient)
    }

    private func resolver(_ directory: ConfigurationDirectory) -> RecipientResolver {
        RecipientResolver(directory: directory, records: records)
    }

    var currentTime: Timestamp { clock.now }

    /// An identifier for something that is not stored.
    func placeholder(_ now: Timestamp) -> RecordID { nextID(now) }

    /// An identifier for a mailing.
    func mailingID(_ now: Timestamp) -> RecordID { nextID(now) }

    /// An identifier for what the API stores beside the engine.
    func recordID(_ now: Timestamp) -> RecordID { nextID(now) }

    private func nextID(_ now: Timestamp) -> RecordID { ids.withLock { $0.next(at: now) } }

    /// Adds a delivery; returns the most that it can cost.
    private func addDelivery(
        _ id: RecordID, _ message: MessageRecord, _ envelope: Envelope, _ recipient: ResolvedRecipient,
        _ routing: Routing, _ directory: ConfigurationDirectory, isRejected: Bool, mailing: RecordID?,
        to deliveries: inout [AcceptedDelivery]
    ) throws(Problem) -> DeliveryBound {
        let job = DeliveryJob(
            delivery: id, message: message.id, created: message.created, envelope: envelope, recipient: recipient,
            policy: routing.policy, snapshot: directory.runningHash, rule: routing.rule, mailing: mailing)
        let record = DeliveryRecord(id: id, message: message.id, body: JobCodec.delivery(job))
        if isRejected {
            let none = DeliveryPlan(policy: "", steps: [])
            deliveries.append(AcceptedDelivery(record: record, job: job, plan: none, startsAt: routing.startsAt))
            return DeliveryBound()
        }
        guard let plan = directory.plan(for: job) else {
            throw Problem(
                422, "unknown_policy", "There is no policy with this name.",
                errors: [.init("/policy", "there is no policy with this name")])
        }
        let bound = try bound(of: job, plan, directory)
        deliveries.append(AcceptedDelivery(record: record, job: job, plan: plan, startsAt: routing.startsAt))
        deliveries[deliveries.count - 1].needsReview = routing.needsReview
        return bound
    }

    /// All steps are rendered once, so that a missing variable is found now and not at night.
    private func bound(
        of job: DeliveryJob, _ plan: DeliveryPlan, _ directory: ConfigurationDirectory
    ) throws(Problem) -> DeliveryBound {
        if let name = job.envelope.template, !directory.hasTemplate(name) {
            throw Problem(
                422, "unknown_template", "There is no template with this name.",
                errors: [.init("/template", "there is no template with this name")])
        }
        do {
            return try directory.bound(of: job, plan)
        } catch {
            let path = error.path.map { "/variables/" + $0.split(separator: ".").joined(separator: "/") }
            throw Problem(
                422, "missing_variable", "The template cannot be filled: " + error.message + ".",
                errors: [.init(path ?? "/variables", error.message)])
        }
    }

    // MARK: the answer

    private func answer(
        _ deliveries: [AcceptedDelivery], _ bounds: [DeliveryBound], _ currency: String, of message: MessageRecord
    ) -> [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        out.member("id", message.id.text(.message))
        let isScheduled = deliveries.indices.contains { deliveries[$0].startsAt > message.created }
        let needsReview = deliveries.indices.contains {
            deliveries[$0].needsReview || deliveries[$0].plan.needsReview
        }
        out.member("state", needsReview ? "review" : isScheduled ? "scheduled" : "accepted")
        out.key("deliveries")
        out.beginArray()
        // By their indices here and below: an element is a large value, and a loop over elements copies each.
        for index in deliveries.indices {
            write(deliveries, index, Money(micros: bounds[index].micros, currency: currency), &out)
        }
        out.endArray()
        out.endObject()
        return out.bytes
    }

    private func write(_ deliveries: [AcceptedDelivery], _ index: Int, _ bound: Money, _ out: inout JSONWriter) {
        out.beginObject()
        out.member("id", deliveries[index].record.id.text(.delivery))
        out.member("to", deliveries[index].job.recipient.number)
        out.member("policy", deliveries[index].job.policy)
        out.member("rule", deliveries[index].job.rule)
        out.key("plan")
        out.beginArray()
        let steps = deliveries[index].plan.steps
        for step in steps.indices { out.string(steps[step].channel) }
        out.endArray()
        if steps.indices.contains(where: { !steps[$0].alternatives.isEmpty }) { write(sendersOf: steps, &out) }
        out.key("cost_bound")
        out.beginObject()
        out.member("amount", bound.decimal)
        out.member("currency", bound.currency)
        out.endObject()
        out.endObject()
    }

    /// Beside `plan`, which names the first channel of each step: all channels of each, in their order.
    private func write(sendersOf steps: [PlanStep], _ out: inout JSONWriter) {
        out.key("senders")
        out.beginArray()
        for step in steps {
            out.beginArray()
            for sender in 0..<step.senderCount { out.string(step.over(sender).channel) }
            out.endArray()
        }
        out.endArray()
    }
}
