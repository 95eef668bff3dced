import Crypto
import Gateway
import HTTP
import JSON

// Messages: accept, read, list, timeline, cancel, acknowledge.

extension PrivateEndpoint {
    func postMessage(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:write")
        let envelope = try EnvelopeReader.read(request.body, tenant: key.tenant)
        try checkRoom(envelope.priority)
        let idempotency = try idempotencyKey(request, key)
        if let prepared = try acceptance.prepareAtOnce(envelope, directory) {
            accept(prepared, key, idempotency, respond)
            return
        }
        recordsThread.run { [self] in
            do throws(Problem) {
                accept(try acceptance.prepare(envelope, directory), key, idempotency, respond)
            } catch {
                fail(error, respond)
            }
        }
    }

    private func accept(
        _ prepared: Acceptance.Prepared, _ key: KeyRecord, _ idempotency: IdempotencyKey?, _ respond: HTTPResponder
    ) {
        var input = prepared.input
        input.spend = KeySpend(of: key, calls: prepared.calls, micros: prepared.boundMicros)
        input.idempotency = idempotency
        submit(input, rejection: prepared.rejection, tenant: prepared.tenant, respond)
    }

    func idempotencyKey(_ request: HTTPRequest, _ key: KeyRecord) throws(Problem) -> IdempotencyKey? {
        guard let text = request.headers[first: "Idempotency-Key"] else { return nil }
        guard (1...255).contains(text.utf8.count) else {
            throw Problem(400, "bad_idempotency_key", "An Idempotency-Key has 1 to 255 characters.")
        }
        let content = Array((request.method + " " + request.path + "\n").utf8) + request.body
        return IdempotencyKey(
            key: "idem:" + key.tenant + ":" + text, fingerprint: Hex.encode(HashAlgorithm.sha256.digest(content)))
    }

    private func submit(
        _ input: AcceptInput, rejection: Problem?, tenant: String, _ respond: HTTPResponder
    ) {
        let begin = clock.monotonic
        engine.ask({ .accept(input, ticket: $0) }) { [self] result in
            switch result {
            case .accepted(let body):
                metrics.accepting.observe(.nanoseconds(Int64(clock.monotonic - begin)))
                if let rejection {
                    fail(rejection, respond)
                } else {
                    answer(body, status: 202, respond)
                }
            case .replayed(let body): replay(body, respond)
            case .keyMismatch: fail(.keyMismatch, respond)
            case .capReached: fail(.capReached(at: clock.now), respond)
            case .open(let id):
                recordsThread.run { [self] in show(id, tenant, respond) }
            default: fail(.cannotWrite, respond)
            }
        }
    }

    /// The same answer again, also where a rule had refused the message.
    private func replay(_ body: [UInt8], _ respond: HTTPResponder) {
        let refusal = Problem.status(of: body)
        answer(body, status: refusal ?? 202, isProblem: refusal != nil, replayed: true, respond)
    }

    // MARK: reading

    func getMessage(_ request: HTTPRequest, _ text: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let id = try identifier(text)
        recordsThread.run { [self] in show(id, key.tenant, respond) }
    }

    /// A message's or a delivery's identifier.
    func identifier(_ text: String) throws(Problem) -> RecordID {
        guard let id = RecordID(text, .message) ?? RecordID(text, .delivery) else {
            throw Problem(404, "not_found", "There is no message with this id.")
        }
        return id
    }

    /// Runs on the records thread.
    private func show(_ id: RecordID, _ tenant: String, _ respond: HTTPResponder) {
        reply(respond) { () throws(StoreError) in try views(tenant).message(id) }
    }

    private func views(_ tenant: String) -> MessageViews {
        MessageViews(records: records, directory: directory, tenant: tenant)
    }

    /// Answers with a value, 404 for none, 503 when the store fails.
    func reply(_ respond: HTTPResponder, _ body: () throws(StoreError) -> JSONValue?) {
        do throws(StoreError) {
            guard let value = try body() else {
                fail(Problem(404, "not_found", "There is nothing with this id."), respond)
                return
            }
            answer(value, respond)
        } catch {
            fail(.cannotRead, respond)
        }
    }

    func getTimeline(_ request: HTTPRequest, _ text: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let id = try identifier(text)
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in try views(key.tenant).timeline(id) }
        }
    }

    func listMessages(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let query = try ListQuery(request, filters: ["state", "to", "topic"])
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in try views(key.tenant).list(query) }
        }
    }

    // MARK: acting

    func act(
        _ action: DeliveryAction, _ request: HTTPRequest, _ text: String, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "messages:write")
        let id = try identifier(text)
        recordsThread.run { [self] in
            do throws(StoreError) {
                guard try views(key.tenant).find(id) != nil else {
                    fail(Problem(404, "not_found", "There is no message with this id."), respond)
                    return
                }
                let deliveries = try records.deliveries(ofMessage: id).map(\.id)
                actOnAll(action, deliveries.isEmpty ? [id] : deliveries, key.tenant, respond)
            } catch {
                fail(.cannotRead, respond)
            }
        }
    }

    /// One after the other; the answer is the message afterwards.
    private func actOnAll(
        _ action: DeliveryAction, _ ids: [RecordID], _ tenant: String, _ respond: HTTPResponder
    ) {
        guard let first = ids.first else { return }
        engine.ask({ .act(action, delivery: first, ticket: $0) }) { [self] result in
            switch result {
            case .acted:
                let rest = Array(ids.dropFirst())
                if rest.isEmpty {
                    recordsThread.run { [self] in show(first, tenant, respond) }
                } else {
                    actOnAll(action, rest, tenant, respond)
                }
            case .notFound: fail(Problem(404, "not_found", "There is no message with this id."), respond)
            default: fail(.cannotWrite, respond)
            }
        }
    }

    // MARK: explain

    func explain(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let envelope = try EnvelopeReader.read(request.body, tenant: key.tenant)
        recordsThread.run { [self] in
            do throws(Problem) {
                answer(try acceptance.explain(envelope, directory), respond)
            } catch {
                fail(error, respond)
            }
        }
    }
}
