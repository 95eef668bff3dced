import YAML

/// What can only be checked once the whole file is read.
struct ConfigurationChecks {
    let session: ReadingSession
    let configuration: GatewayConfiguration
    let root: SectionReader

    func run(allowsIdleSimulator: Bool) {
        checkReferences()
        checkProviders(allowsIdleSimulator: allowsIdleSimulator)
        checkQueues()
        PolicyChecks(session: session, configuration: configuration).run()
        TextChecks(session: session, configuration: configuration).run()
        MenuChecks(session: session, configuration: configuration).run()
        RuleChecks(session: session, configuration: configuration).run()
    }

    // MARK: References

    private func checkReferences() {
        var known: [ReadingSession.Target: [String]] = [:]
        for target in ReadingSession.Target.allCases { known[target] = names(of: target) }
        let sets = known.mapValues(Set.init)
        for reference in session.references where sets[reference.target]?.contains(reference.name) != true {
            if session.isFull { break }
            // A section that must be there and is not has its own error.
            guard
                reference.target != .channel && reference.target != .policy || root.has(Self.key(of: reference.target))
            else { continue }
            let word = reference.target.rawValue
            session.error(
                "unknown_" + word,
                "nothing defines the \(word) '\(reference.name.prefix(60))'"
                    + Self.advice(reference, among: known[reference.target] ?? []),
                at: reference.mark)
        }
    }

    /// What the file defines, also where the definition itself has errors.
    private func names(of target: ReadingSession.Target) -> [String] {
        guard case .mapping(let pairs)? = root.node(Self.key(of: target))?.kind else { return [] }
        return pairs.compactMap { pair in
            if case .scalar(let name, _) = pair.key.kind { return name }
            return nil
        }
    }

    private static func advice(_ reference: ReadingSession.Reference, among names: [String]) -> String {
        let advice = ReadingSession.advice(reference.name, among: names)
        return advice.isEmpty ? "; define it under '\(key(of: reference.target))'" : advice
    }

    /// The section that defines a target.
    private static func key(of target: ReadingSession.Target) -> String {
        switch target {
        case .channel: "channels"
        case .provider: "providers"
        case .template: "templates"
        case .policy: "policies"
        case .times: "times"
        case .menu: "menus"
        case .group: "groups"
        case .schedule: "schedules"
        case .assistant: "assistants"
        case .queue: "queues"
        case .workflow: "workflows"
        }
    }

    // MARK: Queues

    /// Nobody would ever be given a task of such a queue.
    private func checkQueues() {
        let routing = configuration.taskRouting
        for queue in routing.queues where routing.eligible(for: queue).isEmpty {
            session.warning(
                "queue_without_worker",
                "no worker fits queue '\(queue.name)', so its tasks wait for ever; change its 'workers', or add a worker",
                at: queue.mark)
        }
    }

    // MARK: Providers

    private func checkProviders(allowsIdleSimulator: Bool) {
        checkRooms()
        checkAuthorities()
        for channel in configuration.channels {
            let provider = configuration.providers[channel.provider]
            guard let kind = session.catalogue.provider(provider?.adapter ?? channel.provider) else { continue }
            if let provider { checkCredentials(of: provider, kind, for: channel) }
            guard !kind.kinds.contains(channel.kind), session.catalogue.channel(channel.kind) != nil else { continue }
            session.error(
                "provider_cannot",
                "provider '\(channel.provider)' cannot carry \(channel.kind.rawValue); choose another provider",
                at: channel.mark)
        }
        let real = configuration.providers.filter { if case .url(_, isStandIn: false) = $0.api { true } else { false } }
        guard let first = real.first else { return }
        checkPublicURL(for: first)
        let usesSimulator = configuration.providers.contains { $0.api == .simulator }
        if configuration.simulator != nil, !usesSimulator, !allowsIdleSimulator {
            session.error(
                "simulator_with_real_provider",
                "the section 'simulator' has no meaning while provider '\(first.name)' is real; remove the section",
                at: root.mark(of: "simulator"))
        }
    }

    /// Rooms are made by one channel.
    private func checkRooms() {
        let rooms = configuration.channels.filter {
            session.catalogue.channel($0.kind)?.capabilities.reachesPeople == false
        }
        for channel in rooms.dropFirst() {
            session.warning(
                "not_enforced",
                "rooms are made by channel '\(rooms[0].name)', so channel '\(channel.name)' has no effect in this version; "
                    + "remove it", at: channel.mark)
        }
    }

    /// All providers are reached over one client.
    private func checkAuthorities() {
        let settings = configuration.providers.compactMap { provider in
            provider.settings.first { $0.key == "ca_file" }
        }
        for setting in settings.dropFirst() where setting.value != settings[0].value {
            session.warning(
                "not_enforced",
                "'ca_file' has no effect in this version: that of the first provider is used for all; remove it",
                at: setting.mark)
        }
    }

    /// What only some channels need of a provider.
    private func checkCredentials(
        of provider: ProviderSettings, _ kind: AdapterCatalogue.ProviderEntry, for channel: ChannelSettings
    ) {
        guard provider.api != .simulator else { return }
        for key in kind.keys where key.requiredBy == channel.kind && provider[key.name] == nil {
            session.error(
                "missing_credential",
                "channel '\(channel.name)' needs '\(key.name)' of provider '\(provider.name)'; set it",
                at: provider.mark)
        }
    }

    /// A real provider must reach the gateway, and over TLS.
    private func checkPublicURL(for provider: ProviderSettings) {
        let mark = provider.mark
        guard let text = configuration.gateway.publicURL else {
            session.error(
                "public_url_needed",
                "provider '\(provider.name)' is real and cannot reach this machine's own address; set 'public_url' to the "
                    + "https origin that the internet reaches", at: mark)
            return
        }
        guard let url = BaseURL(text), !url.isSecure || url.isLoopback else { return }
        session.error(
            "public_url_unfit",
            "provider '\(provider.name)' is real, so 'public_url' is an https origin that is not this machine itself",
            at: mark)
    }
}
