import JSON

// Whether somebody has a PIN, and whether what they wrote is it. Comparing takes time, so it is done here.

extension InboundPreparation {
    /// Inbound messages of a number that are looked at for a question that waits.
    private static let reach = 5

    /// Fills in what is known of the person's PIN.
    /// - Returns: What is to be answered now: the question that the right PIN followed; `nil` for the message itself.
    func checkPIN(_ message: InboundMessage, _ input: inout WebhookInput, now: Timestamp) -> String? {
        guard let settings = pinSettings, input.contactVerified, let contact = input.contact,
            let record = (try? records.pin(ofContact: contact)) ?? nil
        else { return nil }
        input.pin = PINCheck(settings: settings, since: record.since)
        guard let pin = PIN(message.text), let question = question(of: message.from, settings, now: now) else {
            return nil
        }
        let entry = PINEntry(isRight: record.matches(pin), question: question)
        input.pin?.entry = entry
        return entry.isRight ? question : nil
    }

    /// As for a message; a call says itself that its keys are a PIN.
    func checkPIN(_ call: InboundCall, _ input: inout WebhookInput) {
        guard let settings = pinSettings, input.contactVerified, let contact = input.contact,
            let record = (try? records.pin(ofContact: contact)) ?? nil
        else { return }
        input.pin = PINCheck(settings: settings, since: record.since)
        guard call.purpose == InboundCall.pinPurpose else { return }
        input.pin?.entry = PINEntry(isRight: PIN(call.digits).map(record.matches) ?? false, question: "")
    }

    /// What the number wrote that waits for a PIN.
    private func question(of number: String, _ settings: PINSettings, now: Timestamp) -> String? {
        let ids = (try? records.lookUp(.correspondent, number)) ?? []
        for id in ids.sorted(by: >).prefix(Self.reach) {
            guard let inbound = (try? records.inbound(id)) ?? nil, inbound.created + settings.within > now else {
                return nil
            }
            guard let body = try? JSONValue(parsing: inbound.body), let filed = body["pin"]?.object else { continue }
            return filed["question"]?.string
        }
        return nil
    }
}
