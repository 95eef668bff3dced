import JSON

// Who proved with a PIN that it is them, and who tried too often.

extension EngineCore {
    /// How a PIN that was written is filed instead of its digits.
    private static let masked = "[PIN]"

    /// What is known of the person, and what their message makes of it. What they had asked stands in for a right PIN.
    func checkPIN(_ input: WebhookInput, _ context: inout InboundContext) {
        guard let contact = input.contact, let check = input.pin else { return }
        let settings = check.settings
        let wrong = PINTries(book, context.number, settings, now: now)
        if wrong.isLocked {
            context.pin = check.entry == nil ? .locked : .refused(.locked)
        } else if let entry = check.entry, entry.isRight {
            for mark in wrong.cleared() + [proof(context.number, contact, settings)] { keep(mark) }
            context.pin = .answered
            guard case .message(var message) = context.content else { return }
            message.text = entry.question
            context.content = .message(message)
        } else if check.entry != nil {
            context.pin = .refused(wrong.count + 1 < settings.tries ? .wrong : .last)
            for mark in wrong.another() { keep(mark) }
        } else {
            let proofs = book.marks(of: context.number, .proven, now: now)
            context.pin = proofs.contains { $0.scope == contact && $0.at >= check.since } ? .proven : .unproven
        }
    }

    private func proof(_ number: String, _ contact: String, _ settings: PINSettings) -> AddressMark {
        AddressMark(number: number, kind: .proven, scope: contact, at: now, until: now + settings.lasts)
    }

    /// What is filed of it, and under which text.
    func filedPIN(
        _ message: InboundMessage, _ input: WebhookInput, _ decision: InboundDecision, _ standing: PINStanding
    ) -> (text: String, filed: JSONValue?) {
        var filed = JSONObject()
        if decision.asksPIN {
            filed["asked"] = true
            filed["question"] = .string(message.text)
        }
        guard let entry = input.pin?.entry else { return (message.text, filed.isEmpty ? nil : .object(filed)) }
        filed["right"] = .bool(standing == .answered)
        if standing == .refused(.wrong) { filed["question"] = .string(entry.question) }
        return (Self.masked, .object(filed))
    }
}

/// Wrong PINs of a number that count, kept as marks on it, so that a restart forgets none.
struct PINTries {
    private let number: String
    private let now: Timestamp
    private let settings: PINSettings
    private let marks: [AddressMark]

    init(_ book: AddressBook, _ number: String, _ settings: PINSettings, now: Timestamp) {
        (self.number, self.settings, self.now) = (number, settings, now)
        marks = book.marks(of: number, .wrongPIN, now: now)
    }

    var count: Int { marks.count }

    var isLocked: Bool { count >= settings.tries }

    /// One more, in a place that is free.
    func another() -> [AddressMark] {
        let places = Set(marks.map(\.scope))
        guard let place = (0..<settings.tries).map(String.init).first(where: { !places.contains($0) }) else {
            return []
        }
        return [AddressMark(number: number, kind: .wrongPIN, scope: place, at: now, until: now + settings.lockout)]
    }

    /// None any more.
    func cleared() -> [AddressMark] {
        marks.map { AddressMark(number: number, kind: .wrongPIN, scope: $0.scope, at: now, until: now) }
    }
}
