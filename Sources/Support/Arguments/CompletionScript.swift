/// Scripts that teach a shell to complete a program's commands, options and values.
public enum CompletionScript {
    /// The script for a shell, made from the declaration alone; hidden commands are left out.
    public static func text(for shell: Shell, of program: CommandSpec) -> String {
        switch shell {
        case .bash: bash(program)
        case .zsh: zshHead + bash(program)
        case .fish: fish(program)
        }
    }

    /// Zsh understands the script for Bash once it is told to; the script is to be sourced.
    private static let zshHead = """
        (( $+functions[compdef] )) || { autoload -U compinit && compinit; }
        autoload -U +X bashcompinit && bashcompinit

        """

    /// A command with the words that lead to it and the options that hold for it.
    struct Entry {
        let path: [String]
        let command: CommandSpec
        let options: [OptionSpec]
        var children: [CommandSpec] { command.subcommands.filter { !$0.isHidden } }
    }

    static func entries(_ program: CommandSpec) -> [Entry] {
        var found: [Entry] = []
        var waiting = [Entry(path: [], command: program, options: [CommandSpec.help] + program.options)]
        while let entry = waiting.popLast() {
            found.append(entry)
            waiting += entry.children.reversed().map {
                Entry(path: entry.path + [$0.name], command: $0, options: entry.options + $0.options)
            }
        }
        return found
    }

    private static func bash(_ program: CommandSpec) -> String {
        let function = "_" + identifier(program.name)
        let entries = entries(program)
        var lines = [
            "# Completions of \(program.name); made by the program itself.",
            "\(function)() {",
            "    local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"\" path=\"\" word i",
            "    if [ \"$COMP_CWORD\" -gt 0 ]; then previous=\"${COMP_WORDS[COMP_CWORD-1]}\"; fi",
            "    # Bash makes three words of --name=value.",
            "    if [ \"$current\" = '=' ]; then current=''; previous=\"${COMP_WORDS[COMP_CWORD-1]}\"",
            "    elif [ \"$previous\" = '=' ]; then previous=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi",
            "    COMPREPLY=()",
            "    for ((i = 1; i < COMP_CWORD; i++)); do",
            "        word=\"${COMP_WORDS[i]}\"",
            "        case \"$path/$word\" in",
        ]
        let paths = entries.dropFirst().map { quoted("/" + $0.path.joined(separator: "/")) }
        if !paths.isEmpty { lines.append("            \(paths.joined(separator: "|"))) path=\"$path/$word\" ;;") }
        lines += ["        esac", "    done", "    case \"$path\" in"]
        for entry in entries {
            let path = entry.path.isEmpty ? "" : "/" + entry.path.joined(separator: "/")
            lines.append("        \(quoted(path)))")
            lines += bashValues(entry.options)
            lines += bashWords(entry)
            lines.append("            ;;")
        }
        lines += ["    esac", "}", "complete -F \(function) \(program.name)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func bashValues(_ options: [OptionSpec]) -> [String] {
        var lines: [String] = []
        for option in options where !option.isFlag {
            let names = [quoted("--\(option.name)")] + (option.short.map { [quoted("-\($0)")] } ?? [])
            lines.append("                \(names.joined(separator: "|"))) \(bashReply(option)); return ;;")
        }
        return lines.isEmpty ? [] : ["            case \"$previous\" in"] + lines + ["            esac"]
    }

    private static func bashReply(_ option: OptionSpec) -> String {
        if !option.choices.isEmpty { return reply("-W " + quoted(option.choices.joined(separator: " "))) }
        switch option.completion {
        case .none: return "COMPREPLY=()"
        case .files: return reply("-f")
        case .folders: return reply("-d")
        }
    }

    private static func bashWords(_ entry: Entry) -> [String] {
        let options = entry.options.flatMap { ["--\($0.name)"] + ($0.short.map { ["-\($0)"] } ?? []) }
        var lines = ["            if [[ \"$current\" == -* ]]; then"]
        lines.append("                \(reply("-W " + quoted(options.joined(separator: " "))))")
        let names = entry.children.map(\.name)
        if !names.isEmpty {
            lines += ["            else", "                \(reply("-W " + quoted(names.joined(separator: " "))))"]
        } else if let positional = entry.command.positionals.last, positional.completion != .none {
            let kind = positional.completion == .files ? "-f" : "-d"
            lines += ["            else", "                \(reply(kind))"]
        }
        return lines + ["            fi"]
    }

    private static func reply(_ source: String) -> String {
        "COMPREPLY=($(compgen \(source) -- \"$current\"))"
    }

    private static func identifier(_ name: String) -> String {
        String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) + "_complete"
    }

    /// A word in single quotes, as every shell reads it.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
