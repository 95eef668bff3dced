import Zones

/// The way through menus that one request of a call takes: the steps that are carried out, and where it ends. Pure.
struct MenuWalk {
    /// A step, and where it stands.
    struct Stop {
        var menu: MenuDefinition
        var place: MenuPlace
        var step: MenuStep
    }

    /// What is carried out, in order.
    private(set) var stops: [Stop] = []
    /// The menu that is asked at the end, with how often it was without a choice; `nil` where the way ends with the last
    /// step.
    private(set) var asked: (menu: MenuDefinition, rounds: Int)?
    /// The step that only somebody who proves who they are may take; the way ends before it.
    private(set) var guarded: Stop?
    /// The language that somebody chose.
    private(set) var language: String?

    private let configuration: GatewayConfiguration
    private let now: Timestamp
    /// More steps than a way can have without going round: menus that are closed can lead to each other.
    private static let limit = 12

    private let isProven: Bool

    /// - Parameters:
    ///   - name: the menu with which the rule answers calls.
    ///   - isProven: the caller may take steps that need a PIN.
    init(
        menu name: String, call: InboundCall, in configuration: GatewayConfiguration, now: Timestamp, isProven: Bool
    ) {
        self.configuration = configuration
        self.isProven = isProven
        self.now = now
        language = call.language
        guard let menu = configuration.menus[call.menu ?? name] else { return }
        switch call.purpose {
        case "support-transfer", "voicemail":
            // What was dialled or recorded came to its end.
            guard !call.wasConnected, call.purpose == "support-transfer",
                let place = call.place.flatMap(MenuPlace.init), let step = menu.step(at: place.deeper)
            else { return }
            carryOut(step, at: place.deeper, of: menu, rounds: 0)
        case "menu-pin":
            guard let place = call.place.flatMap(MenuPlace.init), let step = menu.step(at: place) else { return }
            carryOut(step, at: place, of: menu, rounds: 0)
        default:
            if call.menu == nil {
                enter(menu)
            } else {
                answer(call, menu)
            }
        }
    }

    /// The last step, where it ends the way.
    var end: Stop? { asked == nil && guarded == nil ? stops.last : nil }

    /// The search that the way asks for, with its menu.
    var search: SearchAction? {
        for stop in stops { if case .search(let search, _) = stop.step.next { return search } }
        return nil
    }

    private mutating func answer(_ call: InboundCall, _ menu: MenuDefinition) {
        guard let place = Self.choice(call, menu) else {
            if call.rounds > menu.repeats { return giveUp(menu) }
            return asked = (menu, call.rounds)
        }
        guard place.origin == .otherwise else {
            if let step = menu.step(at: place) { carryOut(step, at: place, of: menu, rounds: 0) }
            return
        }
        if call.rounds >= menu.repeats { return giveUp(menu) }
        carryOut(menu.otherwise, at: place, of: menu, rounds: call.rounds + 1)
    }

    private mutating func giveUp(_ menu: MenuDefinition) {
        carryOut(menu.finally, at: MenuPlace(.finally), of: menu, rounds: 0)
    }

    /// Where keys or words lead; `nil` when nothing was chosen.
    private static func choice(_ call: InboundCall, _ menu: MenuDefinition) -> MenuPlace? {
        if !call.digits.isEmpty { return menu.choice(of: call.digits) }
        guard let speech = call.speech else { return nil }
        let spoken = SearchWords.all(in: speech)
        let option = menu.options.first { option in option.words.contains { isSaid($0, in: spoken) } }
        // Who says a digit means the key.
        let keys = option?.keys ?? spoken.first { word in menu.options.contains { $0.keys == word } }
        return MenuPlace(keys.map(MenuPlace.Origin.option) ?? .otherwise)
    }

    private static func isSaid(_ words: String, in spoken: [String]) -> Bool {
        let words = SearchWords.all(in: words)
        guard !words.isEmpty, words.count <= spoken.count else { return false }
        return (0...(spoken.count - words.count)).contains { spoken[$0...].starts(with: words) }
    }

    private mutating func enter(_ menu: MenuDefinition) {
        if let opening = menu.opening, let times = configuration.times[opening.times],
            !times.contains(now, in: ZoneCache.zone(configuration.gateway.timeZone))
        {
            return carryOut(opening.otherwise, at: MenuPlace(.closed), of: menu, rounds: 0)
        }
        asked = (menu, 0)
    }

    private mutating func carryOut(_ step: MenuStep, at place: MenuPlace, of menu: MenuDefinition, rounds: Int) {
        guard stops.count < Self.limit else { return }
        if step.needsPIN, !isProven { return guarded = Stop(menu: menu, place: place, step: step) }
        stops.append(Stop(menu: menu, place: place, step: step))
        language = step.language ?? language
        switch step.next {
        case .menu(let name):
            // Whoever is in it stays in it when it closes.
            guard name != menu.name || place.origin == .closed else { return asked = (menu, rounds) }
            if let next = configuration.menus[name] { enter(next) }
        case .search(_, let then): asked = (then.flatMap { configuration.menus[$0] } ?? menu, 0)
        case .dial(let dial) where dial.numbers.isEmpty:
            if let otherwise = dial.otherwise { carryOut(otherwise, at: place.deeper, of: menu, rounds: rounds) }
        case .dial, .review, .voicemail, .hangup: break
        }
    }
}
