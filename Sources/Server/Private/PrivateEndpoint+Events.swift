import Gateway
import HTTP
import JSON

// Events: read in pages, waited for, acknowledged.

extension PrivateEndpoint {
    /// `v1/events` and what is below it.
    func events(_ request: HTTPRequest, _ action: String, _ respond: HTTPResponder) throws(Problem) {
        switch (request.method, action) {
        case ("GET", ""): try readEvents(request, respond)
        case ("POST", "ack"): try acknowledgeEvents(request, respond)
        case ("GET", "stream"): try showStream(request, respond)
        case (_, ""), (_, "stream"): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, "ack"): throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    /// How events go into the stream of Redis, which has those of all tenants.
    private func showStream(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "events:all")
        _ = try ListQuery(request)
        guard let state = streamThread.current else {
            throw Problem(404, "no_stream", "The configuration names no stream of Redis ('gateway.redis').")
        }
        answer(state.view, respond)
    }

    /// A key sees the events of its tenant and those of none; one with `events:all` everybody's.
    private func readEvents(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "events:read")
        let list = try ListQuery(request, filters: EventQuery.filters)
        var query = try EventQuery(list, tenant: key.may("events:all") ? nil : key.tenant)
        if Self.wantsStream(request) { return try stream(&query, request, key, respond) }
        let poll = EventPoll(query, records: records, tenant: key.tenant, now: clock.monotonic) { [self] result in
            switch result {
            case .success(let page): answer(page.view, respond)
            case .failure: fail(.cannotRead, respond)
            }
        }
        guard eventThread.add(poll) else { throw Self.tooManyReaders }
    }

    private static func wantsStream(_ request: HTTPRequest) -> Bool {
        (request.headers[first: "Accept"] ?? "").split(separator: ",").contains { range in
            range.split(separator: ";").first?.trimmingBlanks.lowercased() == "text/event-stream"
        }
    }

    private static let streamHeaders = HTTPHeaders([
        ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"),
    ])

    /// Server-sent events (WHATWG HTML §9.2). A reader that comes again says what it has got.
    private func stream(
        _ query: inout EventQuery, _ request: HTTPRequest, _ key: KeyRecord, _ respond: HTTPResponder
    ) throws(Problem) {
        if let text = request.headers[first: "Last-Event-ID"], !text.isEmpty {
            guard let position = EventPosition(text) else {
                throw Problem(400, "bad_cursor", "This Last-Event-ID is no id of a stream of events.")
            }
            query.start = .after(position)
        }
        let body = HTTPBodyStream()
        let reader = EventStream(query, records: records, tenant: key.tenant, body: body)
        guard eventThread.add(reader) else { throw Self.tooManyReaders }
        metrics.answered(200)
        var response = HTTPResponse(status: 200, headers: Self.streamHeaders)
        response.stream = body
        respond(response)
    }

    private static let tooManyReaders = Problem(
        503, "too_many_readers", "Too many read events at this time; try again.", retryAfter: 1)

    /// `{consumer, cursor}`: everything up to there is done.
    private func acknowledgeEvents(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "events:read")
        let (name, position) = try acknowledgement(try object(request))
        recordsThread.run { [self] in
            do throws(StoreError) {
                guard position <= .end(ofRow: try records.lastEventRow()) else {
                    return fail(Problem(422, "unknown_cursor", "There is no event yet at this cursor."), respond)
                }
                let reached = try records.advance(consumer: name, ofTenant: key.tenant, to: position)
                answer(["consumer": .string(name), "cursor": .string(reached.digits)], respond)
            } catch {
                fail(.cannotWrite, respond)
            }
        }
    }

    private func acknowledgement(_ body: JSONObject) throws(Problem) -> (name: String, EventPosition) {
        var faults = body.keys.filter { $0 != "consumer" && $0 != "cursor" }.map {
            Problem.Detail("/" + $0, "is no field of an acknowledgement")
        }
        let name = body["consumer"]?.string.flatMap { JobCodec.isIdentifier($0) ? $0 : nil }
        if name == nil {
            faults.append(.init("/consumer", "must be 1 to 64 letters, digits, dots, dashes and underscores"))
        }
        let position = body["cursor"]?.string.flatMap { EventPosition($0) }
        if position == nil { faults.append(.init("/cursor", "must be a cursor or an id of an event")) }
        guard faults.isEmpty, let name, let position else {
            throw Problem(400, "invalid_request", "The acknowledgement has faults.", errors: faults)
        }
        return (name, position)
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmingBlanks: Substring {
        let head = drop { $0 == " " || $0 == "\t" }
        return head.lastIndex { $0 != " " && $0 != "\t" }.map { head[...$0] } ?? head
    }
}
