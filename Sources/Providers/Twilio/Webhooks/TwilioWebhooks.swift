import Gateway

/// Twilio's way back: status callbacks, messages and calls from people, and the documents of calls.
///
/// A class, because every webhook asks for it as a value of the protocol's, which would copy all of a struct.
final class TwilioWebhooks: ProviderWebhooks {
    /// A path, as bytes, and its page.
    private struct Entry {
        let path: [UInt8]
        let page: WebhookPage
    }

    /// In the order of their paths. Not by a hash: so few are told apart by their length.
    private let pages: [Entry]
    private let links: WebhookLinks
    private let verifier: SignatureVerifier

    init(settings: TwilioSettings, links: WebhookLinks) {
        let pages = Self.pages(below: links.prefix, isDefault: settings.name == "twilio")
        self.pages = pages.sorted { $0.key < $1.key }.map { Entry(path: Array($0.key.utf8), page: $0.value) }
        self.links = links
        verifier = SignatureVerifier(settings: settings, publicURL: links.publicURL)
    }

    var paths: [String] { pages.map { String(decoding: $0.path, as: UTF8.self) } }

    /// The signature, and whether the body is a form.
    let fields = ["X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings", "Content-Type"]

    private static func pages(below prefix: String, isDefault: Bool) -> [String: WebhookPage] {
        var pages = Dictionary(uniqueKeysWithValues: WebhookPage.allCases.map { (prefix + $0.rawValue, $0) })
        pages[prefix + "voice/menu-selection"] = .menuSelect
        if isDefault {
            pages["/twiml/warranty-alert"] = .alert
            pages["/twiml/default-menu"] = .inbound
        }
        return pages
    }

    func receive(_ request: WebhookRequest) -> WebhookEvent {
        guard let page = page(request) else { return .malformed("unknown_path") }
        guard request.method == "GET" || request.method == "POST" else { return .malformed("method") }
        let form = SignatureVerifier.form(of: request)
        guard verifier.accepts(request, form) else { return .refused }
        let parameters = WebhookParameters(request, form)
        switch page {
        case .sms, .whatsapp: return MessageEvents.inbound(parameters, page: page)
        case .smsStatus: return MessageEvents.status(parameters)
        case .alert: return CallEvents.turn(parameters)
        case .inbound, .menuSelect, .menuPIN, .supportTransfer, .whisper, .voicemail:
            return CallEvents.inbound(parameters, purpose: page.purpose)
        case .recording: return RecordingEvents.recording(parameters)
        case .transcription: return RecordingEvents.transcription(parameters)
        case .voiceStatus: return CallEvents.status(parameters)
        case .detection: return CallEvents.detection(parameters)
        case .videoStatus: return RoomEvents.status(parameters)
        case .conferenceStatus: return ConferenceEvents.status(parameters)
        case .videoRecording: return .ignored
        }
    }

    func answer(_ answer: WebhookAnswer, to request: WebhookRequest) -> (contentType: String, body: [UInt8]) {
        guard let page = page(request), page.takesDocument else { return ("text/plain", []) }
        let document =
            switch answer {
            case .empty: TwiML.empty
            case .reply(let texts): TwiML.messages(texts)
            case .script(let script): TwiML.document(script, links: links)
            }
        return ("text/xml; charset=utf-8", document)
    }

    private func page(_ request: WebhookRequest) -> WebhookPage? {
        request.withTarget { path, _ in
            for index in pages.indices where isPath(of: index, path) { return pages[index].page }
            return nil
        }
    }

    private func isPath(of index: Int, _ path: UnsafeBufferPointer<UInt8>) -> Bool {
        guard pages[index].path.count == path.count else { return false }
        for place in path.indices where pages[index].path[place] != path[place] { return false }
        return true
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
    case menuPIN = "voice/menu-pin"
    case whisper = "voice/whisper"
    case voicemail = "voice/voicemail"
    case recording = "voice/recording"
    case transcription = "voice/transcription"
    case alert = "voice/alert"
    case detection = "voice/amd"
    case conferenceStatus = "conference/status"
    case videoStatus = "video/status"
    case videoRecording = "video/recording"

    /// Twilio executes the answer as TwiML.
    var takesDocument: Bool {
        switch self {
        case .sms, .whatsapp, .inbound, .menuSelect, .menuPIN, .supportTransfer, .whisper, .voicemail, .alert: true
        default: false
        }
    }

    /// A page of calls by its path's last word; `nil` for another.
    init?(purpose: String) { self.init(rawValue: "voice/" + purpose) }

    /// The path's last word.
    var purpose: String { String(rawValue.drop { $0 != "/" }.dropFirst()) }
}
