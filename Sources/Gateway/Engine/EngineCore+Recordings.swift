import JSON

// What was recorded of people's calls: filed beside the call, as what came in from the person, with the sound as a file
// like any other and what was said as its text.

extension EngineCore {
    func take(_ recording: RecordedCall, _ input: WebhookInput, _ ticket: Int) {
        let key = "recording:" + recording.providerID + (recording.text == nil ? "" : ":text")
        if answerAgain(key, ticket) { return }
        guard let facts = input.recording else {
            return release(ticket, .unavailable(StoreError(.failed, "whose recording it is cannot be read")))
        }
        if Self.origin(facts) != nil {
            file(recording, facts, input)
        } else {
            count { $0.unknownTokens += 1 }
            keepError(.webhookUnknownToken, provider: input.provider)
        }
        answer(.empty, input, ticket, key: key)
    }

    /// What the recording is filed after: itself, its call, or its conference, for which no single person speaks.
    private static func origin(_ facts: RecordingFacts) -> InboundRecord? {
        if let earlier = facts.filed ?? facts.call { return earlier }
        guard let conference = facts.conference else { return nil }
        return InboundRecord(
            id: conference.id, created: conference.created, channel: ChannelKind.voice.rawValue,
            from: "conference:" + conference.name, to: conference.channel, providerID: conference.providerID)
    }

    /// The sound and the text come in any order, and each adds to what is there.
    private func file(_ recording: RecordedCall, _ facts: RecordingFacts, _ input: WebhookInput) {
        guard let earlier = Self.origin(facts) else { return }
        let isFirst = facts.filed == nil
        var record = InboundRecord(
            id: isFirst ? ids.next(at: now) : earlier.id, created: isFirst ? now : earlier.created,
            channel: ChannelKind.voice.rawValue, from: earlier.from, to: earlier.to, providerID: recording.providerID)
        record.contact = earlier.contact ?? input.contact
        var body = isFirst ? JSONObject() : (try? JSONValue(parsing: earlier.body))?.object ?? JSONObject()
        var about = body["recording"]?.object ?? JSONObject()
        if isFirst { about["of"] = .string(earlier.id.text(facts.conference == nil ? .inbound : .conference)) }
        about["menu"] = about["menu"] ?? recording.menu.map(JSONValue.string)
        if let seconds = recording.seconds { about["seconds"] = .int(seconds) }
        body["recording"] = .object(about)
        if let text = recording.text { body["text"] = .string(text) }
        if let media = recording.media, body["media"] == nil {
            body["media"] = announce([media], inbound: record.id, input)
        }
        record.body = JSONValue.object(body).bytes()
        turn.batch.inbound.append(record)
        publish(recording, record, input)
        if isFirst {
            if facts.conference == nil {
                turn.batch.lookUps.append(LookUpRecord(.correspondent, record.from, record.id))
            }
            turn.batch.lookUps.append(LookUpRecord(.providerID, recording.providerID, record.id))
        }
        // The sound opens the review: it comes whether the text does or not.
        if recording.media != nil, let reason = facts.review { open(reason, of: record.id, tenant: nil) }
    }
}
