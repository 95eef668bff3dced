/// What is known of a recording when the provider tells of it. A class, so that other webhooks carry no room for it.
public final class RecordingFacts: Sendable {
    /// The call, as it was filed; `nil` for one that no person placed, or that is not known.
    public let call: InboundRecord?
    /// The conference that was recorded; `nil` for a call.
    public let conference: ConferenceRecord?
    /// The recording, as it was filed before; `nil` for the first word of it.
    public let filed: InboundRecord?
    /// The review that it opens; `nil` for none.
    public let review: String?

    init(call: InboundRecord?, conference: ConferenceRecord?, filed: InboundRecord?, review: String?) {
        self.call = call
        self.conference = conference
        self.filed = filed
        self.review = review
    }
}

extension InboundPreparation {
    /// Adds whose call was recorded, and what for. What cannot be read is not taken for unknown: nothing is added then.
    func prepare(_ recording: RecordedCall, _ input: inout WebhookInput) {
        guard let facts = try? facts(of: recording) else { return }
        input.recording = facts
        input.boat = facts.conference?.boat
        // Who was nobody when they called is nobody now.
        guard let call = facts.call, call.contact != nil else { return }
        identify([call.from], &input)
        input.boat = boat(input)
    }

    private func facts(of recording: RecordedCall) throws(StoreError) -> RecordingFacts {
        var review: String?
        if let menu = recording.menu.flatMap({ directory.runningConfiguration.menus[$0] }),
            let place = recording.place.flatMap(MenuPlace.init),
            case .voicemail(let voicemail)? = menu.step(at: place)?.next
        {
            review = voicemail.review
        }
        var conference: ConferenceRecord?
        if let id = recording.conference { conference = try self.conference(id) }
        return RecordingFacts(
            call: conference == nil ? try filed(recording.call) : nil, conference: conference,
            filed: try filed(recording.providerID), review: review)
    }

    private func conference(_ id: RecordID) throws(StoreError) -> ConferenceRecord? {
        let before = RecordID(rawValue: id.rawValue + 1)
        return try records.conferences(ConferenceQuery(), before: before, limit: 1).first { $0.id == id }
    }

    private func filed(_ providerID: String) throws(StoreError) -> InboundRecord? {
        guard let id = try records.lookUp(.providerID, providerID).last else { return nil }
        return try records.inbound(id)
    }
}
