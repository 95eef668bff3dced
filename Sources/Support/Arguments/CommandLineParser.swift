/// Reads a command line by a declaration of commands. It prints nothing and ends nothing.
public struct CommandLineParser: Sendable {
    private let program: CommandSpec
    private var path: [String] = []
    private var command: CommandSpec
    private var options: [OptionSpec]
    private var values: [String: [String]] = [:]
    private var flags: Set<String> = []
    private var positionals: [String] = []
    private var rest: ArraySlice<String> = []
    private var onlyPositionals = false

    /// A parser for a program; the declaration's name is the program's.
    public init(_ program: CommandSpec) {
        self.program = program
        command = program
        options = program.options
    }

    /// Reads the arguments that follow the program's name.
    public func parse(_ arguments: [String]) throws(UsageError) -> ParsedCommand {
        var copy = self
        return try copy.run(arguments)
    }

    private mutating func run(_ arguments: [String]) throws(UsageError) -> ParsedCommand {
        if arguments.first == "help", !program.subcommands.contains(where: { $0.name == "help" }) {
            return help(arguments.dropFirst())
        }
        rest = arguments[...]
        do {
            while let argument = rest.popFirst() {
                if CommandLineParser.asksForHelp(argument), !onlyPositionals { return help(rest) }
                try take(argument)
            }
            try placePositionals()
        } catch {
            // Who asks for help further on wants that, not to hear of a mistake.
            let words = rest.prefix { $0 != "--" }
            if words.contains(where: CommandLineParser.asksForHelp) { return help(words) }
            throw error
        }
        var defaults: [String: String] = [:]
        for option in options { defaults[option.name] = option.defaultValue }
        return ParsedCommand(path: path, wantsHelp: false, values: values, flags: flags, defaults: defaults)
    }

    private mutating func take(_ argument: String) throws(UsageError) {
        if onlyPositionals || argument == "-" || !argument.hasPrefix("-") {
            try positional(argument)
        } else if argument == "--" {
            onlyPositionals = true
        } else if argument.hasPrefix("--") {
            try long(argument.dropFirst(2))
        } else {
            try short(argument.dropFirst())
        }
    }

    private static func asksForHelp(_ argument: String) -> Bool { argument == "--help" || argument == "-h" }

    private func help(_ words: ArraySlice<String>) -> ParsedCommand {
        var path = path
        var current = command
        for word in words where !word.hasPrefix("-") {
            guard let next = current.subcommands.first(where: { $0.name == word }) else { continue }
            path.append(word)
            current = next
        }
        return ParsedCommand(path: path, wantsHelp: true)
    }

    private mutating func positional(_ argument: String) throws(UsageError) {
        guard !command.subcommands.isEmpty, !onlyPositionals else {
            positionals.append(argument)
            return
        }
        guard let next = command.subcommands.first(where: { $0.name == argument }) else {
            let names = command.subcommands.filter { !$0.isHidden }.map(\.name)
            throw error(.unknownCommand, "there is no command '\(argument)'", argument, names)
        }
        path.append(argument)
        command = next
        options += next.options
    }

    private mutating func long(_ argument: Substring) throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.last(where: { $0.name == name && !name.isEmpty }) else {
            let names = options.map { "--" + $0.name } + ["--help"]
            throw error(.unknownOption, "there is no option '--\(name)'", "--" + name, names)
        }
        try take(option, as: "--\(name)", attached: parts.count > 1 ? String(parts[1]) : nil)
    }

    private mutating func short(_ letters: Substring) throws(UsageError) {
        var letters = letters
        while let letter = letters.popFirst() {
            guard let option = options.last(where: { $0.short == letter }) else {
                throw error(.unknownOption, "there is no option '-\(letter)'")
            }
            if option.isFlag {
                try take(option, as: "-\(letter)", attached: nil)
            } else {
                // What follows the letter is its value: -ojson, -o=json.
                let attached = letters.first == "=" ? letters.dropFirst() : letters
                return try take(option, as: "-\(letter)", attached: letters.isEmpty ? nil : String(attached))
            }
        }
    }

    private mutating func take(_ option: OptionSpec, as spelled: String, attached: String?) throws(UsageError) {
        if option.isFlag {
            guard attached == nil else { throw error(.unexpectedValue, "'\(spelled)' takes no value") }
            flags.insert(option.name)
            return
        }
        guard let value = attached ?? rest.popFirst() else {
            throw error(.missingValue, "'\(spelled)' needs a value: \(option.placeholder ?? "")")
        }
        guard option.choices.isEmpty || option.choices.contains(value) else {
            let allowed = option.choices.joined(separator: ", ")
            let message = "'\(spelled)' must be one of \(allowed), not '\(value)'"
            throw error(.invalidChoice, message, value, option.choices)
        }
        guard option.isRepeatable || values[option.name] == nil else {
            throw error(.repeatedOption, "'\(spelled)' is given twice")
        }
        values[option.name, default: []].append(value)
    }

    private mutating func placePositionals() throws(UsageError) {
        if positionals.isEmpty, !command.runsAlone {
            let name = ([program.name] + path).joined(separator: " ")
            throw error(.missingCommand, "'\(name)' needs a command; '\(name) --help' lists them")
        }
        var waiting = positionals[...]
        for spec in command.positionals {
            let taken = spec.count == .one || spec.count == .optional ? waiting.prefix(1) : waiting
            if taken.isEmpty, spec.count == .one || spec.count == .several {
                throw error(.missingArgument, "\(spec.name) is missing")
            }
            if !taken.isEmpty { values[spec.name] = Array(taken) }
            waiting = waiting.dropFirst(taken.count)
        }
        if let surplus = waiting.first {
            throw error(.unexpectedArgument, "there is nothing that '\(surplus)' could be")
        }
    }

    private func error(
        _ code: UsageError.Code, _ message: String, _ word: String = "", _ names: [String] = []
    ) -> UsageError {
        let hint = NearestName.suggest(word, among: names).map { "; did you mean '\($0)'?" } ?? ""
        return UsageError(code, message + hint, path: path)
    }
}
