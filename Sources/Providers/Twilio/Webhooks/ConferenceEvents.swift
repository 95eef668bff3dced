import Gateway

/// Conference webhooks in neutral words.
enum ConferenceEvents {
    /// What the roster is made of. `c` is the gateway's own id of the conference.
    static func status(_ parameters: WebhookParameters) -> WebhookEvent {
        guard let item = parameters.item("c"), let id = RecordID(item, .conference),
            let sid = parameters.sid("ConferenceSid"), let sequence = parameters.number("SequenceNumber"),
            let event = event(parameters)
        else { return .ignored }
        var report = ConferenceReport(conference: id, providerID: sid, sequence: sequence, event)
        switch event {
        case .started, .ended: break
        case .joined, .changed, .left:
            guard let call = parameters.sid("CallSid") else { return .ignored }
            report.person = ConferenceReport.Person(
                providerID: call, label: parameters["ParticipantLabel"], isMuted: parameters["Muted"] == "true",
                isHeld: parameters["Hold"] == "true")
        }
        return .conference(report)
    }

    private static func event(_ parameters: WebhookParameters) -> ConferenceReport.Event? {
        switch parameters["StatusCallbackEvent"] {
        case "conference-start": .started
        case "conference-end": .ended(reason: parameters["ReasonConferenceEnded"])
        case "participant-join": .joined
        case "participant-leave": .left(status: parameters["ParticipantCallStatus"] ?? "completed")
        case "participant-mute", "participant-unmute", "participant-hold", "participant-unhold", "participant-modify":
            .changed
        default: nil
        }
    }
}
