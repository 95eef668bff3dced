/// What is known of a recording when the provider tells of it. A class, so that other webhooks carry no room for it.
public final class RecordingFacts: Sendable {
    /// The call, as it was filed; `nil` for one that no person placed, or that is not known.
    public let call: InboundRecord?
    /// The recording, as it was filed before; `nil` for the first word of it.
    public let filed: InboundRecord?
    /// The review that it opens; `nil` for none.
    public let review: String?

    init(call: InboundRecord?, filed: InboundRecord?, review: String?) {
        self.call = call
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
        let facts = RecordingFacts(
            call: filed(recording.call), filed: filed(recording.providerID), review: review)
        input.recording = facts
        // Who was nobody when they called is nobody now.
        guard let call = facts.call, call.contact != nil else { return }
        identify([call.from], &input)
        input.boat = boat(input)
    }

    private func filed(_ providerID: String) -> InboundRecord? {
        let ids = (try? records.lookUp(.providerID, providerID)) ?? []
        return ids.last.flatMap { (try? records.inbound($0)) ?? nil }
    }
}
