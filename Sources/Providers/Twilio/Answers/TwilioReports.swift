import Gateway

/// Twilio's status words as evidence.
///
/// A failure carries no level: it proves nothing that the words before it have not proved, and a step whose goal is
/// `sent` must not be met by a refusal.
enum TwilioReports {
    // MARK: messages

    /// A message's status (`MessageStatus`, or `status` of the resource). No mark: for answers that never repeat.
    static func message(_ word: String, errorCode: Int32) -> AttemptReport {
        let status = ProviderStatus(rawValue: word) ?? .unknown
        var report = AttemptReport(messageLevel(status), status: status)
        report.outcome = messageOutcome(status)
        if report.outcome != nil, errorCode != 0 { report.failure = TwilioErrors.failure(code: errorCode) }
        return report
    }

    private static func messageLevel(_ status: ProviderStatus) -> EvidenceLevel {
        switch status {
        case .accepted, .scheduled, .queued, .sending: .accepted
        case .sent: .sent
        case .delivered, .partiallyDelivered: .delivered
        case .read: .read
        default: .none
        }
    }

    private static func messageOutcome(_ status: ProviderStatus) -> AttemptOutcome? {
        switch status {
        case .failed: .failed
        case .undelivered: .undelivered
        case .canceled: .canceled
        default: nil
        }
    }

    /// The bit of a message callback: Twilio repeats a callback with the same word, never two different events.
    static func messageMark(_ status: ProviderStatus) -> UInt8 {
        switch status {
        case .accepted: 0
        case .scheduled: 1
        case .queued: 2
        case .sending: 3
        case .sent: 4
        case .delivered: 5
        case .undelivered: 6
        case .failed: 7
        case .read: 8
        case .canceled: 9
        case .partiallyDelivered: 10
        default: 11
        }
    }

    // MARK: calls

    /// A call's status (`CallStatus`, or `status` of the resource), with the SIP answer and code where there is one.
    ///
    /// `busy` stays `busy` unless SIP says 603: whether it rang before is known to the delivery, not to one callback.
    static func call(_ word: String, sip: Int? = nil, errorCode: Int32 = 0) -> AttemptReport {
        let status = ProviderStatus(rawValue: word) ?? .unknown
        var report = AttemptReport(callLevel(status), status: status)
        report.call = callProgress(status)
        report.outcome = callOutcome(status, sip: sip)
        if report.outcome != nil, errorCode != 0 { report.failure = TwilioErrors.failure(code: errorCode) }
        return report
    }

    private static func callLevel(_ status: ProviderStatus) -> EvidenceLevel {
        switch status {
        case .queued, .initiated: .accepted
        // Answered is not heard: the verdict is open until detection, speech or a key.
        case .ringing, .inProgress, .completed: .sent
        default: .none
        }
    }

    private static func callProgress(_ status: ProviderStatus) -> CallProgress? {
        switch status {
        case .ringing: .ringing
        case .inProgress: .answered
        case .completed, .busy, .noAnswer, .failed, .canceled: .ended
        default: nil
        }
    }

    private static func callOutcome(_ status: ProviderStatus, sip: Int?) -> AttemptOutcome? {
        switch (status, sip) {
        case (.busy, 603), (.noAnswer, 603), (.failed, 603): .declined
        case (.failed, 486): .busy
        case (.failed, 480), (.failed, 487): .noAnswer
        case (.busy, _): .busy
        case (.noAnswer, _): .noAnswer
        case (.failed, _): .failed
        case (.canceled, _): .canceled
        default: nil
        }
    }

    /// The bit of a call callback: its sequence number below 48, else a bit of its word.
    static func callMark(_ status: ProviderStatus, sequence: Int?) -> UInt8 {
        if let sequence, sequence >= 0 { return UInt8(sequence % 48) }
        return switch status {
        case .queued, .initiated: 48
        case .ringing: 49
        case .inProgress: 50
        case .completed: 51
        case .busy: 52
        case .noAnswer: 53
        case .failed: 54
        default: 55
        }
    }

    // MARK: answering machine detection

    /// What `AnsweredBy` says. A machine is no outcome yet: a message may still be left, and a key still counts.
    static func detection(_ word: String) -> AttemptReport {
        var report: AttemptReport
        switch word {
        case "human": report = AttemptReport(.delivered, status: .human)
        case "fax": report = AttemptReport(.sent, status: .fax)
        case _ where word.hasPrefix("machine"): report = AttemptReport(.sent, status: .machine)
        default: report = AttemptReport(.sent)
        }
        report.call = .answered
        return report
    }

    /// The bit of a detection callback.
    static func detectionMark(_ status: ProviderStatus) -> UInt8 {
        switch status {
        case .human: 56
        case .machine: 57
        case .fax: 58
        default: 59
        }
    }
}
