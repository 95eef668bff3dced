import Gateway
import SMSChannel
import TwilioProvider
import VideoChannel
import VoiceChannel
import WhatsAppChannel

/// The one place that names every adapter, provider and store of the program.
enum ProgramCatalogue {
    /// Channels, in the order of suggestions. Adding one is a line here.
    static let adapters: [any ChannelAdapter] = [SMSAdapter(), WhatsAppAdapter(), VoiceAdapter(), VideoAdapter()]

    /// What channels.yaml may name.
    static let value = AdapterCatalogue(
        channels: adapters.map { adapter in
            AdapterCatalogue.ChannelEntry(
                kind: adapter.kind, capabilities: adapter.capabilities, needsSender: adapter.kind != .video)
        },
        providers: [twilio],
        stores: ["sqlite", "memory"])

    private static let twilio = AdapterCatalogue.ProviderEntry(
        word: "twilio", kinds: [.sms, .whatsapp, .voice, .video],
        keys: [
            .init("account_sid", isRequired: true),
            .init("auth_token", isSecret: true, isRequired: true),
            .init("secondary_auth_token", isSecret: true),
            .init("api_key_sid", requiredBy: .video).with("api_key_secret"),
            .init("api_key_secret", isSecret: true, requiredBy: .video).with("api_key_sid"),
            .init("signature").taking("sha1", "sha256"),
            .init("shared_key_id").with("shared_key_secret"),
            .init("shared_key_secret", isSecret: true).with("shared_key_id"),
            .init("ca_file"),
        ],
        defaultAPI: "https://api.twilio.com")

    /// A provider from its settings.
    /// - Parameter simulator: base URL and credentials of the built-in simulator, where `api: simulator`.
    static func provider(
        _ settings: ProviderSettings, publicURL: String, simulator: SimulatorAccess?
    ) throws(ProviderError) -> any Provider {
        guard settings.adapter == "twilio" else {
            throw ProviderError("unknown_provider", "this program has no provider '\(settings.adapter)'")
        }
        var twilio = TwilioSettings(
            accountSid: settings["account_sid"] ?? "", authToken: settings["auth_token"] ?? "", publicURL: publicURL)
        twilio.name = settings.name
        twilio.secondaryAuthToken = settings["secondary_auth_token"]
        twilio.apiKeySid = settings["api_key_sid"]
        twilio.apiKeySecret = settings["api_key_secret"]
        if let id = settings["shared_key_id"], let secret = settings["shared_key_secret"] {
            twilio.sharedKeys = [id: secret]
        }
        if settings["signature"] == "sha256" { twilio.requiredAlgorithm = .sha256 }
        switch settings.api {
        case .simulator:
            guard let simulator else { throw ProviderError("no_simulator", "the simulator does not run") }
            twilio.baseURL = simulator.baseURL
            twilio.accountSid = simulator.accountSID
            twilio.authToken = simulator.authToken
            twilio.apiKeySid = simulator.keySID
            twilio.apiKeySecret = simulator.keySecret
            twilio.acceptsPlainHTTP = true
        case .url(let url, let isStandIn):
            twilio.baseURL = url
            twilio.acceptsPlainHTTP = isStandIn
        case .builtIn: break
        }
        return try Twilio(twilio)
    }
}

/// How providers reach the built-in simulator.
struct SimulatorAccess: Sendable {
    var baseURL: String
    var accountSID: String
    var authToken: String
    var keySID: String
    var keySecret: String
}
