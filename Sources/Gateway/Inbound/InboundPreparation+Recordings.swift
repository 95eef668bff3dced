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
    /// Adds whose call was recorded, and what for.
    func prepare(_ recording: RecordedCall, _ input: inout WebhookInput) {
        var review: String?
        if let menu = recording.menu.flatMap({ directory.runningConfiguration.menus[$0] }),
            let place = recording.place.flatMap(MenuPlace.init),
            case .voicemail(let voicemail)? = menu.step(at: place)?.next
        {
            review = voicemail.review
        }
        let conference = recording.conference.flatMap(conference)
        let facts = RecordingFacts(
            call: conference == nil ? filed(recording.call) : nil, conference: conference,
            filed: filed(recording.providerID), review: review)
        input.recording = facts
        input.boat = conference?.boat
        // Who was nobody when they called is nobody now.
        guard let call = facts.call, call.contact != nil else { return }
        identify([call.from], &input)
        input.boat = boat(input)
    }

    private func conference(_ id: RecordID) -> ConferenceRecord? {
        var query = ConferenceQuery()
        query.states = Set(ConferenceRecord.State.allCases)
        let before = RecordID(rawValue: id.rawValue + 1)
        return (try? records.conferences(query, before: before, limit: 1))?.first { $0.id == id }
    }

    private func filed(_ providerID: String) -> InboundRecord? {
        let ids = (try? records.lookUp(.providerID, providerID)) ?? []
        return ids.last.flatMap { (try? records.inbound($0)) ?? nil }
    }
}
