import Templates
import Zones

/// What a caller hears of a menu, and where a key leads. Pure.
struct MenuScripts {
    let directory: ConfigurationDirectory

    private var locale: String { directory.configuration.gateway.defaultLocale }

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
        guard !call.digits.isEmpty, let menu = directory.configuration.menus[call.menu ?? name] else { return nil }
        var step = menu.step(for: call.digits)
        for _ in 0..<4 {
            switch step.next {
            case .review(let kind): return kind
            case .dial(let number, let otherwise?) where (number ?? "").isEmpty: step = otherwise
            default: return nil
            }
        }
        return nil
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
        case .search, .review, .hangup: return said + [.hangup]
        }
    }

    /// The menu in a Gather; when nothing is pressed it is asked for again.
    private func verbs(of menu: MenuDefinition, turn: Int, say: CallVerb?) -> [CallVerb] {
        let action = CallAction(purpose: "menu-select", turn: String(turn), menu: menu.name)
        let entry = menu.say.entry(for: locale, fallback: locale)
        let prompt = [say, spoken(menu.say)].compactMap { $0 }
        var gather = CallGather(
            digits: menu.gather.digits, timeoutSeconds: max(1, Int(menu.gather.timeout.milliseconds / 1_000)),
            language: entry?.locale ?? locale, action: action, prompt: prompt)
        gather.takesSpeech = menu.gather.takesSpeech
        return [.gather(gather), .redirect(action)]
    }

    private func spoken(_ text: LocalizedText) -> CallVerb? {
        guard let entry = text.entry(for: locale, fallback: locale) else { return nil }
        let zone = ZoneCache.zone(directory.configuration.gateway.timeZone)
        let context = TemplateContext(locale: entry.locale, zone: zone, values: [:])
        return (try? entry.template.render(in: context)).map { .say($0, language: entry.locale) }
    }
}
