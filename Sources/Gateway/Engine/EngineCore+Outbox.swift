import JSON
import Zones

// What other systems are told: stored in the transaction of what they are told about, sent after its commit, and tried
// again until they answer (docs/decisions/0024-what-others-are-told-waits-in-an-outbox.md).

extension EngineCore {
    /// `on_exhausted: { webhook: URL }`.
    static let exhaustedType = "delivery.exhausted"

    /// A chain ended without success, and the policy names a URL that is told.
    func tellExhausted(_ delivery: LiveDelivery, url: String) {
        let (id, job) = (delivery.id, delivery.job)
        let body: JSONValue = [
            "type": .string(Self.exhaustedType), "timestamp": .string(DateText.rfc3339(now.milliseconds)),
            "delivery": .string(id.text(.delivery)), "message": .string(job.message.text(.message)),
            "policy": .string(job.policy),
        ]
        tell(
            OutgoingRecord(
                id: ids.next(at: now), type: Self.exhaustedType, delivery: id, url: url, body: body.bytes(),
                created: now))
    }

    func tell(_ record: OutgoingRecord) {
        outbox.put(record)
        turn.batch.outgoing.append(record)
    }

    /// An acknowledgement makes moot what was to be told of the chain's end.
    func withdrawExhausted(_ id: RecordID) {
        for record in outbox.ids(of: id, type: Self.exhaustedType) { forget(record) }
    }

    private func forget(_ id: RecordID) {
        outbox.remove(id)
        turn.batch.outgoingDone.append(id)
    }

    // MARK: tries

    /// Lets everything leave whose time has come.
    func sendOutgoing() {
        while let record = outbox.takeDue(at: now) {
            outbox.left(record, as: nextExchange)
            turn.requests.append(EngineRequest(exchange: nextExchange, .ready(request(for: record))))
            nextExchange += 1
        }
    }

    /// Names as in Standard Webhooks 1.0; signed where the rule that asks has a secret.
    private func request(for record: OutgoingRecord) -> ProviderRequest {
        let context = RequestContext(record.context)
        let (id, time) = (record.id.text(.event), String(now.milliseconds / 1_000))
        let type = context?.isText == true ? "text/plain; charset=utf-8" : "application/json"
        var fields = [
            ProviderField("Content-Type", type), ProviderField("webhook-id", id),
            ProviderField("webhook-timestamp", time),
        ]
        if let assistant = context?.assistant.flatMap(directory.assistant) {
            fields += assistant.api.headers(assistant)
        } else if let context, let secret = directory.request(ofRule: context.rule, to: context.url)?.secret {
            let signature = StandardWebhook.signature(id: id, timestamp: time, body: record.body, secret)
            fields.append(ProviderField("webhook-signature", signature))
        }
        var request = ProviderRequest(method: "POST", url: record.url, headers: fields, body: record.body)
        // A language model thinks for longer than others answer.
        if let context, context.assistant != nil {
            request.timeout = max(request.timeout, min(context.within, .seconds(120)))
        }
        return request
    }

    /// A receiver answered, or could not be reached: 2xx and 410 end it, everything else is tried again. An answer that is
    /// needed counts in time only.
    func takeOutgoing(_ exchange: Int, _ outcome: ExchangeOutcome) {
        guard let record = outbox.cameBack(exchange), case .answered(let answer) = outcome else { return }
        let status = answer.status ?? 0
        switch status {
        case 200..<300 where now > lastMoment(of: record): settle(record, .givenUp, status)
        case 200..<300:
            settle(record, .told, status)
            if case .answered(_, _, let body) = answer { answered(record, body) }
        case 410: settle(record, .gone, status)
        default: tryAgain(record, status)
        }
        runDeferred()
    }

    private func lastMoment(of record: OutgoingRecord) -> Timestamp {
        record.created + (RequestContext(record.context)?.within ?? Outbox.patience)
    }

    private func settle(_ record: OutgoingRecord, _ outcome: OutgoingOutcome, _ status: Int) {
        forget(record.id)
        if let code = outcome.error {
            keepError(code, of: record, status: status)
            answered(record, nil)
        }
        notice(record, outcome)
    }

    private func notice(_ record: OutgoingRecord, _ outcome: OutgoingOutcome) {
        let isInbound = record.type == Self.requestType
        turn.notices.append(.outgoing(event: record.id, about: record.delivery, isInbound: isInbound, outcome))
    }

    private func tryAgain(_ old: OutgoingRecord, _ status: Int) {
        var record = old
        record.tries += 1
        record.due = now + Outbox.pause(afterTries: record.tries, jitter: random.unit())
        notice(record, .failed(status: status, tries: record.tries))
        keepError(.outgoingFailed, of: record, status: status)
        guard record.due <= lastMoment(of: record) else {
            settle(record, .givenUp, status)
            return
        }
        tell(record)
    }
}

/// What became of one try to tell another system something.
public enum OutgoingOutcome: Sendable, Hashable {
    /// 2xx.
    case told
    /// 410: the receiver does not want it.
    case gone
    /// It is tried again. `status` is 0 when there was no answer; `tries` counts the failed ones.
    case failed(status: Int, tries: Int)
    /// It was tried for a day.
    case givenUp

    /// The error that ends the tries; `nil` for what is told or tried again.
    fileprivate var error: ErrorCode? {
        switch self {
        case .told, .failed: nil
        case .gone: .outgoingGone
        case .givenUp: .outgoingGivenUp
        }
    }
}
