import Arguments
import Gateway
import Zones

/// `gateway menu`: walks through a menu in the terminal, or draws it.
struct MenuCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let file = parsed.value("config") ?? CommandTree.defaultConfiguration
        let configuration = try ConfigCommand.configuration(file, context)
        let name = parsed.value("NAME") ?? ""
        guard configuration.menus[name] != nil else {
            let known = configuration.menus.names.joined(separator: ", ")
            let list = known.isEmpty ? "it has none" : "it has " + known
            throw CommandFailure("unknown_menu", "\(file) has no menu '\(name)'; \(list)", exit: 2)
        }
        if parsed.value("output") == "mermaid" {
            context.output.write(MenuChart(configuration).text(from: name))
            return 0
        }
        let directory = try makeDirectory(
            configuration, publicURL: configuration.gateway.publicURL ?? Self.nowhere, simulatorBase: Self.nowhere)
        var rehearsal = MenuRehearsal(
            directory, menu: name, locale: parsed.value("locale"), at: try time(parsed),
            isVerified: !parsed.has("unverified"))
        walk(&rehearsal)
        return 0
    }

    /// Nothing is asked of any address.
    private static let nowhere = "http://127.0.0.1"

    private func time(_ parsed: ParsedCommand) throws(CommandFailure) -> Timestamp {
        guard let text = parsed.value("at") else { return context.clock.now }
        guard let milliseconds = try? DateText.parseRFC3339(text) else {
            let advice = "write one such as 2026-11-23T22:30:00Z"
            throw CommandFailure("invalid_time", "'\(text)' is no time; \(advice)", exit: 2)
        }
        return Timestamp(milliseconds: milliseconds)
    }

    private func walk(_ rehearsal: inout MenuRehearsal) {
        var turn = rehearsal.begin()
        while true {
            show(turn)
            guard !turn.isLast else { return }
            guard let line = context.readLine() else { return }
            let text = line.filter { $0 != "\r" }
            if text == "q" { return }
            guard let next = rehearsal.go(on: Self.choice(text, turn)) else {
                context.complain("that is not what the call waits for")
                continue
            }
            turn = next
        }
    }

    private static func choice(_ text: String, _ turn: MenuRehearsal.Turn) -> MenuRehearsal.Choice {
        guard turn.menu != nil else {
            for case .record in turn.script.verbs { return .recorded }
            return .taken(text.hasPrefix("y"))
        }
        if text.allSatisfy({ $0 == " " }) { return .silence }
        return text.allSatisfy { "0123456789*#".contains($0) } ? .keys(text) : .words(text)
    }

    // MARK: what is shown

    private func show(_ turn: MenuRehearsal.Turn) {
        if let search = turn.search { tell("looks up", search.type.map { "documents of type \($0)" } ?? "documents") }
        for verb in turn.script.verbs { show(verb, turn) }
        if let review = turn.review { tell("review", review) }
    }

    private func show(_ verb: CallVerb, _ turn: MenuRehearsal.Turn) {
        switch verb {
        case .say(let text, let language, let voice):
            tell("says", [language, voice].compactMap { $0 }.joined(separator: ", ") + ": " + text)
        case .play(let url): tell("plays", url)
        case .pause(let seconds): tell("waits", "\(seconds) s")
        case .gather(let gather):
            for verb in gather.prompt { show(verb, turn) }
            let keys = gather.digits == 1 ? "a key" : "up to \(gather.digits) keys"
            let words = gather.takesSpeech ? " or words" : ""
            tell(
                "menu " + (turn.menu ?? ""),
                "\(keys)\(words), \(gather.timeoutSeconds) s; an empty line is silence, q ends")
        case .dial(let dial):
            let order = dial.numbers.count == 1 ? "" : dial.isInTurn ? " in turn" : " at once"
            let time = "\(order), \(dial.ringSeconds) s; does somebody take it? (y/n)"
            tell("dials", dial.numbers.joined(separator: ", ") + time)
        case .record(let recording): tell("records", "up to \(recording.maxSeconds) s; press return when it is spoken")
        case .redirect, .reject: break
        case .hangup: if turn.isLast { tell("hangs up", "") }
        }
    }

    private func tell(_ what: String, _ text: String) {
        context.print(PlainText.lines(what + (text.isEmpty ? "" : "  " + text)).joined(separator: " "))
    }
}
