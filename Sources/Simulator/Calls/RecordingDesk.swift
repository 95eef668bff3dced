import HTTP
import JSON

/// What a request for a recording asks for.
struct RecordingRequest {
    var callback: (url: String, method: String)?
    var events: Set<String> = ["completed"]
    var channels = 1

    /// From the parameters of a call, or with another prefix of a conference.
    init(_ request: APIRequest, prefix: String = "Recording") {
        channels = request.parameter(prefix + "Channels") == "dual" ? 2 : 1
        let url = request.parameter(prefix + "StatusCallback")
        callback = url.map { ($0, CallDraft.method(request, prefix + "StatusCallbackMethod")) }
        let events = request.form.all(prefix + "StatusCallbackEvent").flatMap {
            $0.split(separator: " ").map(String.init)
        }
        if !events.isEmpty { self.events = Set(events) }
    }

    /// From the attributes of a verb.
    init(_ verb: XMLElement, base: String) {
        let url = verb["recordingStatusCallback"].map { WebhookTarget.resolve($0, against: base) }
        callback = url.map { ($0, verb["recordingStatusCallbackMethod"] == "GET" ? "GET" : "POST") }
        let events = (verb["recordingStatusCallbackEvent"] ?? "").split(separator: " ").map(String.init)
        if !events.isEmpty { self.events = Set(events) }
        channels = (verb["record"] ?? "").hasSuffix("dual") ? 2 : 1
    }
}

/// A recording resource.
final class Recording {
    let sid: String
    let callSID: String
    let conferenceSID: String?
    let source: String
    let request: RecordingRequest
    let created: Int64
    var ended: Int64?

    init(
        sid: String, callSID: String, conferenceSID: String?, source: String, request: RecordingRequest, at time: Int64
    ) {
        self.sid = sid
        self.callSID = callSID
        self.conferenceSID = conferenceSID
        self.source = source
        self.request = request
        created = time
    }

    /// `in-progress` or `completed`.
    var status: String { ended == nil ? "in-progress" : "completed" }
    /// What it is of: the conference, else the call.
    var subject: String { conferenceSID ?? callSID }
    /// Whole seconds.
    var seconds: Int64 { ended.map { max(1, ($0 - created + 999) / 1000) } ?? 0 }
}

/// The Recordings resource: recordings are silence of the right length.
final class RecordingDesk {
    private let world: World
    private var store: ResourceStore<Recording>
    private var running: [String: [Recording]] = [:]

    init(world: World) {
        self.world = world
        store = ResourceStore(limit: world.script.resourceLimit) { ($0.sid, $0.subject) }
    }

    /// Starts a recording of a call, or of the conference that begins with it.
    @discardableResult
    func begin(
        _ request: RecordingRequest, call: Call, source: String, conference: String? = nil
    ) -> Recording {
        let recording = Recording(
            sid: world.sid("RE"), callSID: call.sid, conferenceSID: conference, source: source, request: request,
            at: world.kernel.now)
        store.append(recording)
        running[recording.subject, default: []].append(recording)
        report(recording, "in-progress")
        return recording
    }

    /// Ends one recording.
    func finish(_ recording: Recording) {
        guard recording.ended == nil else { return }
        recording.ended = world.kernel.now
        running[recording.subject]?.removeAll { $0 === recording }
        world.kernel.after(500) { self.report(recording, "completed") }
    }

    /// Ends all recordings of a call.
    func finish(_ call: Call) {
        for recording in running.removeValue(forKey: call.sid) ?? [] { finish(recording) }
    }

    /// The URL of a recording's sound, without extension.
    func url(_ recording: Recording) -> String {
        "\(world.baseURL)\(world.accountPath)/Recordings/\(recording.sid)"
    }

    private func report(_ recording: Recording, _ status: String) {
        guard let callback = recording.request.callback, recording.request.events.contains(status) else { return }
        var form = [
            ("AccountSid", world.credentials.accountSID), ("CallSid", recording.callSID),
            ("RecordingSid", recording.sid),
            ("RecordingUrl", url(recording)), ("RecordingStatus", status),
            ("RecordingDuration", String(recording.seconds)),
            ("RecordingChannels", String(recording.request.channels)), ("RecordingSource", recording.source),
            ("RecordingStartTime", Clock.rfc2822(recording.created)), ("RecordingTrack", "both"), ("ErrorCode", "0"),
        ]
        if let conference = recording.conferenceSID { form.append(("ConferenceSid", conference)) }
        world.webhooks.notify(
            WebhookCaller.Call(resource: "Recordings", url: callback.url, method: callback.method, form: form))
    }

    /// Handles what lies below `…/Recordings` of the account or of a call.
    func handle(_ request: APIRequest, path: [String], call: String? = nil) throws(TwilioError) -> HTTPResponse {
        if path.isEmpty {
            guard request.method == "GET" else { throw TwilioError(20004) }
            let asked = request.query["ConferenceSid"] ?? request.query["CallSid"]
            let wanted = call ?? asked.flatMap { $0.isEmpty ? nil : $0 }
            let value = try ListPage(request).answer(
                store, key: "recordings", target: wanted, matches: { _ in true }, json: { self.json($0) })
            return .json(200, value)
        }
        guard path.count == 1, let recording = store[path[0]] else { throw TwilioError.notFound(request.path) }
        switch request.method {
        case "GET": return .json(200, json(recording))
        case "DELETE":
            store.remove(recording.sid)
            return HTTPResponse(status: 204)
        default: throw TwilioError(20004)
        }
    }

    /// The sound of a recording; `file` may end in `.wav`.
    func sound(_ file: String, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let sid = file.hasSuffix(".wav") ? String(file.dropLast(4)) : file
        guard request.method == "GET", let recording = store[sid] else { throw TwilioError.notFound(request.path) }
        return HTTPResponse(
            status: 200, headers: HTTPHeaders([("Content-Type", "audio/x-wav")]),
            body: Self.silence(seconds: min(60, Int(recording.seconds))))
    }

    private func json(_ recording: Recording) -> JSONValue {
        let uri = "\(world.accountPath)/Recordings/\(recording.sid)"
        return [
            "account_sid": .string(world.credentials.accountSID), "api_version": "2010-04-01",
            "call_sid": .string(recording.callSID),
            "conference_sid": recording.conferenceSID.map { .string($0) } ?? .null,
            "date_created": .string(Clock.rfc2822(recording.created)),
            "date_updated": .string(Clock.rfc2822(recording.ended ?? recording.created)),
            "start_time": .string(Clock.rfc2822(recording.created)), "duration": .string(String(recording.seconds)),
            "sid": .string(recording.sid), "price": .null, "price_unit": "USD", "status": .string(recording.status),
            "channels": .integer(Int64(recording.request.channels)), "source": .string(recording.source),
            "error_code": .null, "uri": .string(uri + ".json"), "encryption_details": .null,
            "subresource_uris": ["transcriptions": .string(uri + "/Transcriptions.json")],
            "media_url": .string(url(recording)),
        ]
    }

    /// A WAV file of silence: 8000 samples a second, 8 bits, one channel.
    private static func silence(seconds: Int) -> [UInt8] {
        let count = UInt32(seconds * 8000)
        func four(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var bytes = Array("RIFF".utf8) + four(36 + count) + Array("WAVEfmt ".utf8) + four(16) + [1, 0, 1, 0]
        bytes += four(8000) + four(8000) + [1, 0, 8, 0] + Array("data".utf8) + four(count)
        return bytes + [UInt8](repeating: 0x80, count: Int(count))
    }
}
