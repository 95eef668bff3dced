import Gateway

/// Recordings and transcriptions in neutral words.
enum RecordingEvents {
    /// The status callback of a recording. Only one that is complete has something to hear.
    static func recording(_ parameters: WebhookParameters) -> WebhookEvent {
        let conference = parameters.item("c").flatMap { RecordID($0, .conference) }
        guard parameters["RecordingStatus"] == "completed", let sid = parameters.sid("RecordingSid"),
            let url = parameters["RecordingUrl"], conference != nil || parameters.sid("CallSid") != nil
        else { return .ignored }
        var recording = RecordedCall(providerID: sid, call: parameters.sid("CallSid") ?? "")
        recording.conference = conference
        // Without an extension it is WAV as well, but says so nowhere.
        recording.media = InboundMedia(url: url + ".wav", contentType: "audio/wav")
        recording.seconds = parameters.number("RecordingDuration")
        recording.take(parameters)
        return .recorded(recording)
    }

    /// What was said in a recording, as text. One that failed says nothing.
    static func transcription(_ parameters: WebhookParameters) -> WebhookEvent {
        guard let sid = parameters.sid("RecordingSid"), let call = parameters.sid("CallSid"),
            let text = parameters["TranscriptionText"], parameters["TranscriptionStatus"] == "completed"
        else { return .ignored }
        var recording = RecordedCall(providerID: sid, call: call)
        recording.text = text
        recording.take(parameters)
        return .recorded(recording)
    }
}

extension RecordedCall {
    fileprivate mutating func take(_ parameters: WebhookParameters) {
        menu = parameters.item("menu")
        place = parameters.item("s")
    }
}
