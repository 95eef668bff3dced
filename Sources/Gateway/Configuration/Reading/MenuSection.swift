import PhoneNumbers
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
        let say = section.requiredNode("say").flatMap { session.localized($0, for: "'say' of \(title)") }
        let gather = gather(section.node("gather"), title)
        let options = section.requiredNode("options").map { self.options($0, gather, title) } ?? []
        let otherwise = section.node("otherwise").flatMap { step($0, "'otherwise' of \(title)", menu: entry.name) }
        section.finish()
        guard let say else { return nil }
        return MenuDefinition(
            name: entry.name, say: say, gather: gather, options: options,
            otherwise: otherwise ?? MenuStep(say: nil, next: .menu(entry.name)), mark: entry.mark)
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
        if gather.takesSpeech { section.idle("speech", "options are chosen by keys alone") }
        section.finish()
        return gather
    }

    private func options(_ node: YAMLNode, _ gather: GatherSettings, _ title: String) -> [MenuOption] {
        let menu = String(title.dropFirst(6).dropLast())
        return session.entries(node, for: "'options' of \(title)").compactMap { entry in
            let isKeys = !entry.name.isEmpty && entry.name.allSatisfy { "0123456789*#".contains($0) }
            guard isKeys, entry.name.utf8.count <= gather.digits else {
                session.error(
                    "invalid_keys",
                    "'\(entry.name.prefix(60))' cannot be pressed here; write at most \(gather.digits) of 0–9, * and #",
                    at: entry.mark)
                return nil
            }
            let owner = "option '\(entry.name)' of \(title)"
            return step(entry.node, owner, menu: menu).map { MenuOption(keys: entry.name, step: $0) }
        }
    }

    /// `menu` is the one that goes on when the step says nothing.
    private func step(_ node: YAMLNode, _ owner: String, menu: String) -> MenuStep? {
        guard let section = SectionReader(session, node, section: "menu_step", title: owner) else { return nil }
        let say = section.node("say").flatMap { session.localized($0, for: "'say' of \(owner)") }
        let target = section.reference("menu", to: .menu)
        let search = section.node("search").flatMap { SearchSection(session: session).read($0, of: owner) }
        let review = section.value("review", "a name of letters, digits, '_', '.' and '-'") {
            ScalarText.isName($0) ? $0 : nil
        }
        let hangsUp = section.boolean("hangup") ?? false
        let dial = dial(section, owner, menu: menu)
        section.finish()
        let chosen = ["dial", "search", "review", "hangup"].filter(section.has)
        if chosen.count > 1 {
            session.error("two_actions", "\(owner) has \(chosen.joined(separator: " and ")); keep one", at: node.mark)
        }
        let next: MenuNext
        if let dial {
            next = dial
        } else if let search {
            next = .search(search, then: target)
        } else if let review {
            next = .review(kind: review)
        } else {
            next = hangsUp ? .hangup : .menu(target ?? menu)
        }
        return MenuStep(say: say, next: next)
    }

    private func dial(_ section: SectionReader, _ owner: String, menu: String) -> MenuNext? {
        let fallback = section.node("otherwise")
        guard let scalar = section.scalar("dial") else {
            if let fallback {
                session.error(
                    "missing_key", "'otherwise' of \(owner) belongs to 'dial', which is missing", at: fallback.mark)
            }
            return nil
        }
        let otherwise = fallback.flatMap { step($0, "'otherwise' of \(owner)", menu: menu) }
        if scalar.text.isEmpty { return .dial(number: nil, otherwise: otherwise) }
        guard let number = try? E164(parsing: scalar.text) else {
            session.error(
                "invalid_number", "\(scalar.shown) is no number to dial; write it as \"+41791234567\"", at: scalar.mark)
            return nil
        }
        section.idle("otherwise", "a call that is connected ends with it, also when nobody answers")
        return .dial(number: number.text, otherwise: otherwise)
    }
}
