/// Whether callers get out of every menu, and into it.
struct MenuChecks {
    let session: ReadingSession
    let configuration: GatewayConfiguration

    func run() {
        checkReach()
        for menu in configuration.menus {
            checkEnd(of: menu)
            checkWords(of: menu)
        }
    }

    // MARK: ends

    /// Whoever chooses nothing is led on by `finally`, and past closed menus; that must end somewhere. Menus that lead to
    /// each other while they are closed alone end the call.
    private func checkEnd(of menu: MenuDefinition) {
        var seen: [String] = []
        var waiting = led(from: menu, by: [.finally])
        while let name = waiting.popLast() {
            if name == menu.name {
                session.error(
                    "endless_menu",
                    "whoever chooses nothing in menu '\(menu.name)' comes back to it for ever; end 'finally' with hangup, "
                        + "review or voicemail", at: menu.mark)
                return
            }
            guard !seen.contains(name), let next = configuration.menus[name] else { continue }
            seen.append(name)
            waiting += led(from: next, by: [.finally, .closed])
        }
    }

    /// The menus to which somebody comes without a choice.
    private func led(from menu: MenuDefinition, by origins: [MenuPlace.Origin]) -> [String] {
        menu.steps.compactMap { place, step in
            origins.contains(place.origin) ? target(of: step.next, in: menu) : nil
        }
    }

    private func target(of next: MenuNext, in menu: MenuDefinition) -> String? {
        switch next {
        case .menu(let name): name
        case .search(_, let then): then ?? menu.name
        case .dial, .review, .voicemail, .hangup: nil
        }
    }

    // MARK: ways in

    private func checkReach() {
        guard !configuration.inboundRules.isEmpty else { return }
        var reached = Set(
            configuration.inboundRules.flatMap(\.actions).compactMap { step in
                if case .menu(let name) = step.action { name } else { nil }
            })
        var waiting = Array(reached)
        while let name = waiting.popLast() {
            guard let menu = configuration.menus[name] else { continue }
            for target in menu.steps.compactMap({ target(of: $0.step.next, in: menu) })
            where reached.insert(target).inserted {
                waiting.append(target)
            }
        }
        for menu in configuration.menus where !reached.contains(menu.name) {
            session.warning(
                "unreachable_menu",
                "no inbound rule and no menu leads to menu '\(menu.name)'; remove it, or lead to it",
                at: menu.mark)
        }
    }

    // MARK: words

    /// The first option whose words are said is chosen, so the same words further down lead nowhere.
    private func checkWords(of menu: MenuDefinition) {
        var earlier: [(keys: String, words: [String])] = []
        for option in menu.options {
            let phrases = option.words.map { SearchWords.all(in: $0) }
            for phrase in phrases {
                guard let taken = earlier.first(where: { Self.contains(phrase, $0.words) }) else { continue }
                session.warning(
                    "unreachable_words",
                    "'\(phrase.joined(separator: " "))' in option '\(option.keys)' of menu '\(menu.name)' "
                        + "is never chosen: option '\(taken.keys)' comes first; change one of them", at: menu.mark)
            }
            earlier += phrases.filter { !$0.isEmpty }.map { (option.keys, $0) }
        }
    }

    private static func contains(_ phrase: [String], _ words: [String]) -> Bool {
        guard words.count <= phrase.count else { return false }
        return (0...(phrase.count - words.count)).contains { phrase[$0...].starts(with: words) }
    }
}
