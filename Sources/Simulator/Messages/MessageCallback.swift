/// The parameters of status callbacks.
enum MessageCallback {
    /// What is posted when a message has come to its present status.
    static func form(_ message: Message, account: String, now: Int64) -> [(String, String)] {
        var form: [(String, String)] = []
        if let code = message.errorCode {
            form += [("ErrorCode", String(code)), ("ErrorMessage", TwilioError.text(code))]
        }
        form += [
            ("SmsSid", message.sid), ("SmsStatus", message.status.rawValue), ("MessageStatus", message.status.rawValue),
            ("To", message.to), ("MessageSid", message.sid), ("AccountSid", account),
        ]
        if let from = message.from { form.append(("From", from)) }
        if let service = message.serviceSID { form.append(("MessagingServiceSid", service)) }
        form.append(("ApiVersion", "2010-04-01"))
        let channel = message.channel
        if channel.isEmpty {
            if message.status == .delivered || message.status == .undelivered {
                form.append(("RawDlrDoneDate", Clock.receipt(now)))
            }
        } else {
            form += [
                ("ChannelInstallSid", "XE" + account.dropFirst(2)), ("ChannelPrefix", channel),
                ("StructuredMessage", "false"),
            ]
            if message.status == .delivered || message.status == .read {
                form.append(("EventType", message.status.rawValue.uppercased()))
            }
            if let code = message.errorCode { form.append(("ChannelStatusMessage", TwilioError.text(code))) }
        }
        return form
    }
}
