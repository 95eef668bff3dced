import JSON
import PhoneNumbers

// What rules do about what came in beside answering it: it goes on to others, other systems are asked. All of it is in the
// commit that files it; what cannot be done is an error, and is filed with it.

extension EngineCore {
    /// What of an action cannot be done, as it is filed.
    enum ActionFailure: String {
        /// There is nobody, or nobody who may be written to.
        case nobody
        /// So many messages of this person went on within the hour.
        case tooMany = "too_many"
        /// A template or policy does not do.
        case content
        /// It would cost more than the day allows.
        case budget
    }

    /// Messages of one person that go on within an hour.
    static let forwardsAnHour = 30

    /// Messages of one answer of another system: what is longer is shown to a person, and not sent.
    static let longestReply = 4

    /// Carries out what leaves the gateway; returns what is filed about it.
    func carryOut(_ decision: InboundDecision, _ inbound: RecordID, _ context: InboundContext) -> JSONObject {
        var filed = JSONObject()
        var failures: [JSONValue] = []
        func failed(_ action: String, _ failure: ActionFailure) {
            failures.append(["action": .string(action), "code": .string(failure.rawValue)])
            var place = ErrorContext()
            place.channel = context.kind.rawValue
            keepError(.inboundActionFailed, place)
        }
        if !decision.tags.isEmpty { filed["tags"] = .array(decision.tags.map(JSONValue.string)) }
        if !decision.tasks.isEmpty {
            filed["tasks"] = .array(
                decision.tasks.map { .string(makeTask($0, decision.rule, inbound, context).text(.task)) })
        }
        var messages: [JSONValue] = []
        for action in decision.forwards {
            let sent = forward(action, inbound, context) { failed("forward", $0) }
            messages += sent.map { .string($0.text(.message)) }
        }
        if !messages.isEmpty { filed["forwarded"] = .array(messages) }
        for action in decision.requests where !ask(action, decision.rule, inbound, context) { failed("http", .content) }
        for action in decision.assists {
            if let failure = ask(action, decision.rule, inbound, context) { failed("assist", failure) }
        }
        if !failures.isEmpty { filed["failed"] = .array(failures) }
        return filed
    }

    // MARK: forward

    private func forward(
        _ action: ForwardAction, _ inbound: RecordID, _ context: InboundContext, _ failed: (ActionFailure) -> Void
    ) -> [RecordID] {
        var sent: [RecordID] = []
        let people = people(of: action.target).filter { $0.number != context.number }
        if people.isEmpty { failed(.nobody) }
        for person in people {
            // Two machines that answer each other would go on for ever.
            let limiter = ReplyLimiter(book, context.number, now: now, .forwarded, perHour: Self.forwardsAnHour)
            guard limiter.mayReply(isKnown: true) else {
                failed(.tooMany)
                break
            }
            var envelope = Envelope(to: .number(person.number), topic: "forward")
            envelope.policy = action.policy
            envelope.priority = action.priority
            envelope.template = action.template
            envelope.labels["inbound"] = inbound.text(.inbound)
            if action.template == nil {
                let text = context.text ?? ""
                envelope.text = String((context.number + ": " + text).prefix(ReplyParts.limit))
            } else {
                envelope.variables = context.variables
            }
            guard let message = directory.compose(envelope, to: person, as: ids.next(at: now), now: now) else {
                failed(.content)
                continue
            }
            for mark in limiter.marks() { keep(mark) }
            begin(message)
            sent.append(message.message.id)
        }
        return sent
    }

    private func people(of target: ForwardAction.Target) -> [ResolvedRecipient] {
        switch target {
        case .number(let number): [directory.person(behind: number, nil)].compactMap { $0 }
        case .people(let target):
            readNow { () throws(StoreError) in
                try directory.people(of: target, now: now) { (id) throws(StoreError) in try store.contact(id) }
            } ?? []
        }
    }

    /// A message of the gateway's own begins, as an accepted one does.
    func begin(_ input: AcceptInput) {
        turn.batch.messages.append(input.message)
        for delivery in input.deliveries {
            if input.isRejected { refuse(delivery) } else { start(delivery) }
        }
        count { $0.accepted += 1 }
    }

    // MARK: other systems

    /// The type of a request to another system about what came in.
    static let requestType = "inbound.received"

    /// Puts a request into the outbox; whether its body could be made.
    private func ask(
        _ action: RequestAction, _ rule: String, _ inbound: RecordID, _ context: InboundContext
    ) -> Bool {
        var variables = context.variables
        variables["inbound"] = .string(inbound.text(.inbound))
        variables["rule"] = .string(rule)
        var body = JSONValue.object(variables).bytes()
        if let template = action.body {
            guard let text = directory.render(template, for: context.kind, locale: context.locale, variables) else {
                return false
            }
            body = Array(text.utf8)
        }
        var record = OutgoingRecord(
            id: ids.next(at: now), type: Self.requestType, delivery: inbound, url: action.url, body: body, created: now)
        record.context = RequestContext(action, rule: rule, variables: variables, sender: context.sender).bytes
        tell(record)
        return true
    }

    /// Another system answered about what came in, or did not in time; whoever wrote is told.
    /// - Parameter answer: its body; `nil` for none.
    func answered(_ record: OutgoingRecord, _ answer: [UInt8]?) {
        guard let context = RequestContext(record.context) else { return }
        if context.assistant != nil { return assisted(record, context, answer) }
        guard let template = answer == nil ? context.otherwise : context.reply else {
            if answer == nil { openReview(about: record.delivery) }
            return
        }
        var variables = context.variables
        if let answer {
            let parsed = answer.count <= 65_536 ? (try? JSONValue(parsing: answer))?.object : nil
            let text = String(String(decoding: answer.prefix(65_536), as: UTF8.self).prefix(16_000))
            variables["answer"] = parsed.map(JSONValue.object) ?? .string(text)
        }
        if !reply(template, variables, context) { openReview(about: record.delivery) }
    }

    func openReview(about inbound: RecordID, _ reason: String = "http_failed", draft: String? = nil) {
        count { $0.reviews += 1 }
        var review = ReviewRecord(
            id: ids.next(at: now), delivery: nil, reason: reason, isOpen: true, created: now)
        review.inbound = inbound
        review.draft = draft
        turn.batch.reviews.append(review)
        publish(.reviewOpened, review)
    }

    /// Writes to whoever wrote; whether that can be done.
    func reply(_ template: String, _ variables: JSONObject, _ context: RequestContext) -> Bool {
        let contact = contact(of: context)
        guard let person = directory.person(behind: context.number, contact),
            let text = directory.render(template, for: context.replyKind, locale: person.locale, variables)
        else { return false }
        return reply(text, context)
    }

    private func contact(of context: RequestContext) -> ContactRecord? {
        context.contact.flatMap { id in readNow { () throws(StoreError) in try store.contact(id) } ?? nil }
    }

    /// Writes to whoever wrote, over the channel and from the sender that they wrote to; whether that can be done, and no
    /// outbound rule refuses it.
    func reply(_ text: String, _ context: RequestContext) -> Bool {
        let contact = contact(of: context)
        let lanes = directory.lanes.filter { $0.kind == context.replyKind }
        guard let person = directory.person(behind: context.number, contact),
            let lane = lanes.first(where: { $0.sender == context.sender }) ?? lanes.first
        else { return false }
        let limiter = ReplyLimiter(book, context.number, now: now)
        guard limiter.mayReply(isKnown: contact != nil), let marks = limiter.marks(of: text) else {
            var place = ErrorContext()
            place.channel = context.kind
            keepError(.replyWithheld, place)
            return true
        }
        let parts = ReplyParts.parts(of: text)
        guard parts.count <= Self.longestReply else { return false }
        var messages: [AcceptInput] = []
        for part in parts {
            var envelope = Envelope(to: .number(person.number), topic: "reply", text: part)
            envelope.policy = PolicyDefinition.name(ofChannel: lane.channel)
            envelope.labels["inbound"] = context.variables["inbound"]?.string
            guard let message = directory.compose(envelope, to: person, as: ids.next(at: now), now: now),
                !message.isRejected
            else { return false }
            messages.append(message)
        }
        for message in messages { begin(message) }
        for mark in marks { keep(mark) }
        return true
    }
}

/// What a request about what came in needs when its answer is there, also after a restart.
struct RequestContext {
    let url: String
    let rule: String
    let kind: String
    /// Who wrote.
    let number: String
    let contact: String?
    /// The gateway's sender that was written to.
    let sender: String
    let reply: String?
    let otherwise: String?
    /// No answer counts later than this after the request was made.
    let within: Duration
    let isText: Bool
    /// What its templates see.
    let variables: JSONObject
    /// The language model that is asked; `nil` for another system.
    var assistant: String?
    /// What becomes of its answer.
    var mode = AssistAction.Mode.draft
    /// The day of the question in the gateway's time zone, and what was reserved on it for the answer.
    var day = 0
    var reserved: Int64 = 0

    init(_ action: AssistAction, _ assistant: AssistantDefinition, rule: String, variables: JSONObject, sender: String)
    {
        self.init(
            RequestAction(
                url: assistant.url, secret: nil, body: nil, within: assistant.within, reply: nil,
                otherwise: action.otherwise), rule: rule, variables: variables, sender: sender)
        self.assistant = assistant.name
        mode = action.mode
    }

    init(_ action: RequestAction, rule: String, variables: JSONObject, sender: String) {
        url = action.url
        self.rule = rule
        kind = variables["channel"]?.string ?? ""
        number = variables["from"]?.string ?? ""
        contact = variables["contact"]?.string
        self.sender = sender
        reply = action.reply
        otherwise = action.otherwise
        within = action.within
        isText = action.body != nil
        self.variables = variables
    }

    /// Reads `bytes`; `nil` for anything else.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let variables = value["variables"]?.object else { return nil }
        url = value["url"]?.string ?? ""
        rule = value["rule"]?.string ?? ""
        kind = variables["channel"]?.string ?? ""
        number = variables["from"]?.string ?? ""
        contact = variables["contact"]?.string
        sender = value["sender"]?.string ?? ""
        reply = value["reply"]?.string
        otherwise = value["otherwise"]?.string
        within = .milliseconds(value["within"]?.int ?? 0)
        isText = value["text"]?.bool ?? false
        self.variables = variables
        assistant = value["assistant"]?.string
        mode = value["mode"]?.string.flatMap(AssistAction.Mode.init) ?? .draft
        day = Int(value["day"]?.int ?? 0)
        reserved = value["reserved"]?.int ?? 0
    }

    /// Over what the answer goes: whoever calls is written to, never called.
    var replyKind: ChannelKind {
        let kind = ChannelKind(rawValue: kind)
        return kind == .voice ? .sms : kind
    }

    /// As the outbox keeps it.
    var bytes: [UInt8] {
        var object: JSONObject = [
            "url": .string(url), "rule": .string(rule), "sender": .string(sender),
            "within": .integer(within.milliseconds), "text": .bool(isText), "variables": .object(variables),
        ]
        object["assistant"] = assistant.map(JSONValue.string)
        if assistant != nil {
            object["mode"] = .string(mode.rawValue)
            object["day"] = .int(day)
            object["reserved"] = .integer(reserved)
        }
        object["reply"] = reply.map(JSONValue.string)
        object["otherwise"] = otherwise.map(JSONValue.string)
        return JSONValue.object(object).bytes()
    }
}

extension InboundContext {
    var kind: ChannelKind {
        switch content {
        case .message(let message): message.kind
        case .call: .voice
        }
    }

    /// What was written or said.
    var text: String? {
        switch content {
        case .message(let message): message.text
        case .call(let call): call.speech
        }
    }

    /// The gateway's sender or number.
    var sender: String {
        switch content {
        case .message(let message): message.to
        case .call(let call): call.to
        }
    }

    /// What templates and other systems see of it.
    var variables: JSONObject {
        var variables: JSONObject = [
            "channel": .string(kind.rawValue), "from": .string(number), "to": .string(sender),
            "text": .string(text ?? ""), "contact_verified": .bool(contactVerified),
        ]
        variables["contact"] = contact.map(JSONValue.string)
        variables["locale"] = locale.map(JSONValue.string)
        if case .message(let message) = content {
            variables["media"] = .int(message.media.count)
            variables["profile_name"] = message.profileName.map(JSONValue.string)
            if !message.details.isEmpty { variables["details"] = .object(message.details) }
        }
        return variables
    }
}
