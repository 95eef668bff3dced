/// A create request for a call, checked.
struct CallDraft {
    let to: String
    let from: String
    let url: String?
    let method: String
    let twiml: String?
    let fallback: (url: String, method: String)?
    let callback: Call.Callback?
    let timeout: Int64
    let timeLimit: Int64
    let detection: Call.Detection?
    let recording: RecordingRequest?

    /// Checks the parameters in the provider's order: the caller before the callee.
    init(_ request: APIRequest) throws(TwilioError) {
        (to, from) = try Self.addresses(request)
        url = request.parameter("Url")
        method = Self.method(request, "Method")
        twiml = url == nil ? request.parameter("Twiml") : nil
        guard url != nil || twiml != nil else { throw TwilioError(21205, "Url parameter is required") }
        for name in ["Url", "FallbackUrl", "StatusCallback"] {
            if let text = request.parameter(name), !WebhookTarget.isURL(text) { throw TwilioError(21205) }
        }
        if let twiml, twiml.unicodeScalars.count > 4000 {
            throw TwilioError(20001, "Twiml is longer than 4000 characters")
        }
        fallback = request.parameter("FallbackUrl").map { ($0, Self.method(request, "FallbackMethod")) }
        callback = Self.callback(request)
        timeout = try Self.seconds(request, "Timeout", in: 1...600) ?? 60_000
        timeLimit = try Self.seconds(request, "TimeLimit", in: 1...86_400) ?? 14_400_000
        detection = try Self.detection(request)
        recording = request.parameter("Record") == "true" ? RecordingRequest(request) : nil
    }

    /// Whom a call goes to and whom it comes from, checked.
    static func addresses(_ request: APIRequest) throws(TwilioError) -> (to: String, from: String) {
        guard let to = request.parameter("To") else { throw TwilioError(21201) }
        guard let from = request.parameter("From") else { throw TwilioError(21213) }
        if let code = MagicNumbers.callFrom[from] { throw TwilioError(code) }
        guard isAddress(from) else { throw TwilioError(21212, "Invalid From Number (caller ID): \(from)") }
        if let code = MagicNumbers.callTo[to] { throw TwilioError(code) }
        guard isAddress(to) else { throw TwilioError(21211, "Invalid 'To' Phone Number: \(to)") }
        return (to, from)
    }

    /// A status callback of the parameters, nil when there is none.
    static func callback(_ request: APIRequest) -> Call.Callback? {
        guard let url = request.parameter("StatusCallback") else { return nil }
        let events = request.form.all("StatusCallbackEvent").flatMap { $0.split(separator: " ").map(String.init) }
        return Call.Callback(
            url: url, method: method(request, "StatusCallbackMethod"),
            events: events.isEmpty ? ["completed"] : Set(events))
    }

    /// `GET` or `POST`.
    static func method(_ request: APIRequest, _ name: String) -> String {
        request.parameter(name) == "GET" ? "GET" : "POST"
    }

    private static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("client:") || text.hasPrefix("sip:") || ChannelAddress(text).isNumber
    }

    /// A duration in seconds, as milliseconds; nil when it is not said.
    static func seconds(
        _ request: APIRequest, _ name: String, in range: ClosedRange<Int64>
    ) throws(TwilioError) -> Int64? {
        guard let text = request.parameter(name) else { return nil }
        guard let value = Int64(text), range.contains(value) else {
            throw TwilioError(20001, "Invalid value for parameter '\(name)'")
        }
        return value * 1000
    }

    private static func detection(_ request: APIRequest) throws(TwilioError) -> Call.Detection? {
        guard let mode = request.parameter("MachineDetection") else { return nil }
        guard mode == "Enable" || mode == "DetectMessageEnd" else {
            throw TwilioError(20001, "MachineDetection must be Enable or DetectMessageEnd")
        }
        var callback: (url: String, method: String)?
        if request.parameter("AsyncAmd") == "true" {
            guard let url = request.parameter("AsyncAmdStatusCallback") else { throw TwilioError(21262) }
            callback = (url, method(request, "AsyncAmdStatusCallbackMethod"))
        }
        return Call.Detection(
            waitsForEnd: mode == "DetectMessageEnd",
            timeout: try seconds(request, "MachineDetectionTimeout", in: 3...59) ?? 30_000, callback: callback)
    }
}
