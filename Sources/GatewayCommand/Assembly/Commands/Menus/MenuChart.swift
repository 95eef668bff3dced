import Gateway

/// Menus as a flow chart in Mermaid's language (mermaid.js.org), which many viewers of Markdown draw.
struct MenuChart {
    private let configuration: GatewayConfiguration

    init(_ configuration: GatewayConfiguration) { self.configuration = configuration }

    /// The menu, and all to which it leads.
    func text(from name: String) -> String {
        var lines = ["flowchart TD"]
        var drawn: [String] = []
        var waiting = [name]
        while !waiting.isEmpty {
            let name = waiting.removeFirst()
            guard !drawn.contains(name), let menu = configuration.menus[name] else { continue }
            drawn.append(name)
            lines.append("  \(Self.id(name))[\"\(Self.escaped("menu " + name))\"]")
            for (place, step) in menu.steps {
                lines += edge(menu, place, step)
                if case .menu(let target) = step.next { waiting.append(target) }
                if case .search(_, let then?) = step.next { waiting.append(then) }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func edge(_ menu: MenuDefinition, _ place: MenuPlace, _ step: MenuStep) -> [String] {
        // The menu again is what everybody expects of a wrong key.
        if place == MenuPlace(.otherwise), case .menu(let target) = step.next, target == menu.name { return [] }
        var from = Self.id(menu.name)
        var label = place.text
        if place.depth > 0 {
            var above = place
            above.depth -= 1
            from = Self.id(menu.name, above)
            label = "nobody"
        }
        let arrow = "  \(from) -->|\"\(Self.escaped(label))\"| "
        let box = Self.id(menu.name, place)
        switch step.next {
        case .menu(let target): return [arrow + Self.id(target)]
        case .search(let search, let then):
            return [
                arrow + box + "[/\"\(Self.escaped("search " + (search.type ?? "all")))\"/]",
                "  \(box) --> \(Self.id(then ?? menu.name))",
            ]
        case .dial(let dial):
            let numbers = dial.numbers.isEmpty ? "no number" : dial.numbers.joined(separator: ", ")
            return [arrow + box + "{{\"\(Self.escaped("dial " + numbers))\"}}"]
        case .review(let kind): return [arrow + box + "([\"\(Self.escaped("review " + kind))\"])"]
        case .voicemail(let voicemail):
            return [arrow + box + "([\"\(Self.escaped("voicemail, review " + voicemail.review))\"])"]
        case .hangup: return [arrow + box + "([\"hang up\"])"]
        }
    }

    /// Letters, digits and `_` alone, and no two names alike.
    private static func id(_ menu: String, _ place: MenuPlace? = nil) -> String {
        let text = "m_" + menu + (place.map { "__" + $0.text } ?? "")
        return text.utf8.reduce(into: "") { id, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: id.append(Character(Unicode.Scalar(byte)))
            default: id += "_" + String(byte, radix: 16) + "_"
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "\"" ? "#quot;" : String($1) }
    }
}
