import Gateway
import JSON

/// Batches as the API shows them. Reads the store; runs where that may block.
struct MailingViews {
    let records: any RecordStore
    /// Batches of others do not exist for the caller.
    let tenant: String

    /// Recipients that one page of a filtered list looks at.
    static let scanLimit = 5_000

    // MARK: a batch

    /// The answer to a request that made one.
    static func accepted(_ record: MailingRecord, _ progress: MailingProgress) -> JSONValue {
        .object(view(record, progress))
    }

    func mailing(_ id: RecordID) throws(StoreError) -> JSONValue? {
        guard let (record, head, progress) = try find(id) else { return nil }
        return full(record, head, progress)
    }

    /// Newest first.
    func list(_ query: ListQuery) throws(StoreError) -> JSONValue {
        var before = query.cursor
        var data: [JSONValue] = []
        while data.count < query.limit {
            let page = try records.mailings(before: before, limit: query.limit)
            for record in page where data.count < query.limit {
                before = record.id
                let head = try MailingHead(record.body)
                guard head.envelope.tenant == tenant else { continue }
                data.append(full(record, head, try progress(of: record.id)))
            }
            let isLast = page.count < query.limit && (page.last == nil || page.last?.id == before)
            if isLast { return ["data": .array(data), "next_cursor": .null] }
        }
        return ["data": .array(data), "next_cursor": before.map { .string($0.digits) } ?? .null]
    }

    private func progress(of id: RecordID) throws(StoreError) -> MailingProgress {
        guard let row = try records.progress(ofMailing: id) else {
            throw StoreError(.corrupt, "the progress of a batch is missing")
        }
        return try MailingProgress(row.blob)
    }

    /// A batch of the tenant.
    func find(_ id: RecordID) throws(StoreError) -> (MailingRecord, MailingHead, MailingProgress)? {
        guard let record = try records.mailing(id) else { return nil }
        let head = try MailingHead(record.body)
        guard head.envelope.tenant == tenant else { return nil }
        return (record, head, try progress(of: id))
    }

    private func full(_ record: MailingRecord, _ head: MailingHead, _ progress: MailingProgress) -> JSONValue {
        var out = Self.view(record, progress)
        out["topic"] = .string(head.envelope.topic)
        out["priority"] = .string(head.envelope.priority.rawValue)
        out["send_at"] = head.envelope.sendAt.map { .string(MessageViews.time($0)) }
        return .object(out)
    }

    private static func view(_ record: MailingRecord, _ progress: MailingProgress) -> JSONObject {
        let waiting = progress.isCancelled ? 0 : progress.waiting
        let state = progress.isOpen ? "running" : progress.isCancelled ? "cancelled" : "done"
        let reasons = progress.rejections.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) }
        return [
            "id": .string(record.id.text(.batch)), "state": .string(state),
            "created": .string(MessageViews.time(record.created)),
            "recipients": [
                "total": number(progress.recipients), "waiting": number(waiting),
                "accepted": number(progress.accepted), "rejected": number(progress.rejected),
                "cancelled": number(progress.waiting - waiting),
            ],
            "rejections": .object(JSONObject(reasons)), "deliveries": deliveries(progress),
        ]
    }

    private static func deliveries(_ progress: MailingProgress) -> JSONValue {
        let open = progress[.scheduled] + progress[.active]
        let delivered = progress[.acked] + progress[.satisfied]
        let failed =
            progress[.exhausted] + progress[.expired] + progress[.suppressed] + progress[.blockedBudget]
        let phases = DeliveryPhase.allCases.filter { progress[$0] != 0 }.map { ($0.word, number(progress[$0])) }
        return [
            "open": number(open), "delivered": number(delivered), "failed": number(failed),
            "cancelled": number(progress[.cancelled]), "states": .object(JSONObject(phases)),
        ]
    }

    private static func number(_ count: Int) -> JSONValue { .integer(Int64(count)) }

    // MARK: its recipients

    /// What became of each, in the order of the request.
    /// - Parameter after: the place behind which the page begins.
    func recipients(_ id: RecordID, state: String?, after: Int?, limit: Int) throws(StoreError) -> JSONValue? {
        guard let (_, head, progress) = try find(id) else { return nil }
        var data: [JSONValue] = []
        var index = after.map { $0 + 1 } ?? 0
        let end = min(head.recipients, index + Self.scanLimit)
        var part = MailingPartView()
        while index < end, data.count < limit {
            let number = index / head.partSize
            if part.number != number { part = try read(number, id) }
            let view = try recipient(part, index, head, progress)
            if Self.fits(view, state) { data.append(view) }
            index += 1
        }
        let isLast = index >= head.recipients
        return ["data": .array(data), "next_cursor": isLast ? .null : .string(String(index - 1))]
    }

    private static func fits(_ view: JSONValue, _ state: String?) -> Bool {
        guard let state else { return true }
        return view["state"]?.string == state || view["states"]?[state] != nil
    }

    private func read(_ number: Int, _ id: RecordID) throws(StoreError) -> MailingPartView {
        guard let part = try records.part(number, ofMailing: id) else {
            throw StoreError(.corrupt, "a part of a batch is missing")
        }
        let outcome = try records.outcome(ofPart: number, ofMailing: id)
        return MailingPartView(
            number: number, elements: try MailingPartCodec.elements(part),
            results: try outcome.map { (outcome) throws(StoreError) in try MailingResult.decode(outcome.body) })
    }

    private func recipient(
        _ part: MailingPartView, _ index: Int, _ head: MailingHead, _ progress: MailingProgress
    ) throws(StoreError) -> JSONValue {
        let offset = index % head.partSize
        guard part.elements.indices.contains(offset) else {
            throw StoreError(.corrupt, "a stored part of a batch is too short")
        }
        let element = part.elements[offset]
        var out: JSONObject = ["index": Self.number(index), "to": element["to"] ?? .null]
        if let results = part.results, results.indices.contains(offset) {
            try write(results[offset], &out)
        } else if case .refused(let rejection) = MailingPartCodec.recipient(element) {
            write(rejection, &out)
        } else {
            out["state"] = progress.isCancelled ? "cancelled" : "waiting"
        }
        return .object(out)
    }

    private func write(_ result: MailingResult, _ out: inout JSONObject) throws(StoreError) {
        switch result {
        case .rejected(let rejection, let message):
            write(rejection, &out)
            out["message"] = message.map { .string($0.text(.message)) }
        case .accepted(let message):
            let phases = try phases(of: message)
            if phases.count == 1 {
                out["state"] = .string(phases[0].word)
            } else {
                out["states"] = MessageViews.counts(phases)
            }
            out["message"] = .string(message.text(.message))
        }
    }

    private func write(_ rejection: MailingRejection, _ out: inout JSONObject) {
        out["state"] = "rejected"
        out["code"] = .string(rejection.code)
        out["detail"] = .string(rejection.detail)
        if !rejection.pointer.isEmpty { out["pointer"] = .string(rejection.pointer) }
    }

    /// One for each person whom the message goes to, as in the view of a message.
    private func phases(of message: RecordID) throws(StoreError) -> [DeliveryPhase] {
        let deliveries = try records.deliveries(ofMessage: message)
        if deliveries.count == 1 { return [try phase(of: message)].compactMap { $0 } }
        guard let record = try records.message(message) else { return [] }
        var outcomes = MessageOutcomes()
        for delivery in deliveries {
            guard let phase = try phase(of: delivery.id) else { continue }
            outcomes.add(try JobCodec.job(delivery, record), phase)
        }
        return outcomes.phases
    }

    private func phase(of delivery: RecordID) throws(StoreError) -> DeliveryPhase? {
        guard let row = try records.state(of: delivery) else { return nil }
        return try StateCodec.decode(row.blob).phase
    }
}

/// A part that is being shown.
private struct MailingPartView {
    var number = -1
    var elements: [JSONValue] = []
    /// `nil` before it was worked off.
    var results: [MailingResult]?
}
