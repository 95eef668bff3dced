import Forms
import Gateway

/// The URLs that the provider is told to call.
struct WebhookLinks: Sendable, Hashable {
    /// Without a slash at the end.
    let publicURL: String
    /// `/webhooks/{name}/`.
    let prefix: String
    // Up to the token, as every message and call needs one.
    private let messageCallback: String
    private let callCallback: String
    private let detectionCallback: String

    /// What an attempt is told of.
    enum AttemptCallback {
        /// The status of a message.
        case message
        /// The status of a call.
        case call
        /// Who answered a call.
        case detection
    }

    init(name: String, publicURL: String) {
        var origin = publicURL[...]
        while origin.hasSuffix("/") { origin.removeLast() }
        self.publicURL = String(origin)
        prefix = "/webhooks/" + PercentCoding.encode(name) + "/"
        let start = self.publicURL + prefix
        messageCallback = start + "sms/status?t="
        callCallback = start + "voice/status?t="
        detectionCallback = start + "voice/amd?t="
    }

    /// A callback of the attempt with `token`.
    func callback(_ kind: AttemptCallback, token: String) -> String {
        let start =
            switch kind {
            case .message: messageCallback
            case .call: callCallback
            case .detection: detectionCallback
            }
        return start + PercentCoding.encode(token)
    }

    /// A callback that belongs to no attempt.
    func callback(_ path: String) -> String { publicURL + prefix + path }

    /// The callback of a tenant's room.
    func roomCallback(tenant: String) -> String {
        let query = tenant == Envelope.defaultTenant ? "" : "?tenant=" + PercentCoding.encode(tenant)
        return callback("video/status") + query
    }

    /// The callback of a conference, by the gateway's own id of it.
    func conferenceCallback(_ conference: RecordID) -> String {
        callback("conference/status?c=") + conference.text(.conference)
    }

    /// The callback of what is recorded of a conference.
    func recordingCallback(_ conference: RecordID) -> String {
        callback("voice/recording?c=") + conference.text(.conference)
    }

    /// The next document of a call. An unknown purpose starts the menu again.
    func document(_ action: CallAction) -> String {
        var items: [String] = []
        if let token = action.token { items.append("t=" + PercentCoding.encode(token)) }
        items.append("n=" + PercentCoding.encode(action.turn))
        if let menu = action.menu { items.append("menu=" + PercentCoding.encode(menu)) }
        if action.isFollowUp { items.append("f=1") }
        if action.rounds > 0 { items.append("r=" + String(action.rounds)) }
        if let place = action.place { items.append("s=" + PercentCoding.encode(place)) }
        if let language = action.language { items.append("l=" + PercentCoding.encode(language)) }
        let page = WebhookPage(purpose: action.purpose) ?? .inbound
        return publicURL + prefix + page.rawValue + "?" + items.joined(separator: "&")
    }
}
