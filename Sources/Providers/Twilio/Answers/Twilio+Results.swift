import Gateway
import JSON

extension Twilio {
    /// 2xx is accepted; 429 and other 4xx are surely not processed; 5xx and whatever broke on the way may have been.
    public func result(of answer: ProviderAnswer, for outbound: OutboundRequest) -> SendResult {
        guard case .answered(let status, _, let body) = answer else { return Self.unanswered(answer) }
        let document = try? JSONObject(parsing: body, keeping: Self.members)
        if (200..<300).contains(status) { return created(document, status: status, for: outbound) }
        let code = Self.code(document?["code"])
        if status >= 500 || status < 200 || Self.isOpen(status, code) {
            return .ambiguous(code: code == 0 ? Int32(status) : code)
        }
        return .refused(failure(status: status, code: code, answer: answer))
    }

    /// What is read of the answer to a request that creates something: a fifth of what Twilio writes.
    static let members: [StaticString] = ["sid", "status", "error_code", "answered_by", "code"]

    /// A broken exchange may have been processed; one that was not written surely was not.
    private static func unanswered(_ answer: ProviderAnswer) -> SendResult {
        if case .notSent = answer { return .refused(ProviderFailure(.unavailable, .after(retryAfter: nil))) }
        return .ambiguous(code: 0)
    }

    /// A 4xx of something in between says nothing about Twilio; with Twilio's code it does.
    private static func isOpen(_ status: Int, _ code: Int32) -> Bool {
        code == 0 && (status == 408 || status == 409 || status == 425 || status == 499)
    }

    /// Twilio has it, even if its answer cannot be read.
    private func created(_ document: JSONObject?, status: Int, for outbound: OutboundRequest) -> SendResult {
        guard let document, let sid = document["sid"]?.string, Self.isSid(sid) else {
            return .ambiguous(code: Int32(status))
        }
        var report: AttemptReport
        switch outbound {
        case .message: report = Self.messageReport(document)
        case .call: report = Self.callReport(document)
        case .room: report = AttemptReport(.accepted, status: .accepted)
        }
        report.level = max(report.level, report.outcome == nil ? .accepted : .none)
        report.providerID = sid
        return .accepted(providerID: sid, report: report)
    }

    /// Classifies a refusal.
    func failure(status: Int, code: Int32, answer: ProviderAnswer) -> ProviderFailure {
        let retryAfter = Self.retryAfter(answer)
        // 429 was never processed, whatever its code says about falling back.
        if status == 429 { return ProviderFailure(.rateLimited, .after(retryAfter: retryAfter), code: code) }
        if code == 0 { return TwilioErrors.failure(status: status, retryAfter: retryAfter) }
        let known = TwilioErrors.failure(code: code, retryAfter: retryAfter)
        guard status == 401 || status == 403, known.failureClass == .unknown else { return known }
        return ProviderFailure(.auth, .stopSender, code: code)
    }

    /// `code` of an error, or `error_code` of a resource: a number that fits, else zero.
    static func code(_ value: JSONValue?) -> Int32 {
        switch value {
        case .integer(let number): Int32(exactly: number) ?? 0
        case .string(let text): Int32(text) ?? 0
        default: 0
        }
    }

    /// Whole or broken seconds, at most a day; the form with a date is not read, as it needs a clock.
    static func retryAfter(_ answer: ProviderAnswer) -> Duration? {
        guard let text = answer.header("Retry-After"), text.utf8.count <= 12, let seconds = Double(text),
            seconds.isFinite, seconds >= 0
        else { return nil }
        return .milliseconds(Int64(min(seconds, 86_400) * 1_000))
    }

    // MARK: resources

    static func messageReport(_ document: JSONObject) -> AttemptReport {
        TwilioReports.message(document["status"]?.string ?? "", errorCode: code(document["error_code"]))
    }

    static func callReport(_ document: JSONObject) -> AttemptReport {
        var report = TwilioReports.call(document["status"]?.string ?? "")
        if let answeredBy = document["answered_by"]?.string {
            let verdict = TwilioReports.detection(answeredBy)
            report.level = max(report.level, verdict.level)
            if verdict.status != .unknown { report.status = verdict.status }
        }
        return report
    }
}
