import JSON
import PhoneNumbers

// What others are told beside the transitions of deliveries, which the store has anyway: rows of the commit that makes
// them true (docs/decisions/0067-events-are-read-from-what-is-committed.md).

extension EngineCore {
    func publish(_ type: EventType, of subject: String, tenant: String?, _ data: JSONObject) {
        turn.batch.published.append(
            PublishedRecord(
                sequence: nextEvent, at: now, type: type.rawValue, subject: subject, tenant: tenant,
                body: JSONValue.object(data).bytes()))
        nextEvent += 1
    }

    // MARK: people

    /// What a person sent is filed: that it came, and what a rule made of it.
    func publish(_ filed: FiledInbound, _ decision: InboundDecision, _ context: InboundContext) {
        var data = filed.data
        data["rule"] = .string(decision.rule)
        data["contact"] = context.contact.map(JSONValue.string)
        if !context.openAlerts.isEmpty {
            data["open_alerts"] = .array(
                context.openAlerts.prefix(20).map { .string($0.delivery.text(.delivery)) })
        }
        if decision.acknowledges, !context.openAlerts.isEmpty { data["acknowledges"] = true }
        if !decision.tags.isEmpty { data["tags"] = .array(decision.tags.map(JSONValue.string)) }
        if let consent = decision.consent { data["consent"] = consent.isGranted ? "granted" : "withdrawn" }
        let subject = filed.id.text(.inbound)
        let tenant = context.openAlerts.last?.envelope.tenant
        publish(filed.type, of: subject, tenant: tenant, data)
        for event in decision.emits {
            turn.notices.append(.emitted(inbound: filed.id, event: event))
            var data = filed.data
            data["event"] = .string(event)
            data["rule"] = .string(decision.rule)
            data["contact"] = context.contact.map(JSONValue.string)
            publish(.ruleEmitted, of: subject, tenant: tenant, data)
        }
    }

    /// A call from a person is over.
    func publishEnd(of call: InboundCall, seconds: Int, _ input: WebhookInput) {
        var data = JSONObject([
            ("direction", "in"), ("kind", .string(ChannelKind.voice.rawValue)), ("provider", .string(input.provider)),
            ("provider_id", .string(call.providerID)), ("seconds", .int(seconds)),
        ])
        data["contact"] = input.contact.map(JSONValue.string)
        publish(.callEnded, of: call.providerID, tenant: nil, data)
    }

    /// Somebody left a room.
    func publish(_ stay: RoomStay, _ input: WebhookInput) {
        publish(
            .roomLeft, of: stay.providerID, tenant: stay.tenant,
            [
                "kind": .string(ChannelKind.video.rawValue), "provider": .string(input.provider),
                "provider_id": .string(stay.providerID), "seconds": .int(stay.seconds),
            ])
    }

    /// A recording of a call is filed, with its sound or with its text.
    func publish(_ recording: RecordedCall, _ filed: InboundRecord, _ input: WebhookInput) {
        var data = JSONObject([
            ("inbound", .string(filed.id.text(.inbound))), ("kind", .string(filed.channel)),
            ("provider", .string(input.provider)), ("provider_id", .string(recording.providerID)),
            ("transcribed", .bool(recording.text != nil)),
        ])
        data["seconds"] = recording.seconds.map(JSONValue.int)
        data["contact"] = filed.contact.map(JSONValue.string)
        publish(.callRecorded, of: filed.id.text(.inbound), tenant: nil, data)
    }

    /// A file that a person sent is here.
    func publish(_ media: MediaRecord, _ content: MediaContent) {
        var data = JSONObject([
            ("media", .string(media.id.text(.media))), ("inbound", .string(media.inbound.text(.inbound))),
            ("provider", .string(media.provider)), ("type", .string(content.type)), ("bytes", .int(Int(content.size))),
        ])
        data["contact"] = media.contact.map(JSONValue.string)
        data["boat"] = media.boat.map(JSONValue.string)
        publish(.mediaStored, of: media.id.text(.media), tenant: nil, data)
    }

    // MARK: reviews and consents

    /// A question to a person was opened, answered or became moot.
    func publish(_ type: EventType, _ review: ReviewRecord, tenant: String? = nil) {
        var data = JSONObject([("review", .string(review.id.text(.review))), ("reason", .string(review.reason))])
        var (subject, tenant) = (review.inbound?.text(.inbound) ?? review.id.text(.review), tenant)
        data["inbound"] = review.inbound.map { .string($0.text(.inbound)) }
        if let id = review.delivery {
            data["delivery"] = .string(id.text(.delivery))
            if let job = current(id)?.job {
                data["message"] = .string(job.message.text(.message))
                (subject, tenant) = (job.message.text(.message), job.envelope.tenant)
            }
        }
        data["verdict"] = review.verdict.map { .string($0.rawValue) }
        data["contact"] = review.contact.map(JSONValue.string)
        data["reply"] = review.reply.map { .string($0.text(.message)) }
        data["closed_by"] = review.closedBy.map(JSONValue.string)
        publish(type, of: subject, tenant: tenant, data)
    }

    /// Whose consent an event is about, as far as the engine knows.
    enum ConsentSource {
        /// A caller recorded it for a contact, with a key of this id.
        case contact(String?, key: String)
        /// The person wrote it; the contact of the number, where it is known.
        case message(providerID: String, contact: String?)
        /// A provider refused a delivery for it.
        case delivery(DeliveryJob)

        /// As the history has it.
        var ofStatement: ConsentStatement.Source {
            switch self {
            case .contact(_, let key): .api(key: key)
            case .message(let providerID, _): .message(providerID: providerID)
            case .delivery(let job): .provider(delivery: job.delivery)
            }
        }
    }

    func publish(_ consent: ConsentRecord, from source: ConsentSource) {
        let address = (try? E164(parsing: consent.number))?.masked ?? ""
        var data = JSONObject([
            ("address", .string(address)), ("sender", .string(consent.sender)),
            ("state", consent.isGranted ? "granted" : "withdrawn"),
        ])
        var (subject, tenant) = (address, String?.none)
        switch source {
        case .contact(let contact, _): data["contact"] = contact.map(JSONValue.string)
        case .message(let providerID, let contact):
            data["provider_id"] = .string(providerID)
            data["contact"] = contact.map(JSONValue.string)
        case .delivery(let job):
            data["message"] = .string(job.message.text(.message))
            data["delivery"] = .string(job.delivery.text(.delivery))
            data["contact"] = job.recipient.contact.map(JSONValue.string)
            tenant = job.envelope.tenant
        }
        if let contact = data["contact"]?.string { subject = "contact:" + contact }
        publish(.consentChanged, of: subject, tenant: tenant, data)
    }

    // MARK: batches

    /// Nothing of a batch will change any more without a late report.
    func publishEnd(ofMailing id: RecordID, _ progress: MailingProgress) {
        var states = JSONObject()
        for phase in DeliveryPhase.allCases where progress[phase] > 0 { states[phase.word] = .int(progress[phase]) }
        publish(
            .batchCompleted, of: id.text(.batch), tenant: nil,
            [
                "batch": .string(id.text(.batch)), "state": progress.isCancelled ? "cancelled" : "done",
                "recipients": .int(progress.recipients), "accepted": .int(progress.accepted),
                "rejected": .int(progress.rejected), "states": .object(states),
            ])
    }
}

/// What a person sent, as it was filed.
struct FiledInbound {
    let id: RecordID
    let type: EventType
    /// Where it came from, without text and number.
    let data: JSONObject

    init(_ id: RecordID, _ type: EventType, kind: String, providerID: String, _ input: WebhookInput, media: Int = 0) {
        self.id = id
        self.type = type
        var data = JSONObject([
            ("inbound", .string(id.text(.inbound))), ("kind", .string(kind)), ("provider", .string(input.provider)),
            ("provider_id", .string(providerID)),
        ])
        if media > 0 { data["media"] = .int(media) }
        self.data = data
    }
}
