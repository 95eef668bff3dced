import Gateway
import HTTP
import JSON
import Synchronization

// Batches: accept, read, list, recipients, cancel.

extension PrivateEndpoint {
    /// Bytes of a batch's body; every other request's has at most 1 MiB.
    public static let batchBytes = 16 * 1024 * 1024
    /// The path that takes them.
    public static let batchPath = "/v1/batches"
    /// Batches that may be read or wait for it at one time: each is held as a whole.
    static let batchesAtOnce = 4

    func batches(_ request: HTTPRequest, _ parts: [String], _ respond: HTTPResponder) throws(Problem) {
        let id = parts.first ?? ""
        switch (request.method, parts.count, parts.last ?? "") {
        case ("POST", 0, _): try postBatch(request, respond)
        case ("GET", 0, _): try listBatches(request, respond)
        case ("GET", 1, _): try getBatch(request, id, respond)
        case ("GET", 2, "recipients"): try getRecipients(request, id, respond)
        case ("POST", 2, "cancel"): try cancelBatch(request, id, respond)
        case (_, 0, _): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, POST")
        case (_, 1, _), (_, 2, "recipients"): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, 2, "cancel"): throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    /// Removes what a process left behind that ended while it read a batch; to be called before any request.
    public func cleanBatches() { mailingThread.run { [self] in mailings.clean() } }

    /// Work for a batch; the engine hears of it when it is done.
    public func carryOut(_ work: MailingWork) {
        mailingThread.run { [self] in engine.submit(.slice(mailings.carryOut(work, directory))) }
    }

    // MARK: accepting

    private func postBatch(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:write")
        try checkRoom(.low)
        guard batchesUnderWay.wrappingAdd(1, ordering: .relaxed).newValue <= Self.batchesAtOnce else {
            batchesUnderWay.wrappingSubtract(1, ordering: .relaxed)
            throw Problem(503, "overloaded", "Other batches are being read; try again.", retryAfter: 2)
        }
        let finish = HTTPResponder { [self] response in
            batchesUnderWay.wrappingSubtract(1, ordering: .relaxed)
            respond(response)
        }
        mailingThread.run { [self] in
            do throws(Problem) {
                recall(request, key, try idempotencyKey(request, key), finish)
            } catch {
                fail(error, finish)
            }
        }
    }

    /// A repeated request is not read again.
    private func recall(
        _ request: HTTPRequest, _ key: KeyRecord, _ idempotency: IdempotencyKey?, _ respond: HTTPResponder
    ) {
        guard let idempotency else { return accept(request, key, nil, respond) }
        engine.ask({ .recall(idempotency, ticket: $0) }) { [self] answer in
            guard answer == .notFound else { return tell(answer, respond) }
            mailingThread.run { [self] in accept(request, key, idempotency, respond) }
        }
    }

    /// Runs on the mailings' thread.
    private func accept(
        _ request: HTTPRequest, _ key: KeyRecord, _ idempotency: IdempotencyKey?, _ respond: HTTPResponder
    ) {
        var input: MailingInput
        do throws(Problem) {
            input = try mailings.read(request.body, key, directory)
        } catch {
            return fail(error, respond)
        }
        input.idempotency = idempotency
        engine.ask({ [input] in .mailing(input, ticket: $0) }) { [self, id = input.record.id] answer in
            switch answer {
            case .accepted, .unavailable: break
            // Of one that the store refused nobody knows whether it is there; what is left over goes at the next start.
            default: mailingThread.run { [self] in mailings.forget(id) }
            }
            tell(answer, respond)
        }
    }

    private func tell(_ result: EngineAnswer, _ respond: HTTPResponder) {
        switch result {
        case .accepted(let body): answer(body, status: 202, respond)
        case .replayed(let body): answer(body, status: 202, replayed: true, respond)
        case .keyMismatch: fail(.keyMismatch, respond)
        default: fail(.cannotWrite, respond)
        }
    }

    // MARK: reading

    private func batchID(_ text: String) throws(Problem) -> RecordID {
        guard let id = RecordID(text, .batch) else {
            throw Problem(404, "not_found", "There is no batch with this id.")
        }
        return id
    }

    private func batchViews(_ key: KeyRecord) -> MailingViews { MailingViews(records: records, tenant: key.tenant) }

    private func getBatch(_ request: HTTPRequest, _ text: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let id = try batchID(text)
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in try batchViews(key).mailing(id) }
        }
    }

    private func listBatches(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let query = try ListQuery(request)
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in try batchViews(key).list(query) }
        }
    }

    private func getRecipients(_ request: HTTPRequest, _ text: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let id = try batchID(text)
        let query = try ListQuery(request, filters: ["state"])
        let after = query.after.flatMap { Int($0) }
        guard query.after == nil || after.map({ 0..<MailingReader.recipientLimit ~= $0 }) == true else {
            throw Problem(400, "bad_cursor", "cursor must be a next_cursor of this list.")
        }
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in
                try batchViews(key).recipients(id, state: query.filters["state"], after: after, limit: query.limit)
            }
        }
    }

    // MARK: acting

    private func cancelBatch(_ request: HTTPRequest, _ text: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:write")
        let id = try batchID(text)
        recordsThread.run { [self] in
            do throws(StoreError) {
                guard try batchViews(key).find(id) != nil else {
                    return fail(Problem(404, "not_found", "There is no batch with this id."), respond)
                }
            } catch {
                return fail(.cannotRead, respond)
            }
            engine.ask({ .cancelMailing(id, ticket: $0) }) { [self] answer in
                guard answer == .recorded else { return fail(.cannotWrite, respond) }
                recordsThread.run { [self] in
                    reply(respond) { () throws(StoreError) in try batchViews(key).mailing(id) }
                }
            }
        }
    }
}
