import HTTP
import JSON

/// The Media resource of messages: listed and read like any other, while its URL without `.json` leads to the bytes.
extension MessageDesk {
    /// What lies below `…/Messages/{sid}/Media`; `path` are the pieces after that, `.json` removed.
    func media(_ message: Message, _ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        switch (path.count, request.method) {
        case (0, "GET"): return list(message, request)
        case (1, "GET"): return .json(200, json(try file(path[0], of: message, request), of: message))
        case (1, "DELETE"):
            let sid = try file(path[0], of: message, request).sid
            message.files.removeAll { $0.sid == sid }
            return HTTPResponse(status: 204)
        default: throw TwilioError(20004)
        }
    }

    /// The answer to the URL that a webhook tells: it leads to where the file lies, which asks for no credentials.
    func leadToMedia(_ message: String, _ sid: String, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        guard ["GET", "HEAD"].contains(request.method) else { throw TwilioError(20004) }
        guard let message = store[message] else { throw TwilioError.notFound(request.path) }
        let file = try file(sid, of: message, request)
        var place = world.baseURL + "/media/\(world.credentials.accountSID)/\(message.sid)/\(file.sid)"
        if case .elsewhere(let url) = file.source { place = url }
        return HTTPResponse(status: 307, headers: HTTPHeaders([("Location", place)]))
    }

    /// A file where it lies; `path` are the pieces after `/media`.
    func mediaContent(_ request: APIRequest, path: [String]) -> HTTPResponse {
        guard path.count == 3, path[0] == world.credentials.accountSID, ["GET", "HEAD"].contains(request.method),
            let file = store[path[1]]?.files.first(where: { $0.sid == path[2] })
        else { return .text(404, "not found") }
        return file.response
    }

    /// The URL of a file that the account is told.
    func url(of file: MessageFile, message: String) -> String {
        if case .elsewhere(let url) = file.source { return url }
        return world.baseURL + world.accountPath + "/Messages/\(message)/Media/\(file.sid)"
    }

    private func file(
        _ sid: String, of message: Message, _ request: APIRequest
    ) throws(TwilioError) -> MessageFile {
        guard let file = message.files.first(where: { $0.sid == sid }) else {
            throw TwilioError.notFound(request.path)
        }
        return file
    }

    private func json(_ file: MessageFile, of message: Message) -> JSONValue {
        [
            "sid": .string(file.sid), "account_sid": .string(world.credentials.accountSID),
            "parent_sid": .string(message.sid), "content_type": .string(file.type),
            "date_created": .string(Clock.rfc2822(message.created)),
            "date_updated": .string(Clock.rfc2822(message.updated)),
            "uri": .string("\(world.accountPath)/Messages/\(message.sid)/Media/\(file.sid).json"),
        ]
    }

    private func list(_ message: Message, _ request: APIRequest) -> HTTPResponse {
        .json(
            200,
            [
                "media_list": .array(message.files.map { json($0, of: message) }), "page": 0, "page_size": 50,
                "start": 0, "end": .integer(Int64(max(0, message.files.count - 1))), "uri": .string(request.path),
                "first_page_uri": .string(request.path), "next_page_uri": .null, "previous_page_uri": .null,
            ])
    }
}
