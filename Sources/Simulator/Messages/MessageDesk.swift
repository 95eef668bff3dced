import HTTP
import JSON

/// The Messages resource of the 2010 API.
final class MessageDesk {
    let world: World
    private let carrier: MessageCarrier
    private(set) var store: ResourceStore<Message>
    private let onSender: (String) -> Void

    /// `onSender` is told every number that messages are sent from.
    init(world: World, carrier: MessageCarrier, onSender: @escaping (String) -> Void) {
        self.world = world
        self.carrier = carrier
        self.onSender = onSender
        store = ResourceStore(limit: world.script.resourceLimit) { ($0.sid, $0.to) }
    }

    /// Handles what lies below `…/Messages`; `path` are the pieces after that, `.json` removed.
    func handle(_ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        switch (path.count, request.method) {
        case (0, "POST"): return try create(request)
        case (0, "GET"): return try list(request)
        case (1, "GET"): return answer(200, try find(path[0], request))
        case (1, "POST"): return try update(try find(path[0], request), request)
        case (1, "DELETE"): return try delete(try find(path[0], request))
        case (2...3, _) where path[1] == "Media":
            return try media(try find(path[0], request), request, path: Array(path.dropFirst(2)))
        case (2, "POST") where path[1] == "Feedback": return feedback(try find(path[0], request), request)
        case (0...1, _): throw TwilioError(20004)
        default: throw TwilioError.notFound(request.path)
        }
    }

    /// Remembers a message that did not come by a create request.
    func add(_ message: Message) {
        store.append(message)
    }

    /// A message of the next number; with it go files that lie under URLs, or files that the account is told of.
    func make(to: String, body: String, media: [String], files: [MessageFile] = []) -> Message {
        let message = Message(
            sid: world.sid(media.isEmpty && files.isEmpty ? "SM" : "MM"), sequence: store.nextNumber, to: to,
            body: body,
            segments: media.isEmpty && files.isEmpty ? SegmentCounter.segments(body) : 1, at: world.kernel.now)
        message.media = media + files.map { url(of: $0, message: message.sid) }
        message.files = media.map { MessageFile($0, sid: world.sid("ME")) } + files
        return message
    }

    private func find(_ sid: String, _ request: APIRequest) throws(TwilioError) -> Message {
        guard let message = store[sid] else { throw TwilioError.notFound(request.path) }
        return message
    }

    private func answer(_ status: Int, _ message: Message) -> HTTPResponse {
        .json(
            status,
            message.json(account: world.credentials.accountSID, path: world.accountPath, now: world.kernel.now))
    }

    private func create(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let draft = try MessageDraft(request, now: world.kernel.now)
        let sender = try carrier.sender(for: draft)
        if let from = draft.from, from.channel.isEmpty { onSender(from.value) }
        try carrier.check(draft, sender: sender)
        let message = message(draft)
        if draft.serviceSID != nil {
            message.serviceSID = draft.serviceSID
            message.segments = draft.from == nil ? 0 : message.segments
            message.status = draft.sendAt == nil ? .accepted : .scheduled
        }
        message.from = draft.from?.text
        message.callback = draft.callback
        message.validity = draft.validity
        store.append(message)
        let response = answer(201, message)
        let isEarly = world.faults.isEarly("Messages")
        if isEarly { world.kernel.answerTime += 250 }
        let start = isEarly ? world.kernel.now : world.kernel.answerTime
        carrier.send(message, sender: sender, at: max(start, draft.sendAt ?? 0))
        return response
    }

    private func message(_ draft: MessageDraft) -> Message {
        guard let contentSID = draft.contentSID else {
            return make(to: draft.to.text, body: draft.body ?? "", media: draft.media)
        }
        let template = world.script.content[contentSID]
        let filled = template.map { TemplateText.fill($0.text, draft.variables) }
        let message = make(to: draft.to.text, body: filled?.text ?? "", media: draft.media)
        message.contentSID = contentSID
        message.contentError = template == nil ? 63027 : filled?.isComplete == true ? nil : 63028
        return message
    }

    private func list(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let page = try ListPage(request)
        let sent = try DateFilter("DateSent", request.query)
        let to = request.query["To"].flatMap { $0.isEmpty ? nil : $0 }
        let from = request.query["From"].flatMap { $0.isEmpty ? nil : $0 }
        let youngest = world.kernel.now - world.faults.lag(path: request.path)
        let (account, now) = (world.credentials.accountSID, world.kernel.now)
        let value = page.answer(
            store, key: "messages", target: to,
            matches: { message in
                message.created <= youngest && (from == nil || message.from == from)
                    && sent.contains(message.filterTime)
            },
            json: { $0.json(account: account, path: world.accountPath, now: now) })
        return .json(200, value)
    }

    private func update(_ message: Message, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        if let status = request.parameter("Status") {
            guard status == "canceled" else { throw TwilioError(20001, "Status must be 'canceled'") }
            guard carrier.cancel(message) else { throw TwilioError(30409) }
        } else if let body = request.form["Body"] {
            guard body.isEmpty else { throw TwilioError(20001, "Body can only be set to an empty text") }
            guard message.status.isFinal else { throw TwilioError(20009, "Cannot redact a message in progress") }
            message.body = ""
            message.updated = world.kernel.now
        }
        return answer(200, message)
    }

    private func delete(_ message: Message) throws(TwilioError) -> HTTPResponse {
        guard message.status.isFinal || message.status == .sent else {
            throw TwilioError(20009, "Cannot delete this resource before it is complete")
        }
        store.remove(message.sid)
        return HTTPResponse(status: 204)
    }

    private func feedback(_ message: Message, _ request: APIRequest) -> HTTPResponse {
        let now = JSONValue.string(Clock.rfc2822(world.kernel.now))
        return .json(
            201,
            [
                "account_sid": .string(world.credentials.accountSID), "message_sid": .string(message.sid),
                "outcome": .string(request.parameter("Outcome") ?? "confirmed"), "date_created": now,
                "date_updated": now,
                "uri": .string("\(world.accountPath)/Messages/\(message.sid)/Feedback.json"),
            ])
    }
}
