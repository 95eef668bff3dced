import YAML

/// Reads the whole file, in the order in which sections need each other.
struct FileSection {
    let session: ReadingSession

    func read(_ root: SectionReader) -> GatewayConfiguration {
        readVersion(root)
        let gateway = GatewaySection(session: session).read(root.node("gateway"))
        session.readPatterns(root.node("patterns"))
        session.times = TimesSection(session: session).read(root.node("times"))
        let people = PeopleSection(session: session)
        let groups = people.groups(root.node("groups"))
        let schedules = people.schedules(root.node("schedules"))
        let countries = CountrySection(session: session).read(root.requiredNode("countries"))
        let providers = ProviderSection(session: session).read(root.node("providers"))
        session.channels = ChannelSection(session: session).read(root.requiredNode("channels"))
        let tenants = TenantSection(session: session).read(root.node("tenants"))
        let templates = TemplateSection(session: session).read(root.node("templates"))
        let policies = PolicySection(session: session).read(root.requiredNode("policies"))
        let assistants = AssistantSection(session: session).read(root.node("assistants"))
        let pin = PINSection(session: session).read(root.node("pin"))
        session.hasPIN = root.has("pin")
        session.hasQueues = root.has("queues")
        let rules = RuleSection(session: session).read(root.requiredNode("rules"))
        let optOut = OptOutSection(session: session).read(root.node("opt_out"))
        let menus = MenuSection(session: session).read(root.node("menus"))
        let prices = PriceSection(session: session).read(root.node("prices"))
        let warranties = WarrantySection(session: session).read(root.node("warranties"))
        let media = MediaSection(session: session).read(root.node("media"))
        let simulator = root.node("simulator").map(session.expanded)
        let budgets = BudgetSection(session: session).read(root.node("budgets"))
        root.later("retention", "webhooks")
        var configuration = GatewayConfiguration(
            gateway: gateway, countries: countries, times: session.times, providers: providers,
            channels: session.channels, groups: groups, schedules: schedules, tenants: tenants, templates: templates,
            policies: policies, outboundRules: rules.outbound, inboundRules: rules.inbound, optOut: optOut,
            menus: menus, prices: prices, simulator: simulator, warranties: warranties, media: media, hash: "",
            fileHash: "", budgets: budgets)
        configuration.assistants = assistants
        configuration.pin = pin
        configuration.taskRouting = TaskRoutingSection(session: session).read(root, rules.inbound)
        if !providers.contains(where: { $0.api == .simulator }) {
            configuration.gateway.simulatorListener = nil
        } else if gateway.simulatorListener == nil {
            configuration.gateway.simulatorListener = ListenerSettings(host: "127.0.0.1", port: 8082)
        }
        return configuration
    }

    private func readVersion(_ root: SectionReader) {
        guard let version = root.requiredText("version"), version.text != "1" else { return }
        session.error(
            "unknown_version", "this program reads version 1 of the file, not \(version.shown); write 'version: 1'",
            at: version.mark)
    }
}
