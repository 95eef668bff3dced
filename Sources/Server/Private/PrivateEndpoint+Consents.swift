import Gateway
import HTTP
import JSON

// Consents of a contact: what its numbers said to our senders.

extension PrivateEndpoint {
    func consents(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        switch request.method {
        case "GET":
            _ = try authorize(request, "contacts:read")
            let query = try ListQuery(request, filters: ["history"])
            switch query.filters["history"] {
            case nil, "false": recordsThread.run { [self] in showConsents(id, respond) }
            case "true": recordsThread.run { [self] in showHistory(id, query, respond) }
            default: throw Problem(400, "bad_parameter", "history must be true or false.")
            }
        case "PUT":
            let key = try authorize(request, "contacts:write")
            let body = try object(request)
            recordsThread.run { [self] in putConsents(id, body, by: key.id, respond) }
        default: throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, PUT")
        }
    }

    /// Runs on the records thread.
    private func showConsents(_ id: String, _ respond: HTTPResponder) {
        show(id, respond) { (contact) throws(StoreError) in
            var consents: [ConsentRecord] = []
            for number in contact.phoneNumbers {
                consents += try records.marks(of: number).compactMap { ConsentRecord($0) }
            }
            return ["data": .array(consents.map(RecordViews.consent)), "next_cursor": .null]
        }
    }

    /// Runs on the records thread.
    private func showHistory(_ id: String, _ query: ListQuery, _ respond: HTTPResponder) {
        show(id, respond) { (contact) throws(StoreError) in
            let statements = try records.consentHistory(
                of: contact.phoneNumbers, after: query.cursor, limit: query.limit)
            return query.page(statements, RecordViews.statement) { $0.id.digits }
        }
    }

    /// Runs on the records thread; the engine keeps what it is told, because deliveries depend on it.
    private func putConsents(_ id: String, _ body: JSONObject, by key: String, _ respond: HTTPResponder) {
        do throws(Problem) {
            let contact = try contact(named: id)
            var senders: [String] = []
            for lane in directory.lanes where !senders.contains(lane.sender) { senders.append(lane.sender) }
            var reader = ConsentReader(contact, senders: senders, now: clock.now)
            let consents = try reader.read(body)
            engine.ask({ .consents(consents, ofContact: id, by: key, ticket: $0) }) { [self] answer in
                guard case .recorded = answer else { return fail(.cannotWrite, respond) }
                recordsThread.run { [self] in showConsents(id, respond) }
            }
        } catch {
            fail(error, respond)
        }
    }
}
