import Templates
import YAML

/// Reads `templates:`.
struct TemplateSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<TemplateDefinition> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'templates'").compactMap(template))
    }

    private func template(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> TemplateDefinition? {
        let title = "template '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "template", title: title) else { return nil }
        let before = session.diagnostics.count
        defer { if session.diagnostics.count > before { session.brokenTemplates.insert(entry.name) } }
        var template = TemplateDefinition(name: entry.name, text: nil, channels: [], mark: entry.mark)
        if let text = section.node("text") { template.text = session.localized(text, for: "'text' of \(title)") }
        for channel in session.catalogue.channels {
            guard let node = section.node(channel.kind.rawValue) else { continue }
            if let own = own(node, channel, title) { template.channels.append(own) }
            if !channel.capabilities.reachesPeople {
                section.idle(channel.kind.rawValue, "nothing is sent over such a channel")
            }
        }
        section.finish()
        if !section.has("text"), template.channels.isEmpty { section.missing("text") }
        return template
    }

    private func own(_ node: YAMLNode, _ channel: AdapterCatalogue.ChannelEntry, _ title: String) -> ChannelTemplate? {
        let title = "'\(channel.kind.rawValue)' of \(title)"
        guard let section = SectionReader(session, node, section: "channel_template", title: title) else { return nil }
        var own = ChannelTemplate(kind: channel.kind, contentIDs: [], variables: [], mark: node.mark)
        own.text = section.node("text").flatMap { session.localized($0, for: "'text' of \(title)") }
        own.contentIDs = section.node("content_sid").map(contentIDs) ?? []
        own.variables = section.node("variables").map(variables) ?? []
        own.say = section.node("say").flatMap { session.localized($0, for: "'say' of \(title)") }
        own.voicemail = section.node("voicemail").flatMap { session.localized($0, for: "'voicemail' of \(title)") }
        section.finish()
        refuse(["content_sid", "variables"], in: section, unless: channel.capabilities.hasTemplates)
        refuse(["say", "voicemail"], in: section, unless: channel.capabilities.intrusiveness == .call)
        if !own.variables.isEmpty, own.contentIDs.isEmpty {
            session.error(
                "missing_key", "\(title) has 'variables' but no 'content_sid' to put them into; add it",
                at: section.mark(of: "variables"))
        }
        return own
    }

    private func refuse(_ keys: [String], in section: SectionReader, unless isAble: Bool) {
        guard !isAble else { return }
        for key in keys where section.has(key) {
            session.error(
                "not_on_channel", "\(section.title) cannot have '\(key)', the channel has no such thing; remove it",
                at: section.mark(of: key))
        }
    }

    private func contentIDs(_ node: YAMLNode) -> [ChannelTemplate.LocalizedID] {
        session.perLocale(node, for: "'content_sid'").compactMap { entry in
            guard let scalar = session.scalar(entry.node, for: "'content_sid'"), !scalar.text.isEmpty else {
                return nil
            }
            return ChannelTemplate.LocalizedID(locale: entry.locale, id: scalar.text)
        }
    }

    private func variables(_ node: YAMLNode) -> [ChannelTemplate.Variable] {
        session.list(node, for: "'variables'").compactMap { item in
            guard let scalar = session.scalar(item, for: "'variables'") else { return nil }
            guard let template = session.compileExpression(scalar.text, at: item.mark) else {
                return nil
            }
            return ChannelTemplate.Variable(template: template)
        }
    }
}

extension ReadingSession {
    /// A text per locale; a single text is that of the default locale.
    func localized(_ node: YAMLNode, for what: String) -> LocalizedText? {
        let entries: [LocalizedText.Entry] = perLocale(node, for: what).compactMap { entry in
            guard let scalar = scalar(entry.node, for: what) else { return nil }
            guard !scalar.text.isEmpty else {
                error("missing_value", "\(what) is empty in '\(entry.locale)'; write the text", at: scalar.mark)
                return nil
            }
            guard let template = compile(scalar.text, at: entry.node.mark, for: what) else { return nil }
            return LocalizedText.Entry(locale: entry.locale, template: template, mark: entry.node.mark)
        }
        return entries.isEmpty ? nil : LocalizedText(entries: entries)
    }

    /// Values per locale; a single value is that of the default locale.
    func perLocale(_ node: YAMLNode, for what: String) -> [(locale: String, node: YAMLNode)] {
        if case .scalar = node.kind { return [(defaultLocale, node)] }
        return entries(node, for: what).compactMap { entry in
            if ScalarText.isLocale(entry.name) { return (entry.name, entry.node) }
            error(
                "invalid_locale", "'\(entry.name.prefix(60))' in \(what) is no locale; write one such as en or fr-CH",
                at: entry.mark)
            return nil
        }
    }

    func compile(_ source: String, at mark: YAMLMark, for what: String) -> Template? {
        do {
            return try Template(source)
        } catch {
            self.error("invalid_template", "\(what): \(error.message)", at: mark)
            return nil
        }
    }

    func compileExpression(_ source: String, at mark: YAMLMark) -> Template? {
        do {
            return try Template(expression: source)
        } catch {
            self.error("invalid_template", "'variables': \(error.message)", at: mark)
            return nil
        }
    }
}
