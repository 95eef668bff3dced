import Gateway

/// Message webhooks in neutral words.
enum MessageEvents {
    /// `MessageStatus` of an attempt.
    static func status(_ parameters: WebhookParameters) -> WebhookEvent {
        guard let token = parameters.item("t"), let word = parameters["MessageStatus"] ?? parameters["SmsStatus"] else {
            return .ignored
        }
        var report = TwilioReports.message(word, errorCode: parameters.errorCode)
        report.mark = TwilioReports.messageMark(report.status)
        report.providerID = parameters.sid("MessageSid", "SmsSid")
        report.details = parameters.statusDetails(
            unknown: report.status == .unknown ? ("MessageStatus", word) : nil)
        let isWhatsApp = [parameters["From"], parameters["To"]].contains { $0?.hasPrefix("whatsapp:") == true }
        return .report(token: token, kind: isWhatsApp ? .whatsapp : .sms, report)
    }

    /// A text from a person. Numbers are E.164 with `+`; a WhatsApp sender that hides the number comes as its
    /// business-scoped user id.
    static func inbound(_ parameters: WebhookParameters, page: WebhookPage) -> WebhookEvent {
        guard let sid = parameters.sid("MessageSid", "SmsMessageSid", "SmsSid"),
            let from = parameters["From"] ?? parameters["ExternalUserId"],
            let to = parameters["To"], let kind = kind(from, page)
        else { return .ignored }
        let body = parameters["Body"] ?? ""
        let decoded = EncodedBody.decoded(body)
        var message = InboundMessage(
            kind: kind, from: number(from), to: number(to), text: decoded ?? body, providerID: sid)
        message.details = parameters.details
        if decoded != nil { message.details["encoded_text"] = .string(body) }
        message.userID = parameters["ExternalUserId"].map(number)
        message.button = parameters["ButtonPayload"] ?? parameters["ListId"]
        message.quoted = parameters.sid("OriginalRepliedMessageSid")
        message.media = media(parameters)
        message.profileName = parameters["ProfileName"]
        message.optOutType = parameters["OptOutType"]
        return .message(message)
    }

    /// By the prefix of the address; channels that the gateway does not know are not taken for a text.
    private static func kind(_ from: String, _ page: WebhookPage) -> ChannelKind? {
        if from.hasPrefix("whatsapp:") { return .whatsapp }
        guard from.contains(":") else { return page == .whatsapp ? .whatsapp : .sms }
        return nil
    }

    private static func number(_ address: String) -> String {
        address.hasPrefix("whatsapp:") ? String(address.dropFirst(9)) : address
    }

    private static func media(_ parameters: WebhookParameters) -> [InboundMedia] {
        let count = min(parameters.number("NumMedia") ?? 0, Twilio.maxMedia)
        return (0..<count).compactMap { index in
            parameters["MediaUrl\(index)"].map {
                InboundMedia(url: $0, contentType: parameters["MediaContentType\(index)"] ?? "")
            }
        }
    }
}
