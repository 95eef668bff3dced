import Gateway

/// Room webhooks in neutral words.
enum RoomEvents {
    /// Somebody left; everything else that happens in a room costs nothing.
    static func status(_ parameters: WebhookParameters) -> WebhookEvent {
        guard parameters["StatusCallbackEvent"] == "participant-disconnected",
            let sid = parameters.sid("ParticipantSid"), let seconds = parameters.number("ParticipantDuration")
        else { return .ignored }
        return .stayed(
            RoomStay(
                providerID: sid, tenant: parameters.item("tenant") ?? Envelope.defaultTenant, seconds: seconds))
    }
}
