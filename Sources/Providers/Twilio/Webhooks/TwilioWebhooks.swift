import Gateway

/// Twilio's way back: status callbacks, messages and calls from people, and the documents of calls.
struct TwilioWebhooks: ProviderWebhooks {
    private let prefix: String
    private let isDefault: Bool
    private let links: WebhookLinks
    private let verifier: SignatureVerifier

    init(settings: TwilioSettings, links: WebhookLinks) {
        prefix = links.prefix
        isDefault = settings.name == "twilio"
        self.links = links
        verifier = SignatureVerifier(settings: settings, publicURL: links.publicURL)
    }

    var paths: [String] {
        let own = WebhookPage.allCases.map { prefix + $0.rawValue } + [prefix + "voice/menu-selection"]
        return isDefault ? own + ["/twiml/warranty-alert", "/twiml/default-menu"] : own
    }

    func receive(_ request: WebhookRequest) -> WebhookEvent {
        guard let page = page(request.path) else { return .malformed("unknown_path") }
        guard request.method == "GET" || request.method == "POST" else { return .malformed("method") }
        guard verifier.accepts(request) else { return .refused }
        let parameters = WebhookParameters(request)
        switch page {
        case .sms, .whatsapp: return MessageEvents.inbound(parameters, page: page)
        case .smsStatus: return MessageEvents.status(parameters)
        case .alert: return CallEvents.turn(parameters)
        case .inbound, .menuSelect, .supportTransfer: return CallEvents.inbound(parameters, purpose: page.purpose)
        case .voiceStatus: return CallEvents.status(parameters)
        case .detection: return CallEvents.detection(parameters)
        case .videoStatus: return RoomEvents.status(parameters)
        case .recording, .conferenceStatus, .videoRecording: return .ignored
        }
    }

    func answer(_ answer: WebhookAnswer, to request: WebhookRequest) -> (contentType: String, body: [UInt8]) {
        guard let page = page(request.path), page.takesDocument else { return ("text/plain", []) }
        let document =
            switch answer {
            case .empty: TwiML.empty
            case .reply(let texts): TwiML.messages(texts)
            case .script(let script): TwiML.document(script, links: links)
            }
        return ("text/xml; charset=utf-8", document)
    }

    private func page(_ path: Substring) -> WebhookPage? {
        if isDefault, path == "/twiml/warranty-alert" { return .alert }
        if isDefault, path == "/twiml/default-menu" { return .inbound }
        guard path.hasPrefix(prefix) else { return nil }
        let word = path.dropFirst(prefix.count)
        return word == "voice/menu-selection" ? .menuSelect : WebhookPage(rawValue: String(word))
    }
}

/// The webhooks by their path below `/webhooks/{name}/`.
enum WebhookPage: String, CaseIterable {
    case sms
    case smsStatus = "sms/status"
    case whatsapp
    case inbound = "voice/inbound"
    case menuSelect = "voice/menu-select"
    case supportTransfer = "voice/support-transfer"
    case voiceStatus = "voice/status"
    case recording = "voice/recording"
    case alert = "voice/alert"
    case detection = "voice/amd"
    case conferenceStatus = "conference/status"
    case videoStatus = "video/status"
    case videoRecording = "video/recording"

    /// Twilio executes the answer as TwiML.
    var takesDocument: Bool {
        switch self {
        case .sms, .whatsapp, .inbound, .menuSelect, .supportTransfer, .alert: true
        default: false
        }
    }

    /// The path's last word.
    var purpose: String { String(rawValue.drop { $0 != "/" }.dropFirst()) }
}
