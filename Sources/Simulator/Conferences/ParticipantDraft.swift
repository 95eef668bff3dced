/// A create request for a conference's participant, checked.
struct ParticipantDraft {
    let to: String
    let from: String
    let label: String?
    let manners: ConferenceMember.Manners
    /// What is heeded when the conference begins with this participant.
    let wishes: Conference.Wishes
    let callback: Call.Callback?
    let timeout: Int64
    let timeLimit: Int64
    let recording: RecordingRequest?

    /// Checks the parameters, those of the call in the order of calls.
    init(_ request: APIRequest) throws(TwilioError) {
        (to, from) = try CallDraft.addresses(request)
        for name in ["StatusCallback", "ConferenceStatusCallback", "ConferenceRecordingStatusCallback", "WaitUrl"] {
            if let text = request.parameter(name), !WebhookTarget.isURL(text) { throw TwilioError(21205) }
        }
        label = request.parameter("Label")
        if let label, label.unicodeScalars.count > 128 { throw TwilioError(20001, "Label is too long") }
        callback = CallDraft.callback(request)
        timeout = try CallDraft.seconds(request, "Timeout", in: 5...600) ?? 60_000
        timeLimit = try CallDraft.seconds(request, "TimeLimit", in: 1...86_400) ?? 14_400_000
        recording = request.parameter("Record") == "true" ? RecordingRequest(request) : nil
        var manners = ConferenceMember.Manners()
        try Self.read(request, into: &manners, isNew: true)
        self.manners = manners
        wishes = try Self.wishes(request)
    }

    /// Reads what a participant may do; what is not said stays.
    static func read(
        _ request: APIRequest, into manners: inout ConferenceMember.Manners, isNew: Bool
    ) throws(TwilioError) {
        manners.isMuted = try flag(request, "Muted") ?? manners.isMuted
        manners.isHeld = isNew ? false : try flag(request, "Hold") ?? manners.isHeld
        manners.endsOnExit = try flag(request, "EndConferenceOnExit") ?? manners.endsOnExit
        if isNew { manners.startsOnEnter = try flag(request, "StartConferenceOnEnter") ?? true }
        manners.isCoaching = try flag(request, "Coaching") ?? manners.isCoaching
        manners.coachedSID = request.parameter("CallSidToCoach") ?? manners.coachedSID
        if manners.isCoaching, manners.coachedSID == nil {
            throw TwilioError(20001, "CallSidToCoach is required when coaching")
        }
    }

    private static func flag(_ request: APIRequest, _ name: String) throws(TwilioError) -> Bool? {
        guard let text = request.parameter(name) else { return nil }
        guard let value = Bool(text.lowercased()) else {
            throw TwilioError(20001, "Invalid value for parameter '\(name)'")
        }
        return value
    }

    private static func wishes(_ request: APIRequest) throws(TwilioError) -> Conference.Wishes {
        var wishes = Conference.Wishes()
        if let url = request.parameter("ConferenceStatusCallback") {
            wishes.callback = (url, CallDraft.method(request, "ConferenceStatusCallbackMethod"))
        }
        let events = request.form.all("ConferenceStatusCallbackEvent").flatMap {
            $0.split(separator: " ").map(String.init)
        }
        if !events.isEmpty { wishes.events = Set(events) }
        if let text = request.parameter("MaxParticipants") {
            guard let value = Int(text), (2...ConferenceHall.limit).contains(value) else {
                throw TwilioError(20001, "Invalid value for parameter 'MaxParticipants'")
            }
            wishes.maxParticipants = value
        }
        if ["true", "record-from-start"].contains(request.parameter("ConferenceRecord") ?? "") {
            wishes.recording = RecordingRequest(request, prefix: "ConferenceRecording")
        }
        return wishes
    }
}
