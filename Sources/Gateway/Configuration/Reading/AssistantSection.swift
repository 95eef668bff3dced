import YAML

/// Reads `assistants:`.
struct AssistantSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<AssistantDefinition> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'assistants'").compactMap(assistant))
    }

    private func assistant(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> AssistantDefinition? {
        let title = "assistant '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "assistant", title: title) else { return nil }
        let api = section.word("api", AssistantAPI.self)
        if !section.has("api") { section.missing("api") }
        let key = session.secret("key", of: section)?.value ?? ""
        let address = section.requiredURL("url", such: "https://example.com/v1/messages")
        if let (url, mark) = address, !key.isEmpty, !url.isSecure, !url.isLoopback {
            session.error("insecure_api", "the key of \(title) would go over plain HTTP; use https", at: mark)
        }
        let url = address?.url.text
        let definition = AssistantDefinition(
            name: entry.name, api: api ?? .anthropic, url: url ?? "",
            key: key, model: section.requiredText("model")?.text ?? "",
            instructions: section.requiredText("instructions")?.text ?? "",
            maxTokens: section.integer("max_tokens", in: 16...4_096) ?? 400,
            within: section.duration("within", in: .seconds(1) ... .seconds(3_600)) ?? .seconds(30),
            perDay: section.money("per_day"), inputPrice: section.money("input"), outputPrice: section.money("output"),
            mark: entry.mark)
        if definition.perDay != nil, definition.inputPrice == nil || definition.outputPrice == nil {
            session.error(
                "limit_without_prices",
                "\(title) has a limit of costs but no prices; add 'input' and 'output', for a million tokens each",
                at: section.mark(of: "per_day"))
        }
        section.finish()
        return api == nil || url == nil ? nil : definition
    }
}

/// Reads `assist:` of a rule.
struct AssistSection {
    let session: ReadingSession

    func read(_ node: YAMLNode, of rule: String) -> AssistAction? {
        guard let section = SectionReader(session, node, section: "assist", title: "'assist' of \(rule)") else {
            return nil
        }
        let assistant = section.requiredText("with")
        if let assistant { session.refer(to: .assistant, assistant.text, at: assistant.mark) }
        let mode = section.word("mode", AssistAction.Mode.self) ?? .draft
        let otherwise = section.reference("otherwise", to: .template)
        if mode == .draft, otherwise != nil {
            section.idle("otherwise", "a draft waits for a person anyway")
        }
        let action = AssistAction(
            assistant: assistant?.text ?? "", mode: mode, otherwise: otherwise,
            history: section.integer("history", in: 0...50) ?? 10,
            documents: section.integer("documents", in: 0...10) ?? 3)
        section.finish()
        return assistant == nil ? nil : action
    }
}
