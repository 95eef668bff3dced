import Gateway

/// What the shipped program offers, as far as the reader must know it.
enum TestCatalogue {
    static let catalogue = AdapterCatalogue(
        channels: [
            AdapterCatalogue.ChannelEntry(kind: .whatsapp, capabilities: whatsapp),
            AdapterCatalogue.ChannelEntry(kind: .sms, capabilities: sms),
            AdapterCatalogue.ChannelEntry(kind: .voice, capabilities: voice),
            AdapterCatalogue.ChannelEntry(kind: .video, capabilities: video, needsSender: false),
        ],
        providers: [
            AdapterCatalogue.ProviderEntry(
                word: "twilio", kinds: [.sms, .whatsapp, .voice, .video], keys: twilioKeys,
                defaultAPI: "https://api.twilio.com"),
            AdapterCatalogue.ProviderEntry(word: "builtin", kinds: [.video], keys: [], isBuiltIn: true),
        ], stores: ["sqlite", "memory"])

    private static let twilioKeys = [
        AdapterCatalogue.ProviderKey("account_sid", isRequired: true),
        AdapterCatalogue.ProviderKey("auth_token", isSecret: true, isRequired: true),
        AdapterCatalogue.ProviderKey("secondary_auth_token", isSecret: true),
        AdapterCatalogue.ProviderKey("api_key_sid", requiredBy: .video).with("api_key_secret"),
        AdapterCatalogue.ProviderKey("api_key_secret", isSecret: true, requiredBy: .video).with("api_key_sid"),
        AdapterCatalogue.ProviderKey("signature").taking("sha1", "sha256"),
        AdapterCatalogue.ProviderKey("shared_key_id").with("shared_key_secret"),
        AdapterCatalogue.ProviderKey("shared_key_secret", isSecret: true).with("shared_key_id"),
        AdapterCatalogue.ProviderKey("ca_file"),
    ]

    private static var sms: ChannelCapabilities {
        var able = ChannelCapabilities(intrusiveness: .text, provesUpTo: .delivered)
        able.takesMedia = true
        able.rates = [
            SenderRate(type: "long_code", perSecond: 1), SenderRate(type: "toll_free", perSecond: 3),
            SenderRate(type: "short_code", perSecond: 100),
        ]
        return able
    }

    private static var whatsapp: ChannelCapabilities {
        var able = ChannelCapabilities(intrusiveness: .text, provesUpTo: .read)
        able.takesMedia = true
        able.hasTemplates = true
        able.hasServiceWindow = true
        able.rates = [SenderRate(type: "whatsapp", perSecond: 80)]
        return able
    }

    private static var voice: ChannelCapabilities {
        var able = ChannelCapabilities(intrusiveness: .call, provesUpTo: .read)
        able.stepKeys = ["ring_timeout", "max_duration", "max_calls", "machine"]
        return able
    }

    private static var video: ChannelCapabilities {
        var able = ChannelCapabilities(intrusiveness: .text, provesUpTo: .accepted)
        able.reachesPeople = false
        return able
    }

    /// Reads a text with these variables and files.
    static func read(
        _ text: String, environment: [String: String] = [:], files: [String: String] = [:]
    ) -> ConfigurationReading {
        reader(environment: environment, files: files).read(Array(text.utf8), file: "channels.yaml")
    }

    static func reader(environment: [String: String] = [:], files: [String: String] = [:]) -> ConfigurationReader {
        ConfigurationReader(
            environment: environment,
            readFile: { path in
                guard let text = files[path] else { throw MissingFile() }
                return Array(text.utf8)
            }, catalogue: catalogue, isZone: { ["Europe/Zurich", "UTC"].contains($0) })
    }

    struct MissingFile: Error {}
}
