import Gateway
import HTTP
import JSON

// Files that people sent: looked at, handed out, filed, fetched again.

extension PrivateEndpoint {
    /// `v1/media` and what is below it; `parts` stands behind.
    func media(_ request: HTTPRequest, _ parts: [String], _ respond: HTTPResponder) throws(Problem) {
        let id = parts.first ?? ""
        switch (request.method, parts.count, parts.count == 2 ? parts[1] : "") {
        case ("GET", 0, _): try listMedia(request, respond)
        case ("GET", 1, _):
            _ = try authorize(request, "media:read")
            store(respond) { [self] () throws(StoreError) in try stored(id).map(RecordViews.media) }
        case ("DELETE", 1, _): try removeMedia(request, id, respond)
        case (_, 0...1, _):
            throw Problem.methodNotAllowed(request.method, allow: parts.isEmpty ? "GET, HEAD" : "GET, HEAD, DELETE")
        case ("GET", 2, "content"): try content(request, id, respond)
        case (_, 2, "content"): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case ("POST", 2, "link"): try link(request, id, respond)
        case ("POST", 2, "retry"): try retry(request, id, respond)
        case ("POST", 2, "file"): try file(request, id, respond)
        case (_, 2, "link"), (_, 2, "retry"), (_, 2, "file"):
            throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    private func listMedia(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "media:read")
        let list = try ListQuery(request, filters: ["state", "boat", "contact"])
        var query = MediaQuery()
        if let word = list.filters["state"] {
            let states = MediaState.allCases.filter { $0 != .removed }
            query.state = states.first { $0.rawValue == word }
            guard query.state != nil else {
                let words = states.map(\.rawValue).joined(separator: ", ")
                throw Problem(400, "bad_state", "state must be one of \(words).")
            }
        }
        query.boat = list.filters["boat"]
        query.contact = list.filters["contact"]
        store(respond) { [self, query] () throws(StoreError) in
            list.page(try records.media(query, before: list.cursor, limit: list.limit), RecordViews.media) {
                $0.id.digits
            }
        }
    }

    private func stored(_ text: String) throws(StoreError) -> MediaRecord? {
        guard let id = RecordID(text, .media), let media = try records.media(id) else { return nil }
        return media.state == .removed ? nil : media
    }

    /// Runs `body` with a file on the records thread.
    private func with(_ text: String, _ respond: HTTPResponder, _ body: @escaping @Sendable (MediaRecord) -> Void) {
        recordsThread.run { [self] in
            do throws(StoreError) {
                guard let media = try stored(text) else {
                    return fail(Problem(404, "not_found", "There is nothing with this id."), respond)
                }
                body(media)
            } catch {
                fail(.cannotRead, respond)
            }
        }
    }

    private static var notStored: Problem {
        Problem(409, "not_stored", "The file is not here; its 'state' and 'reason' say why.")
    }

    private func content(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "media:read")
        with(id, respond) { [self] media in
            guard let response = mediaFiles.answer(media) else { return fail(Self.notStored, respond) }
            metrics.answered(200)
            respond(response)
        }
    }

    private func link(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "media:read")
        let (links, lifetime) = (
            directory.acknowledgementLinks.media, directory.runningConfiguration.media.linkLifetime
        )
        with(id, respond) { [self] media in
            guard media.state == .stored else { return fail(Self.notStored, respond) }
            // Whole seconds, as the link says it.
            let end = Timestamp(milliseconds: (clock.now + lifetime).milliseconds / 1_000 * 1_000)
            answer(
                [
                    "url": .string(links.url(of: media.id, until: end)), "expires": .string(MessageViews.time(end)),
                ], status: 201, respond)
        }
    }

    private func retry(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "media:write")
        with(id, respond) { [self] media in
            guard media.state != .stored else {
                return fail(Problem(409, "stored", "The file is here already."), respond)
            }
            change(.retried(media.id), media.id, respond)
        }
    }

    private func file(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "media:write")
        let wish = try MediaReader.filing(try object(request))
        with(id, respond) { [self] media in
            guard media.state == .stored else { return fail(Self.notStored, respond) }
            do throws(StoreError) {
                guard try records.boat(wish.boat) != nil else {
                    return fail(Problem(404, "no_boat", "There is no boat with this id."), respond)
                }
                try MediaFiling(records: records).file(media, wish, at: clock.now)
            } catch {
                return fail(.cannotWrite, respond)
            }
            change(.filed(media.id, boat: wish.boat), media.id, respond) { [self] in
                // It was removed meanwhile, and its document must not outlive it.
                recordsThread.run { [self] in _ = try? records.removeDocument(media.documentID) }
            }
        }
    }

    /// From the answer on nobody is shown it; its bytes and its documents follow at once.
    private func removeMedia(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "media:write")
        with(id, respond) { [self] media in
            engine.ask({ .media(.removed(media.id), ticket: $0) }) { [self] answer in
                switch answer {
                case .recorded:
                    metrics.answered(204)
                    respond(HTTPResponse(status: 204))
                case .notFound: fail(Problem(404, "not_found", "There is nothing with this id."), respond)
                default: fail(.cannotWrite, respond)
                }
            }
        }
    }

    private func change(
        _ change: MediaChange, _ id: RecordID, _ respond: HTTPResponder,
        isGone: @escaping @Sendable () -> Void = {}
    ) {
        engine.ask({ .media(change, ticket: $0) }) { [self] answer in
            switch answer {
            case .recorded:
                store(respond) { [self] () throws(StoreError) in try records.media(id).map(RecordViews.media) }
            case .notFound:
                isGone()
                fail(Problem(404, "not_found", "There is nothing with this id."), respond)
            default: fail(.cannotWrite, respond)
            }
        }
    }
}

/// Reads what callers say of files.
struct MediaReader {
    private var faults = RequestFaults()

    /// `{"boat", "type", "title"}`.
    static func filing(_ object: JSONObject) throws(Problem) -> MediaFiling.Wish {
        var reader = MediaReader()
        reader.faults.addUnknown(of: object, ["boat", "type", "title"])
        var wish = MediaFiling.Wish(boat: reader.name(object, "boat") ?? "")
        if object["boat"] == nil { reader.faults.add("/boat", "is missing") }
        if let type = reader.name(object, "type") { wish.type = type.lowercased() }
        if let value = object["title"] {
            wish.title = value.string
            let isLine = wish.title.map { title in
                (1...200).contains(title.utf8.count)
                    && !title.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            }
            if isLine != true { reader.faults.add("/title", "must be one line of 1 to 200 bytes") }
        }
        try reader.faults.check()
        return wish
    }

    private mutating func name(_ object: JSONObject, _ field: String) -> String? {
        guard let value = object[field] else { return nil }
        if let name = value.string, JobCodec.isIdentifier(name) { return name }
        faults.add("/" + field, "must be 1 to 64 letters, digits, dots, dashes and underscores")
        return nil
    }
}

extension RecordViews {
    static func media(_ media: MediaRecord) -> JSONValue {
        var out: JSONObject = [
            "id": .string(media.id.text(.media)), "inbound": .string(media.inbound.text(.inbound)),
            "created": .string(MessageViews.time(media.created)), "state": .string(media.state.rawValue),
            "provider": .string(media.provider), "url": .string(media.url), "given_type": .string(media.givenType),
        ]
        out["reason"] = media.reason.map { .string($0.rawValue) }
        out["contact"] = media.contact.map(JSONValue.string)
        out["boat"] = media.boat.map(JSONValue.string)
        if media.state == .stored, media.boat != nil { out["document"] = .string(media.documentID) }
        if let content = media.content {
            out["type"] = .string(content.type)
            out["size"] = .integer(content.size)
            out["sha256"] = .string(content.hash)
        }
        out["tries"] = .int(media.tries)
        out["next_try"] = media.due.map { .string(MessageViews.time($0)) }
        out["stored"] = media.stored.map { .string(MessageViews.time($0)) }
        return .object(out)
    }
}
