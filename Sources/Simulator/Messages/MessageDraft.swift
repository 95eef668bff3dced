import JSON

/// A create request for a message, checked as far as it can be without looking at anything else.
struct MessageDraft {
    let to: ChannelAddress
    let from: ChannelAddress?
    let serviceSID: String?
    let body: String?
    let media: [String]
    let contentSID: String?
    let variables: [String: String]
    let callback: String?
    /// Milliseconds.
    let validity: Int64
    /// Unix milliseconds; nil: at once.
    let sendAt: Int64?

    /// Checks the parameters in the provider's order: the sender before the recipient before the content.
    init(_ request: APIRequest, now: Int64) throws(TwilioError) {
        guard let to = request.parameter("To") else { throw TwilioError(21604) }
        self.to = ChannelAddress(to)
        from = request.parameter("From").map { ChannelAddress($0) }
        serviceSID = request.parameter("MessagingServiceSid")
        body = request.form["Body"]
        media = request.form.all("MediaUrl").filter { !$0.isEmpty }
        contentSID = request.parameter("ContentSid")
        callback = request.parameter("StatusCallback")
        validity = try Self.validity(request)
        sendAt = try Self.sendAt(request, now: now)
        try Self.check(from: from, serviceSID: serviceSID)
        try Self.check(to: self.to)
        if let from, from.channel != self.to.channel { throw TwilioError(21910) }
        if let from, from.text == self.to.text { throw TwilioError(21266) }
        variables = try Self.variables(request, contentSID: contentSID)
        try checkContent()
    }

    private static func check(from: ChannelAddress?, serviceSID: String?) throws(TwilioError) {
        if let serviceSID, !SIDFactory.isSID(serviceSID, "MG") { throw TwilioError(21705) }
        guard let from else {
            if serviceSID == nil { throw TwilioError(21603) }
            return
        }
        if let code = MagicNumbers.messageFrom[from.text] { throw TwilioError(code) }
        if !from.canSend {
            throw TwilioError(21212, "The 'From' number \(from.text) is not a valid phone number or sender")
        }
    }

    private static func check(to: ChannelAddress) throws(TwilioError) {
        if let code = MagicNumbers.messageTo[to.text] { throw TwilioError(code) }
        if !to.canReceive { throw TwilioError(21211, "The 'To' number \(to.text) is not a valid phone number.") }
    }

    private func checkContent() throws(TwilioError) {
        let isEmpty = (body ?? "").isEmpty
        if isEmpty && media.isEmpty && contentSID == nil { throw TwilioError(body == nil ? 21619 : 21602) }
        if let body, body.unicodeScalars.count > 1600 { throw TwilioError(21617) }
        if media.count > 10 { throw TwilioError(21623) }
        if !media.allSatisfy({ $0.hasPrefix("http://") || $0.hasPrefix("https://") }) { throw TwilioError(21620) }
        if let contentSID, !SIDFactory.isSID(contentSID, "HX") { throw TwilioError(21655) }
        if let callback, !WebhookTarget.isURL(callback) { throw TwilioError(21609) }
    }

    private static func validity(_ request: APIRequest) throws(TwilioError) -> Int64 {
        guard let text = request.parameter("ValidityPeriod") else { return 36_000_000 }
        guard let seconds = Int64(text), (1...36_000).contains(seconds) else { throw TwilioError(21624) }
        return seconds * 1000
    }

    private static func sendAt(_ request: APIRequest, now: Int64) throws(TwilioError) -> Int64? {
        guard let type = request.parameter("ScheduleType") else { return nil }
        if type != "fixed" { throw TwilioError(35126) }
        if request.parameter("MessagingServiceSid") == nil { throw TwilioError(35118) }
        guard let text = request.parameter("SendAt") else { throw TwilioError(35111) }
        guard let time = Clock.range(text)?.lowerBound, (900_000...35 * 86_400_000).contains(time - now) else {
            throw TwilioError(35114)
        }
        return time
    }

    private static func variables(
        _ request: APIRequest, contentSID: String?
    ) throws(TwilioError) -> [String: String] {
        guard let text = request.parameter("ContentVariables") else { return [:] }
        if contentSID == nil { throw TwilioError(21654) }
        guard let object = try? JSONValue(parsing: text).object else { throw TwilioError(21656) }
        var variables: [String: String] = [:]
        for (key, value) in object.members {
            guard let text = value.string ?? value.int.map({ String($0) }) else { throw TwilioError(21656) }
            variables[key] = text
        }
        return variables
    }
}

/// The provider's magic test numbers.
enum MagicNumbers {
    /// Error codes by sender of a message.
    static let messageFrom = ["+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611]
    /// Error codes by recipient of a message.
    static let messageTo = [
        "+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610,
        "+15005550009": 21614,
    ]
    /// Error codes by caller.
    static let callFrom = ["+15005550001": 21212, "+15005550007": 21210]
    /// Error codes by callee.
    static let callTo = [
        "+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216,
    ]
    /// Error codes by number to buy.
    static let purchase = ["+15005550000": 21422, "+15005550001": 21421]
}
