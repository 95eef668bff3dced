extension CompletionScript {
    static func fish(_ program: CommandSpec) -> String {
        var lines = [
            "# Completions of \(program.name); made by the program itself.", "complete -c \(program.name) -f",
        ]
        for entry in entries(program) {
            let condition = condition(entry)
            for child in entry.children {
                lines.append(
                    "complete -c \(program.name) -n \(quoted(condition)) -a \(quoted(child.name)) "
                        + "-d \(fishText(child.summary))")
            }
            let own = entry.command.options + (entry.path.isEmpty ? [CommandSpec.help] : [])
            // The options of the program hold everywhere; fish knows no narrower place for them.
            let place = entry.path.isEmpty ? "" : " -n \(quoted(condition))"
            for option in own {
                lines.append("complete -c \(program.name)\(place) \(fishOption(option)) -d \(fishText(option.help))")
            }
            if entry.command.positionals.last?.completion == .files {
                lines.append("complete -c \(program.name) -n \(quoted(condition)) -F")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func condition(_ entry: Entry) -> String {
        var parts = entry.path.map { "__fish_seen_subcommand_from \($0)" }
        if !entry.children.isEmpty {
            parts.append("not __fish_seen_subcommand_from \(entry.children.map(\.name).joined(separator: " "))")
        }
        return parts.isEmpty ? "true" : parts.joined(separator: "; and ")
    }

    private static func fishOption(_ option: OptionSpec) -> String {
        var words = ["-l \(option.name)"]
        if let short = option.short { words.append("-s \(short)") }
        if option.isFlag { return words.joined(separator: " ") }
        words.append("-r")
        if !option.choices.isEmpty {
            words.append("-f -a \(quoted(option.choices.joined(separator: " ")))")
        } else if option.completion != .none {
            words.append("-F")
        }
        return words.joined(separator: " ")
    }

    /// Fish reads backslashes within single quotes, the other shells do not.
    private static func fishText(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
