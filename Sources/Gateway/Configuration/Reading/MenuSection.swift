import YAML

/// Reads `menus:`.
struct MenuSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<MenuDefinition> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'menus'").compactMap(menu))
    }

    private func menu(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> MenuDefinition? {
        let title = "menu '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "menu", title: title) else { return nil }
        let steps = MenuStepSection(session: session, menu: entry.name)
        let prompt = steps.prompt(section, title)
        if !section.has("say"), !section.has("play") { section.missing("say") }
        let voices = section.node("voice").map { self.voices($0, title) } ?? [:]
        let gather = gather(section.node("gather"), title)
        let opening = section.node("open").flatMap { self.opening($0, title, steps) }
        let options = section.requiredNode("options").map { self.options($0, gather, title, steps) } ?? []
        let otherwise = section.node("otherwise").flatMap { steps.read($0, "'otherwise' of \(title)") }
        let repeats = section.integer("repeat", in: 0...10) ?? 3
        let finally = section.node("finally").flatMap { steps.read($0, "'finally' of \(title)") }
        section.finish()
        guard !prompt.isEmpty else { return nil }
        return MenuDefinition(
            name: entry.name, prompt: prompt, voices: voices, gather: gather, opening: opening, options: options,
            otherwise: otherwise ?? MenuStep(.menu(entry.name)), repeats: repeats,
            finally: finally ?? MenuStep(.hangup), mark: entry.mark)
    }

    /// One voice for every language, or one for each of some.
    private func voices(_ node: YAMLNode, _ title: String) -> [String: String] {
        if case .scalar = node.kind {
            guard let scalar = session.scalar(node, for: "'voice'"), !scalar.text.isEmpty else { return [:] }
            return ["*": scalar.text]
        }
        var voices: [String: String] = [:]
        for entry in session.entries(node, for: "'voice' of \(title)") {
            guard let scalar = session.scalar(entry.node, for: "'voice'"), !scalar.text.isEmpty else { continue }
            voices[entry.name.lowercased()] = scalar.text
        }
        return voices
    }

    private func gather(_ node: YAMLNode?, _ title: String) -> GatherSettings {
        var gather = GatherSettings(digits: 1, timeout: .seconds(10), takesSpeech: false)
        guard let node, let section = SectionReader(session, node, section: "gather", title: "'gather' of \(title)")
        else {
            return gather
        }
        gather.digits = section.integer("digits", in: 1...10) ?? 1
        gather.timeout = section.duration("timeout", in: .seconds(1) ... .seconds(60)) ?? .seconds(10)
        gather.takesSpeech = section.boolean("speech") ?? false
        section.finish()
        return gather
    }

    private func opening(_ node: YAMLNode, _ title: String, _ steps: MenuStepSection) -> MenuOpening? {
        let owner = "'open' of \(title)"
        guard let section = SectionReader(session, node, section: "menu_open", title: owner) else { return nil }
        if !section.has("times") { section.missing("times") }
        let times = section.reference("times", to: .times)
        let otherwise = section.requiredNode("otherwise").flatMap { steps.read($0, "'otherwise' of \(owner)") }
        section.finish()
        guard let times, let otherwise else { return nil }
        return MenuOpening(times: times, otherwise: otherwise)
    }

    private func options(
        _ node: YAMLNode, _ gather: GatherSettings, _ title: String, _ steps: MenuStepSection
    ) -> [MenuOption] {
        session.entries(node, for: "'options' of \(title)").compactMap { entry in
            guard MenuOption.isKeys(entry.name), entry.name.utf8.count <= gather.digits else {
                session.error(
                    "invalid_keys",
                    "'\(entry.name.prefix(60))' cannot be pressed here; write at most \(gather.digits) of 0–9, * and #",
                    at: entry.mark)
                return nil
            }
            let owner = "option '\(entry.name)' of \(title)"
            guard let (step, words) = steps.option(entry.node, owner, takesSpeech: gather.takesSpeech) else {
                return nil
            }
            return MenuOption(keys: entry.name, words: words, step: step)
        }
    }
}
