import JSON

// Answers that a language model drafts: asked from the outbox, after what came in is filed. They never go out unseen
// unless a rule says so, and the outbound rules see them like everything else.

extension EngineCore {
    /// Under which policy's name the costs of an assistant are counted.
    static func costName(ofAssistant name: String) -> String { "assistant:" + name }

    /// Puts the question into the outbox; what is against it.
    func ask(
        _ action: AssistAction, _ rule: String, _ inbound: RecordID, _ context: InboundContext
    ) -> ActionFailure? {
        guard let assistant = directory.assistant(action.assistant) else { return .content }
        var material = context.material
        material.lines = Array(material.lines.suffix(action.history))
        material.documents = Array(material.documents.prefix(action.documents))
        let body = assistant.api.body(assistant, material, text: context.text ?? "", locale: context.locale)
        // A token is more than a byte, nearly always.
        let bound = assistant.cost(input: Int64(body.count), output: Int64(assistant.maxTokens))
        if let limit = assistant.perDay {
            guard spentToday(byPolicy: Self.costName(ofAssistant: assistant.name)) &+ bound <= limit.micros else {
                refuse(action, inbound, context, rule)
                return .budget
            }
        }
        var variables = context.variables
        variables["inbound"] = .string(inbound.text(.inbound))
        var record = OutgoingRecord(
            id: ids.next(at: now), type: Self.requestType, delivery: inbound, url: assistant.url, body: body,
            created: now)
        var place = RequestContext(action, assistant, rule: rule, variables: variables, sender: context.sender)
        beginCostDay()
        (place.day, place.reserved) = (costSums.day, bound)
        record.context = place.bytes
        tell(record)
        book(place) { ($0.attempts, $0.estimate) = (1, bound) }
        return nil
    }

    /// Nothing is asked: the person is told so, or a person is asked.
    private func refuse(_ action: AssistAction, _ inbound: RecordID, _ context: InboundContext, _ rule: String) {
        guard let template = action.otherwise, let assistant = directory.assistant(action.assistant) else {
            return openReview(about: inbound, "assistant_budget")
        }
        var variables = context.variables
        variables["inbound"] = .string(inbound.text(.inbound))
        let place = RequestContext(action, assistant, rule: rule, variables: variables, sender: context.sender)
        if !reply(template, variables, place) { openReview(about: inbound, "assistant_budget") }
    }

    /// The model answered, or did not in time.
    func assisted(_ record: OutgoingRecord, _ context: RequestContext, _ body: [UInt8]?) {
        let assistant = context.assistant.flatMap(directory.assistant)
        guard let body, let assistant, let answer = assistant.api.answer(body) else {
            // What an answer without a text costs stays as it was reserved.
            if body == nil { book(context) { ($0.attempts, $0.estimate) = (-1, -context.reserved) } }
            if let template = context.otherwise, reply(template, context.variables, context) { return }
            return openReview(about: record.delivery, "assistant_failed")
        }
        book(context) {
            ($0.settled, $0.settledEstimate) = (1, context.reserved)
            $0.actual = assistant.cost(input: answer.input, output: answer.output)
        }
        switch context.mode {
        case .draft: openReview(about: record.delivery, "draft", draft: answer.text)
        // What a rule refuses, or cannot be sent, a person looks at.
        case .send where !reply(answer.text, context):
            openReview(about: record.delivery, "draft_refused", draft: answer.text)
        case .send: break
        }
    }

    /// Counts on the day of the question.
    private func book(_ context: RequestContext, _ change: (inout CostRecord) -> Void) {
        let name = Self.costName(ofAssistant: context.assistant ?? "")
        var row = CostRecord(
            day: context.day, tenant: Envelope.defaultTenant, policy: name, channel: "", country: "",
            kind: "assistant", direction: .use)
        change(&row)
        beginCostDay()
        book(row)
        costSums.add(row.spent, on: row.day, to: CostSubject(scope: .policy, name: name))
    }
}
