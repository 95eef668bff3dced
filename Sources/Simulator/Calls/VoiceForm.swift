/// The parameters that come with every voice request, and those of status callbacks.
enum VoiceForm {
    /// The call's own parameters.
    static func basic(_ call: Call, account: String, status: String? = nil) -> [(String, String)] {
        var form = [
            ("Called", call.to), ("CallStatus", status ?? call.status.rawValue), ("From", call.from),
            ("CallSid", call.sid),
            ("To", call.to), ("Direction", call.direction), ("AccountSid", account), ("Caller", call.from),
            ("ApiVersion", "2010-04-01"),
        ]
        for side in ["Called", "Caller", "From", "To"] {
            form += ["City", "State", "Zip", "Country"].map { (side + $0, "") }
        }
        if let parent = call.parentSID { form.append(("ParentCallSid", parent)) }
        if call.direction == "inbound" { form.append(("StirVerstat", call.verdict)) }
        return form
    }

    /// The parameters of one progress event; uses up a sequence number.
    static func event(_ call: Call, account: String, status: String, now: Int64) -> [(String, String)] {
        var form = basic(call, account: account, status: status)
        form += [
            ("Timestamp", Clock.rfc2822(now)), ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", String(call.sequence)),
        ]
        call.sequence += 1
        if let duration = call.duration {
            form += [("CallDuration", String(duration)), ("Duration", String((duration + 59) / 60))]
            if let code = call.sipCode { form.append(("SipResponseCode", String(code))) }
            if let code = call.errorCode {
                form += [("ErrorCode", String(code)), ("ErrorMessage", TwilioError.text(code))]
            }
        }
        return form
    }
}
