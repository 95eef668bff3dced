import Crypto
import Gateway
import HTTP
import JSON

// Subscriptions: made, looked at, sent again, ended.

extension PrivateEndpoint {
    /// Subscriptions of a gateway at one time.
    static let subscriptionLimit = 100

    /// `v1/subscriptions` and what is below it; `parts` stands behind.
    func subscriptions(
        _ request: HTTPRequest, _ parts: [String], _ respond: HTTPResponder
    ) throws(Problem) {
        let id = parts.first ?? ""
        switch (request.method, parts.count, parts.count == 2 ? parts[1] : "") {
        case ("GET", 0, _): try listSubscriptions(request, respond)
        case ("POST", 0, _): try postSubscription(request, respond)
        case (_, 0, _): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, POST")
        case ("GET", 1, _): try getSubscription(request, id, respond)
        case ("DELETE", 1, _): try deleteSubscription(request, id, respond)
        case (_, 1, _): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, DELETE")
        case ("GET", 2, "deliveries"): try listDeadLetters(request, id, respond)
        case (_, 2, "deliveries"): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case ("POST", 2, "replay"): try replay(request, id, respond)
        case (_, 2, "replay"): throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    // MARK: reading

    private func listSubscriptions(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "subscriptions:read")
        let query = try ListQuery(request)
        store(respond) { [self] () throws(StoreError) in
            let rows = try records.subscriptions().filter {
                $0.record.tenant == key.tenant && $0.record.id.rawValue > query.cursor?.rawValue ?? 0
            }
            return query.page(Array(rows.prefix(query.limit)), view) { $0.record.id.digits }
        }
    }

    private func view(_ row: (record: SubscriptionRecord, progress: SubscriptionProgress)) -> JSONValue {
        RecordViews.subscription(row.record, subscriptionThread.progress[row.record.id] ?? row.progress)
    }

    private func getSubscription(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "subscriptions:read")
        store(respond) { [self] () throws(StoreError) in try subscription(id, key).map(view) }
    }

    /// Those of other tenants do not exist for the caller.
    private func subscription(
        _ text: String, _ key: KeyRecord
    ) throws(StoreError) -> (record: SubscriptionRecord, progress: SubscriptionProgress)? {
        guard let id = RecordID(text, .subscription) else { return nil }
        return try records.subscriptions().first { $0.record.id == id && $0.record.tenant == key.tenant }
    }

    private func listDeadLetters(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "subscriptions:read")
        let query = try ListQuery(request)
        store(respond) { [self] () throws(StoreError) in
            guard let row = try subscription(id, key) else { return nil }
            let after = query.after.flatMap { EventPosition($0) } ?? .start
            let letters = try records.deadLetters(of: row.record.id, after: after, limit: query.limit)
            return query.page(letters, RecordViews.deadLetter) { $0.position.digits }
        }
    }

    // MARK: making and ending

    private func postSubscription(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "subscriptions:write")
        let settings = directory.runningConfiguration.gateway.subscriptions
        let wish = try SubscriptionWish(try object(request), allowsPrivate: settings.allowsPrivate)
        guard !wish.seesAll || key.may("events:all") else {
            throw Problem(403, "scope_missing", "This API key lacks the scope events:all.")
        }
        once(try idempotencyKey(request, key), respond) { [self] kept, finish in
            if let kept {
                answer(kept.bytes(), status: 201, replayed: true, respond)
                return finish(nil)
            }
            recordsThread.run { [self] in
                do {
                    finish(try make(wish, key))
                } catch {
                    fail(error as? Problem ?? .cannotWrite, respond)
                    finish(nil)
                }
            }
        }
    }

    /// The secret is shown once: a repeat is told which subscription was made, and no more.
    private func make(_ wish: SubscriptionWish, _ key: KeyRecord) throws -> Conclusion {
        guard try records.subscriptions().count < Self.subscriptionLimit else {
            throw Problem(409, "too_many_subscriptions", "There are \(Self.subscriptionLimit) subscriptions; end one.")
        }
        guard let secret = SecureRandom.bytes(32) else { throw Problem.cannotWrite }
        var record = SubscriptionRecord(
            id: acceptance.recordID(clock.now), tenant: key.tenant, url: wish.url, secret: secret, created: clock.now)
        record.types = wish.types
        record.subject = wish.subject
        record.maxAge = wish.maxAge
        record.seesAll = wish.seesAll
        let progress = SubscriptionProgress(after: try wish.after ?? .end(ofRow: records.lastEventRow()))
        try records.put(record, progress)
        subscriptionThread.add(record, progress)
        let view = RecordViews.subscription(record, progress)
        var shown = view.object ?? [:]
        shown["secret"] = .string(record.secretText)
        return Conclusion(status: 201, body: .object(shown), kept: view)
    }

    private func deleteSubscription(
        _ request: HTTPRequest, _ id: String, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "subscriptions:write")
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in
                guard let row = try subscription(id, key) else { return nil }
                _ = try records.removeSubscription(row.record.id)
                subscriptionThread.remove(row.record.id)
                return ["deleted": true]
            }
        }
    }

    // MARK: sending again

    private func replay(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "subscriptions:write")
        let wish = try ReplayWish(request.body.isEmpty ? [:] : try object(request))
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in
                guard let row = try subscription(id, key) else { return nil }
                switch wish {
                case .after(let position):
                    let last = EventPosition.end(ofRow: try records.lastEventRow())
                    subscriptionThread.replay(row.record.id, after: min(position, last))
                    return ["after": .string(min(position, last).digits)]
                case .letters(let wanted): return ["events": .int(try replay(row.record.id, wanted))]
                }
            }
        }
    }

    /// Marks dead letters, so that a restart does not forget them; how many.
    private func replay(_ id: RecordID, _ wanted: Set<EventPosition>?) throws(StoreError) -> Int {
        var changes = SubscriptionChanges()
        changes.letters = try records.deadLetters(of: id, after: .start, limit: 10_000)
            .filter { wanted?.contains($0.position) ?? true }
        for index in changes.letters.indices { changes.letters[index].isReplayed = true }
        guard !changes.isEmpty else { return 0 }
        try records.save(changes)
        subscriptionThread.replay(id, changes.letters)
        return changes.letters.count
    }
}

extension RecordViews {
    static func subscription(_ record: SubscriptionRecord, _ progress: SubscriptionProgress) -> JSONValue {
        var out = JSONObject([
            ("id", .string(record.id.text(.subscription))), ("url", .string(record.url)),
            ("types", .array(record.types.map(JSONValue.string))), ("tenant", .string(record.tenant)),
            ("all_tenants", .bool(record.seesAll)), ("created", .string(MessageViews.time(record.created))),
            ("state", .string(progress.word)), ("cursor", .string(progress.position.digits)),
            ("status", .int(progress.status)), ("tries", .int(progress.refusals + progress.failures)),
            ("told", .int(progress.told)), ("passed_over", .int(progress.passedOver)),
        ])
        out["subject"] = record.subject.map(JSONValue.string)
        out["max_age"] = record.maxAge.map { .string($0.written) }
        let times = [
            ("due", progress.due), ("last_told", progress.lastTold), ("away_since", progress.awaySince),
            ("gone", progress.gone),
        ]
        for (name, time) in times { out[name] = time.map { .string(MessageViews.time($0)) } }
        return .object(out)
    }

    static func deadLetter(_ letter: DeadLetter) -> JSONValue {
        [
            "event": .string(letter.position.id), "type": .string(EventType.full(letter.type)),
            "subject": .string(letter.subject), "state": letter.isReplayed ? "replayed" : "dead",
            "status": .int(letter.status), "tries": .int(letter.tries), "at": .string(MessageViews.time(letter.at)),
        ]
    }
}
