/// The help of a command, 80 columns wide.
public enum HelpText {
    static let width = 80

    /// The help of the command that the path names below the program, ended by a line feed.
    public static func text(of program: CommandSpec, path: [String] = []) -> String {
        let chain = program.chain(path)
        let command = chain.last ?? program
        var lines = ["Usage: " + usage(chain), ""]
        lines += wrap(command.summary, indent: 0)
        if !command.discussion.isEmpty { lines += [""] + discussion(command.discussion) }
        let shown = command.subcommands.filter { !$0.isHidden }
        lines += section("Commands", shown.map { ($0.name, $0.summary) })
        lines += section("Arguments", command.positionals.map { ($0.title, $0.help) })
        lines += section("Options", (command.options + [CommandSpec.help]).map { ($0.title, description(of: $0)) })
        let inherited = chain.dropLast().flatMap(\.options)
        lines += section("Options of every command", inherited.map { ($0.title, description(of: $0)) })
        return lines.joined(separator: "\n") + "\n"
    }

    private static func usage(_ chain: [CommandSpec]) -> String {
        var words = chain.map(\.name)
        guard let command = chain.last else { return "" }
        if chain.contains(where: { !$0.options.isEmpty }) { words.append("[OPTIONS]") }
        if !command.subcommands.isEmpty { words.append(command.runsAlone ? "[COMMAND]" : "COMMAND") }
        return (words + command.positionals.map(\.title)).joined(separator: " ")
    }

    private static func description(of option: OptionSpec) -> String {
        var text = option.help
        if let value = option.defaultValue { text += " Default: \(value)." }
        if option.isRepeatable { text += " May be repeated." }
        return text
    }

    private static func section(_ title: String, _ rows: [(String, String)]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let column = min(26, (rows.map(\.0.count).max() ?? 0) + 4)
        var lines = ["", title + ":"]
        for (name, help) in rows {
            let wrapped = wrap(help, indent: column)
            let fits = name.count + 4 <= column
            lines.append("  " + name)
            if fits, let first = wrapped.first {
                lines[lines.count - 1] += String(first.dropFirst(name.count + 2))
            }
            lines += fits ? wrapped.dropFirst() : wrapped[...]
        }
        return lines
    }

    private static func discussion(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            line.hasPrefix(" ") || line.isEmpty ? [String(line)] : wrap(String(line), indent: 0)
        }
    }

    private static func wrap(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = margin
        for word in text.split(separator: " ") {
            if line.count > indent, line.count + 1 + word.count > width {
                lines.append(line)
                line = margin
            }
            line += (line.count > indent ? " " : "") + word
        }
        if line.count > indent { lines.append(line) }
        return lines
    }
}
