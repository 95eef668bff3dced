import PhoneNumbers
import Templates
import Zones

/// Decides by the inbound rules what a person's message or call leads to.
struct InboundRouter {
    let directory: ConfigurationDirectory

    func decide(_ inbound: InboundContext) -> InboundDecision {
        if let decision = refusal(inbound) { return decision }
        if case .message(let message) = inbound.content, let decision = keyword(message, inbound) { return decision }
        var decision = InboundDecision(rule: "")
        let rules = matching(inbound)
        let steps = Self.steps(of: rules, inbound)
        for rule in rules {
            decision.rule = rule.name
            for step in rule.actions where steps.includes(step) && holds(step.when, inbound) {
                guard admits(step, inbound, &decision) else { continue }
                apply(step.action, inbound, &decision)
            }
        }
        return decision
    }

    /// The rules that a message or call meets: the first one, and those behind it as long as they go on.
    private func matching(_ inbound: InboundContext) -> [InboundRule] {
        var rules: [InboundRule] = []
        for rule in directory.configuration.inboundRules where holds(rule.when, inbound) {
            rules.append(rule)
            if !rule.continues { break }
        }
        return rules
    }

    private func holds(_ when: [Condition], _ inbound: InboundContext) -> Bool {
        when.allSatisfy { $0.matches(value(of: $0.field, inbound)) }
    }

    /// STOP, START and HELP win over every rule.
    private func keyword(_ message: InboundMessage, _ inbound: InboundContext) -> InboundDecision? {
        let word = message.optOutType ?? message.text
        guard let meaning = InboundWords.meaning(of: word, isOptedOut: inbound.isOptedOut) else { return nil }
        var decision = InboundDecision(rule: "keyword")
        let settings = directory.configuration.optOut
        let template: String?
        switch meaning {
        case .stop, .stopAll:
            let isForAll = meaning == .stopAll || settings.scope == .all
            decision.consent = SpokenConsent(isGranted: false, isForAll: isForAll)
            template = settings.stop
        case .start:
            decision.consent = SpokenConsent(isGranted: true, isForAll: settings.scope == .all)
            template = settings.start
        case .help: template = settings.help ?? "help"
        }
        // What the provider answered is not answered twice.
        if message.optOutType == nil, let template { reply(template, inbound, &decision) }
        return decision
    }

    // MARK: actions

    private func apply(_ action: InboundAction, _ inbound: InboundContext, _ decision: inout InboundDecision) {
        switch action {
        case .acknowledge: acknowledge(inbound, &decision)
        case .review(let kind): decision.review = kind
        case .reply(let template): reply(template, inbound, &decision)
        case .emit(let event): decision.emits.append(event)
        case .menu(let name):
            if case .call(let call) = inbound.content {
                let scripts = MenuScripts(directory: directory, inbound: inbound, menu: name, call: call)
                decision.script = scripts.script
                decision.menuReview = scripts.review
            }
        case .search(let search): answer(search, inbound, &decision)
        case .tag(let tags): decision.tags += tags.filter { !decision.tags.contains($0) }
        case .optOut(let isForAll):
            decision.consent = decision.consent ?? SpokenConsent(isGranted: false, isForAll: isForAll)
        case .forward(let forward): decision.forwards.append(forward)
        case .request(let request): decision.requests.append(request)
        case .assist(let assist): if case .message = inbound.content { decision.assists.append(assist) }
        case .task(let task): decision.tasks.append(task)
        case .ignore: break
        }
    }

    private func acknowledge(_ inbound: InboundContext, _ decision: inout InboundDecision) {
        switch inbound.content {
        case .call(let call): play(inbound, call, &decision)
        case .message(let message):
            guard !inbound.openAlerts.isEmpty else { return }
            let isDirect =
                message.button != nil || message.quoted != nil || AcknowledgementCode(in: message.text) != nil
            let fits = inbound.openAlerts.contains { directory.isAcknowledgement(message.text, of: $0) }
            guard isDirect || fits else { return }
            let settings = inbound.openAlerts.first.flatMap(directory.ackSettings)
            if !isDirect, inbound.openAlerts.count > 1, settings?.scope == .message {
                decision.asks = settings?.askWithin ?? .seconds(300)
                decision.replies.append(question(inbound.openAlerts))
            } else {
                decision.acknowledges = true
            }
        }
    }

    private func question(_ alerts: [DeliveryJob]) -> String {
        let codes = alerts.map { "ACK " + AcknowledgementCode(of: $0.delivery).text }
        return "Several alerts are open. Please answer with one of: " + codes.joined(separator: ", ")
    }

    /// Somebody calls while alerts are open: they are spoken, and a key answers them.
    private func play(_ inbound: InboundContext, _ call: InboundCall, _ decision: inout InboundDecision) {
        let alerts = inbound.openAlerts.compactMap(directory.spokenContent)
        guard let voice = directory.adapters[.voice] as? any ConversingAdapter, !alerts.isEmpty else { return }
        let turn = call.nextTurn
        let reply = voice.playAlerts(alerts, call: call, nextTurn: String(turn))
        decision.script = reply.script
        decision.acknowledges = reply.meaning == .acknowledged
        decision.rejects = reply.meaning == .rejected
    }

    func reply(
        _ template: String, _ inbound: InboundContext, _ decision: inout InboundDecision,
        values: [String: TemplateValue] = [:]
    ) {
        guard case .message(let message) = inbound.content,
            let definition = directory.configuration.templates[template]
        else { return }
        let locale = inbound.locale ?? directory.configuration.gateway.defaultLocale
        let fallback = directory.configuration.gateway.defaultLocale
        guard let entry = definition.text(for: message.kind, locale: locale, fallback: fallback) else { return }
        let zone = ZoneCache.zone(directory.configuration.gateway.timeZone)
        let context = TemplateContext(locale: entry.locale, zone: zone, values: values)
        guard let text = try? entry.template.render(in: context) else { return }
        decision.replies += ReplyParts.parts(of: text)
    }

    // MARK: fields

    func value(of field: MatchField, _ inbound: InboundContext) -> MatchValue {
        switch field {
        case .channel: return .text(kind(inbound).rawValue)
        case .text: return text(inbound).map(MatchValue.text) ?? .absent
        case .media: return .number(media(inbound))
        case .contact:
            return .text(inbound.contact == nil ? "unknown" : inbound.contactVerified ? "verified" : "known")
        case .openAlert: return .flag(!inbound.openAlerts.isEmpty)
        case .locale: return inbound.locale.map(MatchValue.text) ?? .absent
        case .from(.number): return .text(inbound.number)
        case .from(.contact): return inbound.contact.map(MatchValue.text) ?? .absent
        case .from(.country):
            let country = (try? E164(parsing: inbound.number))?.country
            return country.map(MatchValue.text) ?? .absent
        case .to(.number): return .text(to(inbound))
        case .localTime, .weekday:
            let zone = ZoneCache.zone(directory.configuration.gateway.timeZone)
            if field == .localTime { return .localTime(LocalMoment(inbound.now, in: zone)) }
            return .number(zone.local(inbound.now.milliseconds / 1_000).weekday)
        case .window: return .text("open")
        case .topic, .priority, .messageClass, .policy, .tenant, .label, .to, .from, .prefers, .tier, .sanctioned,
            .localNumber:
            return .absent
        }
    }

    private func kind(_ inbound: InboundContext) -> ChannelKind {
        switch inbound.content {
        case .message(let message): message.kind
        case .call: .voice
        }
    }

    private func text(_ inbound: InboundContext) -> String? {
        switch inbound.content {
        case .message(let message): message.text
        case .call(let call): call.speech
        }
    }

    private func media(_ inbound: InboundContext) -> Int {
        if case .message(let message) = inbound.content { message.media.count } else { 0 }
    }

    private func to(_ inbound: InboundContext) -> String {
        switch inbound.content {
        case .message(let message): message.to
        case .call(let call): call.to
        }
    }
}
