import YAML

/// Reads `providers:`.
struct ProviderSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<ProviderSettings> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'providers'").compactMap(provider))
    }

    private func provider(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> ProviderSettings? {
        let title = "provider '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "provider", title: title) else { return nil }
        let word = section.text("adapter") ?? entry.name
        var provider = ProviderSettings(
            name: entry.name, adapter: word, settings: [], api: .builtIn, limits: section.limits(), mark: entry.mark)
        guard let kind = session.catalogue.provider(word) else {
            session.error(
                "unknown_provider",
                "this program has no provider '\(word)'"
                    + ReadingSession.advice(word, among: session.catalogue.providers.map(\.word)),
                at: section.has("adapter") ? section.mark(of: "adapter") : entry.mark)
            return provider
        }
        provider.api = endpoint(section, kind)
        for key in kind.keys { read(key, of: section, into: &provider) }
        checkPartners(kind, section, provider)
        section.finish()
        return provider
    }

    /// Half of a pair would be ignored.
    private func checkPartners(
        _ kind: AdapterCatalogue.ProviderEntry, _ section: SectionReader, _ provider: ProviderSettings
    ) {
        guard provider.api != .simulator else { return }
        for key in kind.keys where provider[key.name] != nil {
            guard let partner = key.partner, provider[partner] == nil else { continue }
            session.error(
                "missing_credential", "'\(key.name)' of \(section.title) says nothing without '\(partner)'; set both",
                at: section.mark(of: key.name))
        }
    }

    private func endpoint(_ section: SectionReader, _ kind: AdapterCatalogue.ProviderEntry) -> ProviderEndpoint {
        guard let api = section.text("api") ?? kind.defaultAPI else { return .builtIn }
        if api == "simulator" { return .simulator }
        guard let url = BaseURL(api) else {
            session.error(
                "invalid_value", "'api' of \(section.title) is no base URL; write simulator or https://…",
                at: section.mark(of: "api"))
            // Asks for nothing more than what is wrong already.
            return .simulator
        }
        if !url.isSecure, !url.isLoopback {
            session.error(
                "insecure_api", "'api' of \(section.title) would send credentials in the clear; use https",
                at: section.mark(of: "api"))
        }
        return .url(url.text, isStandIn: url.isLoopback)
    }

    private func read(
        _ key: AdapterCatalogue.ProviderKey, of section: SectionReader, into provider: inout ProviderSettings
    ) {
        guard key.isSecret else {
            if let scalar = section.scalar(key.name), !scalar.text.isEmpty {
                guard key.words.isEmpty || key.words.contains(scalar.text) else {
                    session.error(
                        "unknown_word",
                        "\(scalar.shown) is no value for '\(key.name)'"
                            + ReadingSession.advice(scalar.text, among: key.words), at: scalar.mark)
                    return
                }
                add(key, scalar.text, scalar.mark, to: &provider)
                check(key, scalar.text, origin: scalar.origin, at: scalar.mark, of: provider)
            } else {
                demand(key, of: section, provider)
            }
            return
        }
        let secret = session.secret(key.name, of: section)
        guard let secret, !secret.value.isEmpty else {
            if secret?.isFaulty != true { demand(key, of: section, provider) }
            return
        }
        add(key, secret.value, secret.mark, to: &provider)
        check(key, secret.value, origin: secret.origin, at: secret.mark, of: provider)
    }

    private func add(
        _ key: AdapterCatalogue.ProviderKey, _ value: String, _ mark: YAMLMark, to provider: inout ProviderSettings
    ) {
        provider.settings.append(ProviderSetting(key: key.name, value: value, mark: mark))
    }

    /// A required key is missing or empty: only the simulator brings its own credentials.
    private func demand(
        _ key: AdapterCatalogue.ProviderKey, of section: SectionReader, _ provider: ProviderSettings
    ) {
        guard key.isRequired, provider.api != .simulator else { return }
        let file = key.isSecret ? " or '\(key.name)_file'" : ""
        session.error(
            "missing_credential",
            "\(section.title) reaches an API without '\(key.name)'; set it\(file), or use 'api: simulator'",
            at: section.mark(of: key.name))
    }

    /// What is written in the file, or stands there as a default, is no secret of a real account.
    private func check(
        _ key: AdapterCatalogue.ProviderKey, _ value: String, origin: VariableExpansion.Origin?, at mark: YAMLMark,
        of provider: ProviderSettings
    ) {
        guard case .url(_, isStandIn: false) = provider.api else { return }
        if origin == .fallback && key.isSecret || Self.isPlaceholder(value) {
            session.error(
                "default_credential", "'\(key.name)' of provider '\(provider.name)' is a default; set the real value",
                at: mark)
        } else if origin == .literal, key.isSecret {
            session.warning(
                "secret_in_file",
                "'\(key.name)' is a secret; write ${VARIABLE} or '\(key.name)_file' instead of the value", at: mark)
        }
    }

    private static func isPlaceholder(_ value: String) -> Bool {
        let lower = value.lowercased()
        let words = [
            "changeme", "change_me", "secret", "password", "token", "test", "example", "placeholder", "todo", "xxx",
        ]
        let letters = Set(lower.dropFirst(lower.hasPrefix("ac") || lower.hasPrefix("sk") ? 2 : 0))
        return words.contains(lower) || lower.hasPrefix("your_") || lower.hasPrefix("your-") || lower.hasPrefix("<")
            || letters.count == 1
    }
}
