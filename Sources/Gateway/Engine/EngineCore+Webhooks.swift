import JSON

// Verified webhooks: evidence, turns of our calls, messages and calls from people. One effect, however often delivered.

extension EngineCore {
    /// How long the answer to a webhook is kept.
    static let answerLifetime = Duration.seconds(48 * 3_600)

    func take(_ input: WebhookInput, _ ticket: Int) {
        count { $0.callbacks += 1 }
        switch input.event {
        case .report(let token, let kind, let report):
            adopt(token, kind, report, input.provider)
            answer(.empty, input, ticket)
        case .turn(let turn): take(turn, input, ticket)
        case .message(let message): take(message, input, ticket)
        case .call(let call): take(call, input, ticket)
        case .stayed(let stay): take(stay, input, ticket)
        case .recorded(let recording): take(recording, input, ticket)
        case .conference(let report): take(report, input, ticket)
        case .refused, .ignored, .malformed: answer(.empty, input, ticket)
        }
        runDeferred()
    }

    private func adopt(_ token: String, _ kind: ChannelKind, _ report: AttemptReport, _ provider: String) {
        guard let attempt = tokens.read(token),
            applyAnywhere(.report(attempt: attempt.attempt, report), to: attempt.delivery)
        else {
            countUnknownToken(of: provider)
            return
        }
        if let details = report.details {
            turn.batch.details.append(
                ReportDetail(
                    delivery: attempt.delivery, attempt: attempt.attempt, status: report.status.rawValue, at: now,
                    body: details))
        }
        guard kind == .voice else { return }
        tellRiders(of: AttemptReference(delivery: attempt.delivery, attempt: attempt.attempt)) { attempt in
            .report(attempt: attempt, report)
        }
    }

    private func countUnknownToken(of provider: String) {
        count { $0.unknownTokens += 1 }
        keepError(.webhookUnknownToken, provider: provider)
    }

    /// Evidence of a call's turn, for all who share the call.
    private func tell(_ report: AttemptReport, about call: AttemptReference) {
        applyAnywhere(.report(attempt: call.attempt, report), to: call.delivery)
        tellRiders(of: call) { attempt in .report(attempt: attempt, report) }
    }

    // MARK: answers

    func answer(_ answer: WebhookAnswer, _ input: WebhookInput, _ ticket: Int, key: String? = nil) {
        guard let provider = directory.provider(named: input.provider) else {
            release(ticket, .webhook(status: 204, contentType: "", body: []))
            return
        }
        let (type, body) = provider.webhooks.answer(answer, to: input.request)
        if let key {
            let stored = Array(type.utf8) + [0x0A] + body
            keepAnswer(AnswerRecord(key: key, body: stored, until: now + Self.answerLifetime))
        }
        release(ticket, .webhook(status: body.isEmpty ? 204 : 200, contentType: type, body: body))
    }

    /// Answers a repeated webhook from what was stored.
    func answerAgain(_ key: String, _ ticket: Int) -> Bool {
        guard let record = storedAnswer(key), let cut = record.body.firstIndex(of: 0x0A) else { return false }
        let type = String(decoding: record.body[..<cut], as: UTF8.self)
        let body = Array(record.body[(cut + 1)...])
        release(ticket, .webhook(status: body.isEmpty ? 204 : 200, contentType: type, body: body))
        return true
    }

    // MARK: our calls

    private func take(_ call: CallTurn, _ input: WebhookInput, _ ticket: Int) {
        let key = "turn:" + call.providerID + ":" + call.turn + (call.isFollowUp ? ":f" : "")
        if answerAgain(key, ticket) { return }
        guard let token = tokens.read(call.token), let delivery = current(token.delivery),
            delivery.state.attempts.indices.contains(token.attempt)
        else {
            countUnknownToken(of: input.provider)
            answer(.script(CallScript([.hangup])), input, ticket)
            return
        }
        let placer = AttemptReference(delivery: token.delivery, attempt: token.attempt)
        tell(call.report, about: placer)
        let attempt = (current(token.delivery) ?? delivery).state.attempts[token.attempt]
        var call = call
        call.listener = attempt.isMachine ? .machine : attempt.level >= .delivered ? .human : .unknown
        // A follow-up that a human's call asks for proves that the prompt was heard to its end.
        if call.isFollowUp, call.listener == .human {
            tell(AttemptReport(.read), about: placer)
        }
        answer(.script(converse(call, placer)), input, ticket, key: key)
    }

    /// What the call says next. A key is the answer to all alerts of which it speaks.
    private func converse(_ call: CallTurn, _ placer: AttemptReference) -> CallScript {
        let spoken = spoken(in: placer)
        let reply = directory.converse(with: call, about: spoken.compactMap(alert))
        for one in spoken {
            switch reply.meaning {
            case .none: break
            case .acknowledged: applyAnywhere(.acknowledged(attempt: one.attempt), to: one.delivery)
            case .rejected: applyAnywhere(.rejected(attempt: one.attempt), to: one.delivery)
            }
        }
        return reply.script
    }

    private func alert(_ reference: AttemptReference) -> CallAlert? {
        current(reference.delivery).map { delivery in
            let attempt = delivery.state.attempts[reference.attempt]
            return CallAlert(job: delivery.job, step: Int(attempt.step), sender: Int(attempt.sender))
        }
    }

    // MARK: people

    private func context(_ content: InboundContext.Content, _ input: WebhookInput) -> InboundContext {
        var context = InboundContext(content, now: now)
        context.take(input)
        if case .message(let message) = content {
            context.openAlerts = openAlerts([context.number] + input.numbers, toText: true)
            context.isOptedOut = book.isOptedOut(message.from, sender: message.to, now: now)
        } else if case .call(let call) = content, !call.isForged {
            context.openAlerts = openAlerts([context.number])
        }
        context.mayReply =
            Self.isPerson(content)
            && ReplyLimiter(book, context.number, now: now).mayReply(isKnown: input.contact != nil)
        return context
    }

    /// Short codes and names are machines, which are not answered by a machine.
    private static func isPerson(_ content: InboundContext.Content) -> Bool {
        guard case .message(let message) = content, message.kind == .sms else { return true }
        return message.from.utf8.first == UInt8(ascii: "+") && message.from.utf8.count > 7
    }

    /// Alerts that reached the person and wait for an answer, oldest first: open ones, and those that ended otherwise
    /// within a day. Rounds and channels of one alert are one question, for which the newest stands that has reached the
    /// person.
    /// - Parameter toText: with those that a provider may have sent, whose report is not in yet.
    func openAlerts(_ numbers: [String], toText: Bool = false) -> [DeliveryJob] {
        var newest: [RecordID: DeliveryJob] = [:]
        let open = openDeliveriesOfAlerts(numbers, toText: toText)
        for job in open where !hasReached(job) { newest[job.alert] = job }
        for job in open where hasReached(job) { newest[job.alert] = job }
        return newest.values.sorted { $0.delivery < $1.delivery }
    }

    private func openDeliveriesOfAlerts(_ numbers: [String], toText: Bool) -> [DeliveryJob] {
        var ids = Set<RecordID>()
        for number in numbers {
            ids.formUnion(lookUp(recipient: number).suffix(20))
            ids.formUnion(openDeliveries(to: number))
        }
        return ids.sorted().compactMap { openAlert($0, toText: toText) }
    }

    private func openAlert(_ id: RecordID, toText: Bool) -> DeliveryJob? {
        guard let delivery = current(id), delivery.plan.ackRequired else { return nil }
        let state = delivery.state
        guard state.phase.mayBeAnswered, state.phase == .active || delivery.job.created + .seconds(86_400) > now
        else { return nil }
        let isOpen = state.attempts.indices.contains { ordinal in
            state.attempts[ordinal].level >= .sent || (toText && state.mayBeUnderway(ordinal, delivery.plan))
        }
        return isOpen ? delivery.job : nil
    }

    private func hasReached(_ job: DeliveryJob) -> Bool {
        current(job.delivery)?.state.attempts.contains { $0.level >= .sent } ?? false
    }

    private func take(_ message: InboundMessage, _ input: WebhookInput, _ ticket: Int) {
        let key = "in:" + message.providerID
        if answerAgain(key, ticket) { return }
        heard(message)
        var context = context(.message(message), input)
        checkPIN(input, &context)
        var decision = directory.receive(context)
        let named =
            decision.acknowledges ? named(by: message, to: [message.from] + input.numbers, context.openAlerts) : nil
        let targets = named ?? context.openAlerts
        carryOut(decision, targets, .text(isNamed: named != nil))
        book(message, tenant: tenant(ofAlerts: targets))
        if let consent = decision.consent {
            record(consent, of: message, from: .message(providerID: message.providerID, contact: input.contact))
        }
        let withheld = capReplies(of: &decision, context)
        file(message, decision, withheld: withheld, context, input)
        answer(decision.replies.isEmpty ? .empty : .reply(decision.replies), input, ticket, key: key)
    }

    /// Leaves the replies that may be sent, and notes them; returns why others may not, as it is filed.
    private func capReplies(of decision: inout InboundDecision, _ context: InboundContext) -> String? {
        guard context.mayReply else {
            defer { decision.replies = [] }
            return decision.replies.isEmpty ? nil : "capped"
        }
        let count = decision.replies.count
        let mayRepeat = decision.mayRepeat
        decision.replies = decision.replies.filter { text in
            let limiter = ReplyLimiter(book, context.number, now: now)
            guard let marks = mayRepeat ? limiter.marks() : limiter.marks(of: text) else { return false }
            for mark in marks { keep(mark) }
            return true
        }
        return decision.replies.count < count ? "repeated" : nil
    }

    /// The window opens, and the channel reaches the number after all.
    private func heard(_ message: InboundMessage) {
        let scope = Self.windowScope(message.kind, message.to)
        keep(
            AddressMark(
                number: message.from, kind: .inbound, scope: scope, at: now, until: now + .seconds(24 * 3_600)))
        for settings in directory.lanes where settings.kind == message.kind && settings.sender == message.to {
            if book.isUnfit(message.from, channel: settings.channel, now: now) {
                keep(
                    AddressMark(number: message.from, kind: .unfit, scope: settings.channel, at: now, until: now))
            }
        }
    }

    /// The alerts that an answer names: the quoted one, or the one of its code; `nil` when it names none.
    private func named(
        by message: InboundMessage, to numbers: [String], _ alerts: [DeliveryJob]
    ) -> [DeliveryJob]? {
        func of(_ isMeant: (DeliveryJob) -> Bool) -> [DeliveryJob] {
            let meant = Set(openDeliveriesOfAlerts(numbers, toText: true).filter(isMeant).map(\.alert))
            return alerts.filter { meant.contains($0.alert) }
        }
        if let quoted = message.quoted {
            let fitting = of { job in
                current(job.delivery)?.state.attempts.contains { $0.providerID == quoted } ?? false
            }
            if !fitting.isEmpty { return fitting }
        }
        if let code = AcknowledgementCode(in: message.text) {
            return of { AcknowledgementCode(of: $0.delivery) == code }
        }
        return nil
    }

    /// How a person answered alerts.
    private enum Answer {
        case call
        /// Whoever names an alert has seen it, whatever reports say.
        case text(isNamed: Bool)
    }

    private func carryOut(_ decision: InboundDecision, _ alerts: [DeliveryJob], _ answer: Answer) {
        for alert in alerts {
            let attempt = reachedAttempt(alert, answer)
            if decision.acknowledges {
                if case .text(isNamed: false) = answer {
                    applyAnywhere(.replied, to: alert.delivery)
                } else {
                    applyAnywhere(.acknowledged(attempt: attempt), to: alert.delivery)
                }
            } else if decision.rejects {
                applyAnywhere(.rejected(attempt: attempt), to: alert.delivery)
            } else if let span = decision.asks {
                applyAnywhere(.asked(until: now + span), to: alert.delivery)
            }
        }
    }

    /// The attempt that the person answered: the last one that reached them. A text never answers a call, and nobody
    /// answers one that still rings by calling: it would ring on as the one that was answered.
    private func reachedAttempt(_ alert: DeliveryJob, _ answer: Answer) -> Int? {
        guard let delivery = current(alert.delivery) else { return nil }
        let attempts = delivery.state.attempts
        let reached = attempts.lastIndex { attempt in
            let isCall = delivery.plan.steps[Int(attempt.step)].intrusiveness == .call
            guard attempt.level >= .sent else { return false }
            if case .call = answer { return !isCall || attempt.call != .ringing }
            return !isCall
        }
        guard reached == nil, case .text = answer else { return reached }
        return attempts.indices.last { delivery.state.mayBeUnderway($0, delivery.plan) }
    }

    private func take(_ call: InboundCall, _ input: WebhookInput, _ ticket: Int) {
        if call.call == .ended {
            endCall(call.from, delivery: nil, attempt: 0)
            return end(call, input, ticket)
        }
        // Whoever is dialled is no person who calls: the text is the menu's.
        if call.purpose == "whisper" { return answer(.script(directory.whisper(call)), input, ticket) }
        let key = "call:" + call.providerID + ":" + call.purpose + ":" + call.turn
        if answerAgain(key, ticket) { return }
        if !call.isForged, calls.call(to: call.from) == nil {
            calls.begin(call.from, .init(delivery: nil, attempt: 0, until: now + .seconds(600), channel: ""))
        }
        var context = context(.call(call), input)
        checkPIN(input, &context)
        var decision = directory.receive(context)
        carryOut(decision, context.openAlerts, .call)
        book(call, tenant: tenant(ofAlerts: context.openAlerts))
        let voice = ChannelKind.voice.rawValue
        if call.turn.isEmpty || call.purpose == "inbound" {
            // A menu that is closed may ask for one at once.
            decision.review = decision.review ?? decision.menuReview
            let id = file(
                decision, context, channel: voice, to: call.to, providerID: call.providerID,
                body: call.isForged ? ["forged": true] : [:])
            turn.batch.lookUps.append(LookUpRecord(.providerID, call.providerID, id))
            publish(
                FiledInbound(id, .callReceived, kind: voice, providerID: call.providerID, input), decision, context)
        } else if let reason = decision.menuReview {
            // The rule's own actions were carried out when the call came in.
            var choice = InboundDecision(rule: decision.rule)
            choice.review = reason
            var body = JSONObject()
            if call.purpose != InboundCall.pinPurpose { body["digits"] = .string(call.digits) }
            body["text"] = call.speech.map(JSONValue.string)
            file(choice, context, channel: voice, to: call.to, providerID: call.providerID, body: body)
        }
        answer(.script(decision.script ?? CallScript([.hangup])), input, ticket, key: key)
    }

    private func file(
        _ message: InboundMessage, _ decision: InboundDecision, withheld: String?, _ context: InboundContext,
        _ input: WebhookInput
    ) {
        let kind = message.kind.rawValue
        let id = ids.next(at: now)
        let (text, pin) = filedPIN(message, input, decision, context.pin)
        var body: JSONObject = ["text": .string(text), "media": announce(message.media, inbound: id, input)]
        body["pin"] = pin
        body["withheld"] = withheld.map(JSONValue.string)
        if !message.details.isEmpty { body["details"] = .object(message.details) }
        file(
            decision, context, channel: kind, to: message.to, providerID: message.providerID, body: body, as: id)
        publish(
            FiledInbound(
                id, .inboundReceived, kind: kind, providerID: message.providerID, input, media: message.media.count),
            decision, context)
    }

    @discardableResult
    private func file(
        _ decision: InboundDecision, _ context: InboundContext, channel: String, to: String, providerID: String,
        body: JSONObject, as known: RecordID? = nil
    ) -> RecordID {
        let id = known ?? ids.next(at: now)
        var record = InboundRecord(
            id: id, created: now, channel: channel, from: context.number, to: to, providerID: providerID)
        record.contact = context.contact
        var body = body
        body["rule"] = .string(decision.rule)
        if !decision.replies.isEmpty { body["replies"] = .array(decision.replies.map(JSONValue.string)) }
        for member in carryOut(decision, id, context).members { body[member.key] = member.value }
        record.body = JSONValue.object(body).bytes()
        turn.batch.inbound.append(record)
        turn.batch.lookUps.append(LookUpRecord(.correspondent, context.number, id))
        if let reason = decision.review { open(reason, of: id, tenant: context.openAlerts.last?.envelope.tenant) }
        return id
    }

    /// Somebody is to look at what came in.
    func open(_ reason: String, of inbound: RecordID, tenant: String?) {
        count { $0.reviews += 1 }
        var review = ReviewRecord(id: ids.next(at: now), delivery: nil, reason: reason, isOpen: true, created: now)
        review.inbound = inbound
        turn.batch.reviews.append(review)
        publish(.reviewOpened, review, tenant: tenant)
    }
}
