import YAML

/// Reads `gateway:`.
struct GatewaySection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> GatewaySettings {
        var settings = GatewaySettings(
            publicListener: ListenerSettings(host: "127.0.0.1", port: 8080),
            privateListener: ListenerSettings(host: "127.0.0.1", port: 8081), simulatorListener: nil, publicURL: nil,
            store: .sqlite(path: "data/gateway.db"), timeZone: "UTC", defaultLocale: "en", currency: "USD")
        guard let node, let section = SectionReader(session, node, section: "gateway", title: "'gateway'") else {
            return settings
        }
        readDefaults(section, into: &settings)
        if let listen = section.node("listen") { readListeners(listen, into: &settings) }
        settings.publicURL = publicURL(section)
        if let store = store(section) { settings.store = store }
        if let limits = section.node("per_person") { settings.perPerson = exposureLimits(limits) }
        if let limits = section.node("limits") { readLimits(limits, into: &settings.limits) }
        if let subscribers = section.node("subscriptions") { read(subscribers, into: &settings.subscriptions) }
        settings.redis = section.node("redis").flatMap { RedisSection(session: session).read($0) }
        if let documents = section.node("documents") {
            settings.documents = DocumentIndexSection(session: session).read(documents)
        }
        section.finish()
        session.defaultLocale = settings.defaultLocale
        session.currency = settings.currency
        return settings
    }

    private func readDefaults(_ section: SectionReader, into settings: inout GatewaySettings) {
        if let zone = section.value(
            "time_zone", "an IANA name such as Europe/Zurich", { session.isZone($0) ? $0 : nil })
        {
            settings.timeZone = zone
        }
        if let locale = section.value(
            "default_locale", "a locale such as en or fr-CH", { ScalarText.isLocale($0) ? $0 : nil })
        {
            settings.defaultLocale = locale
        }
        if let currency = section.value(
            "currency", "three capital letters such as USD", { Money("0 " + $0) == nil ? nil : $0 })
        {
            settings.currency = currency
        }
    }

    private func readLimits(_ node: YAMLNode, into limits: inout CapacityLimits) {
        guard let section = SectionReader(session, node, section: "limits", title: "'limits'") else { return }
        let form = "a size such as 512 MiB or 2 GiB"
        if let size = section.value("free_disk", form, ScalarText.size) { limits.freeDisk = size }
        if let size = section.value("memory", form, ScalarText.size) { limits.memory = size }
        if let count = section.integer("waiting", in: 100...40_000) { limits.waiting = count }
        if let delay = section.duration("delay", in: .seconds(1) ... .seconds(300)) { limits.delay = delay }
        section.finish()
    }

    private func read(_ node: YAMLNode, into settings: inout SubscriptionSettings) {
        guard let section = SectionReader(session, node, section: "subscriptions", title: "'subscriptions'") else {
            return
        }
        if let isAllowed = section.boolean("allow_private") { settings.allowsPrivate = isAllowed }
        settings.maxAge = section.duration("max_age", in: .seconds(60) ... .seconds(365 * 86_400))
        section.finish()
    }

    private func readListeners(_ node: YAMLNode, into settings: inout GatewaySettings) {
        guard let section = SectionReader(session, node, section: "listen", title: "'listen'") else { return }
        if let listener = listener(section, "public") { settings.publicListener = listener }
        if let listener = listener(section, "private") { settings.privateListener = listener }
        settings.simulatorListener = listener(section, "simulator")
        section.finish()
        let all = [settings.publicListener, settings.privateListener] + [settings.simulatorListener].compactMap { $0 }
        for (index, listener) in all.enumerated() where listener.port != 0 {
            guard all[..<index].contains(where: { $0.host == listener.host && $0.port == listener.port }) else {
                continue
            }
            session.error(
                "same_address", "two listeners bind \(listener.text); give each a port of its own", at: node.mark)
        }
    }

    private func listener(_ parent: SectionReader, _ key: String) -> ListenerSettings? {
        guard let node = parent.node(key) else { return nil }
        guard case .mapping = node.kind else {
            return parent.value(key, "host:port, such as 127.0.0.1:8080", Self.address)
        }
        guard let section = SectionReader(session, node, section: "listener", title: "listener '\(key)'") else {
            return nil
        }
        var listener = section.value("address", "host:port, such as 127.0.0.1:8080", Self.address)
        if !section.has("address") { section.missing("address") }
        listener?.certificateFile = section.text("cert_file")
        listener?.keyFile = section.text("key_file")
        if key == "simulator" {
            for file in ["cert_file", "key_file"] { section.idle(file, "the simulator is plain HTTP") }
        }
        section.finish()
        if let listener, (listener.certificateFile == nil) != (listener.keyFile == nil) {
            session.error(
                "incomplete_tls", "\(section.title) needs both 'cert_file' and 'key_file', or neither", at: section.mark
            )
        }
        return listener
    }

    private static func address(_ text: String) -> ListenerSettings? {
        guard let address = HostAndPort(text), let port = address.port else { return nil }
        return ListenerSettings(host: address.host, port: port)
    }

    private func publicURL(_ section: SectionReader) -> String? {
        guard let scalar = section.scalar("public_url"), !scalar.text.isEmpty else { return nil }
        if let url = BaseURL(scalar.text) { return url.text }
        session.error(
            "invalid_value",
            "\(scalar.shown) is no value for 'public_url'; write an origin such as https://gateway.example.com",
            at: scalar.mark)
        return nil
    }

    private func store(_ section: SectionReader) -> StoreLocation? {
        guard let text = session.secret("store", of: section), !text.value.isEmpty else { return nil }
        guard let location = Self.location(text.value) else {
            session.error(
                "invalid_value", "'store' names no store; write sqlite:PATH such as sqlite:data/gateway.db",
                at: text.mark)
            return nil
        }
        guard session.catalogue.stores.contains(location.word) else {
            session.error(
                "unknown_store",
                "this program has no store '\(location.word)'"
                    + ReadingSession.advice(location.word, among: session.catalogue.stores), at: text.mark)
            return nil
        }
        return location
    }

    private static func location(_ text: String) -> StoreLocation? {
        if text == "memory:" { return .memory }
        if text.hasPrefix("sqlite:"), text.utf8.count > 7 { return .sqlite(path: String(text.dropFirst(7))) }
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") { return .postgres(url: text) }
        return nil
    }
}
