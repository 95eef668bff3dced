import Gateway
import HTTP
import JSON

// Contacts, boats, keys, reviews, inbound: records beside the engine.

extension PrivateEndpoint {
    func object(_ request: HTTPRequest) throws(Problem) -> JSONObject {
        do {
            guard let object = try JSONValue(parsing: request.body).object else {
                throw Problem(400, "invalid_request", "The body must be a JSON object.")
            }
            return object
        } catch let error as JSONError {
            throw Problem.notJSON(error)
        } catch {
            throw Problem(400, "invalid_request", "The body must be a JSON object.")
        }
    }

    private func recordID(_ id: String) throws(Problem) {
        guard JobCodec.isIdentifier(id) else {
            throw Problem(400, "bad_id", "An id is 1 to 64 letters, digits, dots, dashes and underscores.")
        }
    }

    func store(_ respond: HTTPResponder, _ body: @escaping @Sendable () throws(StoreError) -> JSONValue?) {
        recordsThread.run { [self] in reply(respond, body) }
    }

    // MARK: contacts and boats

    func contacts(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        if request.method == "GET", !id.isEmpty {
            _ = try authorize(request, "contacts:read")
            return recordsThread.run { [self] in
                show(id, respond) { (contact) throws(StoreError) in RecordViews.contact(contact) }
            }
        }
        let (records, numbers) = (records, acceptance.contactNumbers)
        let collection = RecordCollection<ContactRecord>(
            page: { (after, limit) throws(StoreError) in try records.contacts(after: after, limit: limit) },
            find: { (id) throws(StoreError) in try records.contact(id) },
            put: { (contact) throws(StoreError) in
                numbers.note(contact)
                try records.put(contact)
            },
            remove: { (id) throws(StoreError) in try records.removeContact(id) }, read: RecordReader.contact,
            view: RecordViews.contact, id: { $0.id })
        try serve(collection, "contacts", request, id, respond)
    }

    func boats(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        let records = records
        let collection = RecordCollection<BoatRecord>(
            page: { (after, limit) throws(StoreError) in try records.boats(after: after, limit: limit) },
            find: { (id) throws(StoreError) in try records.boat(id) },
            put: { (boat) throws(StoreError) in try records.put(boat) },
            remove: { (id) throws(StoreError) in try records.removeBoat(id) }, read: RecordReader.boat,
            view: RecordViews.boat, id: { $0.id })
        try serve(collection, "contacts", request, id, respond)
    }

    /// List, read, put and delete, by the caller's ids, with keys for reading and writing of `subject`.
    func serve<Record>(
        _ collection: RecordCollection<Record>, _ subject: String, _ request: HTTPRequest, _ id: String,
        _ respond: HTTPResponder
    ) throws(Problem) {
        let isReading = request.method == "GET"
        guard isReading || (!id.isEmpty && ["PUT", "DELETE"].contains(request.method)) else {
            throw Problem.methodNotAllowed(request.method, allow: id.isEmpty ? "GET, HEAD" : "GET, HEAD, PUT, DELETE")
        }
        _ = try authorize(request, subject + (isReading ? ":read" : ":write"))
        switch request.method {
        case "GET" where id.isEmpty:
            let query = try ListQuery(request)
            store(respond) { () throws(StoreError) in
                query.page(try collection.page(query.after, query.limit), collection.view, cursor: collection.id)
            }
        case "GET": store(respond) { () throws(StoreError) in try collection.find(id).map(collection.view) }
        case "PUT":
            try recordID(id)
            let record = try collection.read(id, try object(request))
            store(respond) { () throws(StoreError) in
                try collection.put(record)
                return try collection.find(id).map(collection.view)
            }
        default: store(respond) { () throws(StoreError) in try collection.remove(id) ? ["deleted": true] : nil }
        }
    }

    // MARK: keys

    func manageKeys(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        let caller = try authorize(request, "keys:write")
        switch (request.method, id.isEmpty) {
        case ("GET", true): answer(["data": .array(keys.list.map(RecordViews.key))], respond)
        case ("POST", true):
            let wish = try RecordReader.key(try object(request))
            try postKey(wish, idempotencyKey(request, caller), respond)
        case ("DELETE", false):
            recordsThread.run { [self] in
                let isFound = (try? keys.revoke(id)) ?? false
                if isFound {
                    answer(["revoked": true], respond)
                } else {
                    fail(Problem(404, "not_found", "There is no key with this id."), respond)
                }
            }
        default: throw Problem.methodNotAllowed(request.method, allow: id.isEmpty ? "GET, HEAD, POST" : "DELETE")
        }
    }

    /// The key's text is kept nowhere: a repeat is told which key was made, and no more.
    private func postKey(
        _ wish: RecordReader.KeyWish, _ idempotency: IdempotencyKey?, _ respond: HTTPResponder
    ) throws(Problem) {
        once(idempotency, respond) { [self] kept, finish in
            if let kept {
                answer(kept.bytes(), status: 201, replayed: true, respond)
                finish(nil)
                return
            }
            recordsThread.run { [self] in
                guard
                    let (record, text) = try? keys.create(
                        name: wish.name, scopes: wish.scopes, tenant: wish.tenant, dailyCalls: wish.dailyCalls,
                        dailySpend: wish.dailySpend)
                else {
                    fail(.cannotWrite, respond)
                    finish(nil)
                    return
                }
                let view = RecordViews.key(record)
                var shown = view.object ?? [:]
                shown["key"] = .string(text)
                finish(Conclusion(status: 201, body: .object(shown), kept: view))
            }
        }
    }

    // MARK: inbound

    func listInbound(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "messages:read")
        let query = try ListQuery(request, filters: ["tag", "contact"])
        store(respond) { [self] () throws(StoreError) in try inboundPage(query) }
    }

    /// Looks at most 5,000 rows on for one page.
    private func inboundPage(_ query: ListQuery) throws(StoreError) -> JSONValue {
        var before = query.cursor
        var data: [JSONValue] = []
        var seen = 0
        while seen < 5_000 {
            let page = try records.inbound(before: before, limit: query.limit)
            for inbound in page {
                before = inbound.id
                seen += 1
                let view = RecordViews.inbound(inbound)
                if let tag = query.filters["tag"], view["tags"]?.array?.contains(.string(tag)) != true { continue }
                if let contact = query.filters["contact"], inbound.contact != contact { continue }
                data.append(view)
                if data.count == query.limit {
                    return ["data": .array(data), "next_cursor": .string(inbound.id.digits)]
                }
            }
            if page.count < query.limit { return ["data": .array(data), "next_cursor": .null] }
        }
        return ["data": .array(data), "next_cursor": before.map { .string($0.digits) } ?? .null]
    }

    func getInbound(_ request: HTTPRequest, _ text: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "messages:read")
        guard let id = RecordID(text, .inbound) else {
            throw Problem(404, "not_found", "There is nothing with this id.")
        }
        store(respond) { [self] () throws(StoreError) in
            try records.inbound(id).map(RecordViews.inbound)
        }
    }
}
