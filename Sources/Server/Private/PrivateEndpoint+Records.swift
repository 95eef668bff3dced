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
            throw Problem(
                400, "bad_json", "The body is not JSON: line \(error.line), column \(error.column): \(error.message).")
        } catch {
            throw Problem(400, "invalid_request", "The body must be a JSON object.")
        }
    }

    private func recordID(_ id: String) throws(Problem) {
        guard JobCodec.isIdentifier(id) else {
            throw Problem(400, "bad_id", "An id is 1 to 64 letters, digits, dots, dashes and underscores.")
        }
    }

    private func store(_ respond: HTTPResponder, _ body: @escaping @Sendable () throws(StoreError) -> JSONValue?) {
        recordsThread.run { [self] in reply(respond, body) }
    }

    // MARK: contacts

    func contacts(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        switch (request.method, id.isEmpty) {
        case ("GET", true):
            _ = try authorize(request, "contacts:read")
            let query = try ListQuery(request)
            store(respond) { [self] () throws(StoreError) in
                let page = try records.contacts(after: query.after, limit: query.limit)
                let next = page.count == query.limit ? page.last.map { JSONValue.string($0.id) } : nil
                return ["data": .array(page.map(RecordViews.contact)), "next_cursor": next ?? .null]
            }
        case ("GET", false):
            _ = try authorize(request, "contacts:read")
            store(respond) { [self] () throws(StoreError) in try records.contact(id).map(RecordViews.contact) }
        case ("PUT", false):
            _ = try authorize(request, "contacts:write")
            try recordID(id)
            let contact = try RecordReader.contact(id, try object(request))
            store(respond) { [self] () throws(StoreError) in
                try records.put(contact)
                return RecordViews.contact(contact)
            }
        case ("DELETE", false):
            _ = try authorize(request, "contacts:write")
            store(respond) { [self] () throws(StoreError) in
                try records.removeContact(id) ? ["deleted": true] : nil
            }
        default: throw Problem(405, "method_not_allowed", "This address does not take \(request.method).")
        }
    }

    // MARK: boats

    func boats(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        switch (request.method, id.isEmpty) {
        case ("GET", true):
            _ = try authorize(request, "contacts:read")
            let query = try ListQuery(request)
            store(respond) { [self] () throws(StoreError) in
                let page = try records.boats(after: query.after, limit: query.limit)
                let next = page.count == query.limit ? page.last.map { JSONValue.string($0.id) } : nil
                return ["data": .array(page.map(RecordViews.boat)), "next_cursor": next ?? .null]
            }
        case ("GET", false):
            _ = try authorize(request, "contacts:read")
            store(respond) { [self] () throws(StoreError) in try records.boat(id).map(RecordViews.boat) }
        case ("PUT", false):
            _ = try authorize(request, "contacts:write")
            try recordID(id)
            let boat = try RecordReader.boat(id, try object(request))
            store(respond) { [self] () throws(StoreError) in
                try records.put(boat)
                return RecordViews.boat(boat)
            }
        case ("DELETE", false):
            _ = try authorize(request, "contacts:write")
            store(respond) { [self] () throws(StoreError) in try records.removeBoat(id) ? ["deleted": true] : nil }
        default: throw Problem(405, "method_not_allowed", "This address does not take \(request.method).")
        }
    }

    // MARK: keys

    func manageKeys(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "keys:write")
        switch (request.method, id.isEmpty) {
        case ("GET", true): answer(["data": .array(keys.list.map(RecordViews.key))], respond)
        case ("POST", true):
            let wish = try RecordReader.key(try object(request))
            recordsThread.run { [self] in
                guard
                    let (record, text) = try? keys.create(
                        name: wish.name, scopes: wish.scopes, tenant: wish.tenant, dailyCalls: wish.dailyCalls,
                        dailySpend: wish.dailySpend), var view = RecordViews.key(record).object
                else {
                    fail(Problem(503, "unavailable", "The store cannot be written now; try again."), respond)
                    return
                }
                view["key"] = .string(text)
                answer(.object(view), status: 201, respond)
            }
        case ("DELETE", false):
            recordsThread.run { [self] in
                let isFound = (try? keys.revoke(id)) ?? false
                if isFound {
                    answer(["revoked": true], respond)
                } else {
                    fail(Problem(404, "not_found", "There is no key with this id."), respond)
                }
            }
        default: throw Problem(405, "method_not_allowed", "This address does not take \(request.method).")
        }
    }

    // MARK: reviews and inbound

    func listReviews(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "reviews:read")
        let query = try ListQuery(request, filters: ["state"])
        store(respond) { [self] () throws(StoreError) in
            let openOnly = query.filters["state"] != "all"
            let page = try records.reviews(openOnly: openOnly, after: query.cursor, limit: query.limit)
            let next = page.count == query.limit ? page.last.map { JSONValue.string($0.id.digits) } : nil
            return ["data": .array(page.map(RecordViews.review)), "next_cursor": next ?? .null]
        }
    }

    func listInbound(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "messages:read")
        let query = try ListQuery(request)
        store(respond) { [self] () throws(StoreError) in
            let page = try records.inbound(before: query.cursor, limit: query.limit)
            let next = page.count == query.limit ? page.last.map { JSONValue.string($0.id.digits) } : nil
            return ["data": .array(page.map(RecordViews.inbound)), "next_cursor": next ?? .null]
        }
    }
}
