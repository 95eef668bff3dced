import Forms
import JSON

/// What a status callback says beside what evidence is made of: the words that go with a failure, and what Twilio did not
/// send before. Most callbacks have neither.
enum StatusDetails {
    /// Parameters that are carried elsewhere, or say of every callback what is known of its attempt anyway.
    private static let skipped: [[[UInt8]]] = {
        var names = [
            "MessageSid", "SmsSid", "MessageStatus", "SmsStatus", "AccountSid", "ApiVersion", "From", "To",
            "MessagingServiceSid", "ErrorCode", "ChannelInstallSid", "ChannelPrefix", "EventType", "StructuredMessage",
            "ChannelToAddress", "RawDlrDoneDate", "CallSid", "CallStatus", "Direction", "ForwardedFrom", "CallerName",
            "ParentCallSid", "Caller", "Called", "StirVerstat", "StirPassportToken", "StirStatus", "CallToken",
            "SipCallId", "AnsweredBy", "MachineDetectionDuration", "Timestamp", "CallbackSource", "SequenceNumber",
            "CallDuration", "Duration", "SipResponseCode", "RecordingUrl", "RecordingSid", "RecordingDuration",
            // Of the gateway's own URL, which GET has among them.
            "t", "n", "f", "menu", "tenant", "bodySHA256",
        ]
        for end in ["From", "To", "Caller", "Called"] {
            for part in ["City", "State", "Zip", "Country"] { names.append(end + part) }
        }
        var table = [[[UInt8]]](repeating: [], count: 1 + (names.map(\.utf8.count).max() ?? 0))
        for name in names { table[name.utf8.count].append(Array(name.utf8)) }
        return table
    }()

    /// Words of a failure, and the member that they become.
    private static let words: [(name: [UInt8], member: String)] = [
        (Array("ErrorMessage".utf8), "error"), (Array("ChannelStatusMessage".utf8), "channel_error"),
    ]
    private static let headers = ["SipHeader_", "SipDomain"].map { Array($0.utf8) }

    /// The details of a form; `nil` for none. Empty values say nothing, and of a name the first value counts.
    /// - Parameter unknown: the parameter whose value is no word that the gateway knows; `nil` where it knows it.
    static func details(of form: FormView, unknown: (name: String, value: String)?) -> JSONObject? {
        var details: JSONObject?
        for index in 0..<form.count {
            let name = form.name(at: index)
            guard !isSkipped(name) else { continue }
            let value = form.value(at: index)
            guard !value.isEmpty else { continue }
            let text = JSONValue.string(String(decoding: value.prefix(MessageDetails.maxBytes), as: UTF8.self))
            if let word = words.first(where: { $0.name.elementsEqual(name) }) {
                if details?[word.member] == nil { details = (details ?? JSONObject()).with(word.member, text) }
            } else {
                keep(String(decoding: name.prefix(64), as: UTF8.self), text, &details)
            }
        }
        if let unknown {
            let text = JSONValue.string(String(unknown.value.prefix(64)))
            details = (details ?? JSONObject()).with("unknown", .object([unknown.name: text]))
        }
        return details
    }

    private static func isSkipped(_ name: ArraySlice<UInt8>) -> Bool {
        if name.count < skipped.count, skipped[name.count].contains(where: { $0.elementsEqual(name) }) { return true }
        return headers.contains { name.starts(with: $0) }
    }

    private static func keep(_ name: String, _ text: JSONValue, _ details: inout JSONObject?) {
        var other = details?["other"]?.object ?? JSONObject()
        guard other[name] == nil, other.count < MessageDetails.maxOther else { return }
        other[name] = text
        details = (details ?? JSONObject()).with("other", .object(other))
    }
}

extension JSONObject {
    fileprivate func with(_ name: String, _ value: JSONValue) -> JSONObject {
        var changed = self
        changed[name] = value
        return changed
    }
}
