import YAML

/// Whether every text exists in the default locale for each channel that uses it, and names only what it can see.
struct TextChecks {
    let session: ReadingSession
    let configuration: GatewayConfiguration

    private var locale: String { configuration.gateway.defaultLocale }

    func run() {
        let kinds = kindsByTemplate()
        for template in configuration.templates where !session.brokenTemplates.contains(template.name) {
            for kind in kinds[template.name] ?? kinds[nil] ?? [] where !covers(template, kind) {
                session.error(
                    "missing_locale",
                    "template '\(template.name)' has no text in the default locale '\(locale)' for \(kind.rawValue); add it",
                    at: template.mark)
            }
            checkVariables(template)
        }
        for menu in configuration.menus { check(menu) }
        for policy in configuration.policies { policy.steps.forEach(checkWindow) }
    }

    /// Where free text needs an open window, a step that names a template without an approved one is mostly skipped.
    private func checkWindow(_ step: StepDefinition) {
        guard let name = step.template, let template = configuration.templates[name],
            let kind = configuration.channels[step.channel]?.kind,
            session.catalogue.channel(kind)?.capabilities.hasServiceWindow == true,
            template.own(kind)?.contentID(for: locale, fallback: locale) == nil
        else { return }
        session.warning(
            "no_approved_template",
            "template '\(name)' has no 'content_sid' in '\(locale)', so outside the service window this step is skipped; "
                + "add it", at: step.mark)
    }

    /// The kinds of channels over which templates go: those of the steps that name one, by its name, and those of the
    /// steps that take the envelope's, under `nil`.
    private func kindsByTemplate() -> [String?: [ChannelKind]] {
        var kinds: [String?: [ChannelKind]] = [:]
        for step in configuration.policies.flatMap(\.steps) {
            guard let kind = configuration.channels[step.channel]?.kind else { continue }
            if kinds[step.template]?.contains(kind) != true { kinds[step.template, default: []].append(kind) }
        }
        return kinds
    }

    private func covers(_ template: TemplateDefinition, _ kind: ChannelKind) -> Bool {
        if template.spoken(for: kind, locale: locale, fallback: locale) != nil { return true }
        return template.own(kind)?.contentID(for: locale, fallback: locale) != nil
    }

    // MARK: Variables

    /// An approved template that gets no values although the text has some is one that somebody forgot.
    private func checkVariables(_ template: TemplateDefinition) {
        for own in template.channels where !own.contentIDs.isEmpty && own.variables.isEmpty {
            guard let text = own.text ?? template.text, text.entries.contains(where: { !$0.template.paths.isEmpty })
            else {
                continue
            }
            session.warning(
                "template_without_variables",
                "the approved template of '\(template.name)' gets no values though the text has some; add 'variables'",
                at: own.mark)
        }
    }

    // MARK: Menus

    private func check(_ menu: MenuDefinition) {
        var texts = [menu.prompt.say].compactMap { $0 }
        for (_, step) in menu.steps {
            if let say = step.prompt.say { texts.append(say) }
            if case .dial(let dial) = step.next, let whisper = dial.whisper { texts.append(whisper) }
        }
        for text in texts where text.entry(for: locale, fallback: locale) == nil {
            session.error(
                "missing_locale", "menu '\(menu.name)' says nothing in the default locale '\(locale)' here; add it",
                at: text.entries.first?.mark ?? menu.mark)
        }
    }
}
