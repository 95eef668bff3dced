import Gateway

/// Call webhooks in neutral words.
enum CallEvents {
    /// The next document of a call that the gateway placed. A key or speech proves a person.
    static func turn(_ parameters: WebhookParameters) -> WebhookEvent {
        guard let token = parameters.item("t"), let sid = parameters.sid("CallSid") else { return .ignored }
        var report = TwilioReports.call(parameters["CallStatus"] ?? "in-progress", sip: nil)
        if let answeredBy = parameters["AnsweredBy"] { report = TwilioReports.detection(answeredBy) }
        let digits = digits(parameters)
        let speech = parameters["SpeechResult"]
        if !digits.isEmpty || speech != nil {
            report.level = .delivered
            report.call = max(report.call ?? .answered, .answered)
        }
        // A document request is no end, even when it comes with one (`completed` beside the last key).
        report.outcome = nil
        report.providerID = sid
        var turn = CallTurn(
            token: token, turn: parameters.item("n") ?? "0", providerID: sid, digits: digits, report: report)
        turn.speech = speech
        turn.isFollowUp = parameters.item("f") == "1"
        return .turn(turn)
    }

    /// `CallStatus` of an attempt; without a token, of a call that a person placed.
    static func status(_ parameters: WebhookParameters) -> WebhookEvent {
        guard let word = parameters["CallStatus"] else { return .ignored }
        guard let token = parameters.item("t") else { return end(parameters, word) }
        var report = TwilioReports.call(
            word, sip: parameters.number("SipResponseCode"), errorCode: parameters.errorCode)
        report.mark = TwilioReports.callMark(report.status, sequence: parameters.number("SequenceNumber"))
        report.providerID = parameters.sid("CallSid")
        report.details = parameters.statusDetails(unknown: report.status == .unknown ? ("CallStatus", word) : nil)
        return .report(token: token, kind: .voice, report)
    }

    /// A call that a person placed is told of by its documents; only its end comes here alone.
    private static func end(_ parameters: WebhookParameters, _ word: String) -> WebhookEvent {
        TwilioReports.call(word).call == .ended ? inbound(parameters, purpose: "status") : .ignored
    }

    /// The verdict of answering machine detection.
    static func detection(_ parameters: WebhookParameters) -> WebhookEvent {
        guard let token = parameters.item("t"), let word = parameters["AnsweredBy"] else { return .ignored }
        var report = TwilioReports.detection(word)
        report.mark = TwilioReports.detectionMark(report.status)
        report.providerID = parameters.sid("CallSid")
        report.details = parameters.statusDetails(unknown: report.status == .unknown ? ("AnsweredBy", word) : nil)
        return .report(token: token, kind: .voice, report)
    }

    /// A request of a call that a person placed.
    static func inbound(_ parameters: WebhookParameters, purpose: String) -> WebhookEvent {
        guard let sid = parameters.sid("CallSid"), let to = parameters["To"] else { return .ignored }
        var call = InboundCall(providerID: sid, from: parameters["From"] ?? "", to: to, purpose: purpose)
        call.menu = parameters.item("menu")
        call.turn = parameters.item("n") ?? ""
        call.digits = digits(parameters)
        call.speech = parameters["SpeechResult"]
        call.call = TwilioReports.call(parameters["CallStatus"] ?? "").call
        call.token = parameters.item("t")
        call.rounds = min(parameters.item("r").flatMap { Int($0) } ?? 0, 100)
        call.place = parameters.item("s")
        call.language = parameters.item("l")
        // Somebody's answering machine that pressed no key was answered all the same.
        call.wasConnected =
            ["completed", "answered"].contains(parameters["DialCallStatus"]) && parameters["DialBridged"] != "false"
        call.isForged = parameters["StirVerstat"]?.hasPrefix("TN-Validation-Failed") == true
        if call.call == .ended { call.seconds = seconds(parameters) }
        return .call(call)
    }

    /// A call that was answered took a second at least, however soon it ended: it is billed.
    private static func seconds(_ parameters: WebhookParameters) -> Int? {
        let least = parameters["CallStatus"] == "completed" ? 1 : 0
        return parameters.number("CallDuration").map { max($0, least) }
    }

    /// Keys only: whatever else stands there is no key press.
    private static func digits(_ parameters: WebhookParameters) -> String {
        let keys = Array("0123456789*#".utf8)
        let bytes = (parameters["Digits"] ?? "").utf8.prefix(32).filter { keys.contains($0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
