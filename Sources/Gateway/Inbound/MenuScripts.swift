import Templates
import Zones

/// What a caller hears of a menu, and where a key leads. Pure.
struct MenuScripts {
    let directory: ConfigurationDirectory
    /// The call, who calls, and what the searches found.
    let inbound: InboundContext

    private var fallback: String { directory.configuration.gateway.defaultLocale }
    private var locale: String { inbound.locale ?? fallback }

    /// The document for a call: the menu itself, or what the pressed key does.
    func script(menu name: String, call: InboundCall) -> CallScript {
        let current = call.menu ?? name
        guard let menu = directory.configuration.menus[current] else { return CallScript([.hangup]) }
        let turn = call.nextTurn
        guard !call.digits.isEmpty else { return CallScript(verbs(of: menu, turn: turn, say: nil)) }
        return CallScript(follow(menu.step(for: call.digits), from: menu, turn: turn, depth: 0))
    }

    /// The review that the pressed key opens; `nil` for none.
    func review(menu name: String, call: InboundCall) -> String? {
        switch chosen(menu: name, call: call)?.next {
        case .review(let kind): kind
        case .search(let search, _) where !inbound.contactVerified:
            search.unverified == nil ? "unverified_sender" : nil
        case .search(let search, _): found(search) == nil ? "search_failed" : nil
        default: nil
        }
    }

    /// The search that the pressed key asks for; `nil` for none.
    func search(menu name: String, call: InboundCall) -> SearchAction? {
        guard case .search(let search, _)? = chosen(menu: name, call: call)?.next else { return nil }
        return search
    }

    /// What the pressed key comes to: a number that is not set leads on.
    private func chosen(menu name: String, call: InboundCall) -> MenuStep? {
        guard !call.digits.isEmpty, let menu = directory.configuration.menus[call.menu ?? name] else { return nil }
        var step = menu.step(for: call.digits)
        for _ in 0..<4 {
            guard case .dial(let number, let otherwise?) = step.next, (number ?? "").isEmpty else { return step }
            step = otherwise
        }
        return nil
    }

    private func found(_ search: SearchAction) -> DocumentsFound? {
        inbound.found.first { $0.search.action == search }
    }

    /// What is said of a search: nothing of a boat to somebody who is not verified.
    private func spoken(_ search: SearchAction) -> CallVerb? {
        if !inbound.contactVerified { return search.unverified.flatMap { spoken(template: $0, [:]) } }
        return found(search).flatMap { spoken(template: $0.template, $0.values) }
    }

    private func spoken(template name: String, _ values: [String: TemplateValue]) -> CallVerb? {
        directory.configuration.templates[name]?.spoken(for: .voice, locale: locale, fallback: fallback).flatMap {
            say($0, values)
        }
    }

    private func follow(_ step: MenuStep, from menu: MenuDefinition, turn: Int, depth: Int) -> [CallVerb] {
        let said = step.say.flatMap(spoken).map { [$0] } ?? []
        switch step.next {
        case .menu(let name):
            let next = directory.configuration.menus[name] ?? menu
            return verbs(of: next, turn: turn, say: said.first)
        case .dial(let number, let otherwise):
            guard let number, !number.isEmpty else {
                guard let otherwise, depth < 4 else { return said + [.hangup] }
                return said + follow(otherwise, from: menu, turn: turn, depth: depth + 1)
            }
            return said + [.dial(number: number, callerID: nil, action: nil)]
        case .search(let search, let then):
            let next = then.flatMap { directory.configuration.menus[$0] } ?? menu
            return said + [spoken(search)].compactMap { $0 } + verbs(of: next, turn: turn, say: nil)
        case .review, .hangup: return said + [.hangup]
        }
    }

    /// The menu in a Gather; when nothing is pressed it is asked for again.
    private func verbs(of menu: MenuDefinition, turn: Int, say: CallVerb?) -> [CallVerb] {
        let action = CallAction(purpose: "menu-select", turn: String(turn), menu: menu.name)
        let entry = menu.say.entry(for: locale, fallback: fallback)
        let prompt = [say, spoken(menu.say)].compactMap { $0 }
        var gather = CallGather(
            digits: menu.gather.digits, timeoutSeconds: max(1, Int(menu.gather.timeout.milliseconds / 1_000)),
            language: entry?.locale ?? locale, action: action, prompt: prompt)
        gather.takesSpeech = menu.gather.takesSpeech
        return [.gather(gather), .redirect(action)]
    }

    private func spoken(_ text: LocalizedText) -> CallVerb? {
        text.entry(for: locale, fallback: fallback).flatMap { say($0, [:]) }
    }

    private func say(_ entry: LocalizedText.Entry, _ values: [String: TemplateValue]) -> CallVerb? {
        let zone = ZoneCache.zone(directory.configuration.gateway.timeZone)
        let context = TemplateContext(locale: entry.locale, zone: zone, values: values)
        return (try? entry.template.render(in: context)).map { .say($0, language: entry.locale) }
    }
}
