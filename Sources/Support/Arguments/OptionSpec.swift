/// An option of a command: `--config FILE`, `--strict`, `-o json`.
public struct OptionSpec: Sendable, Hashable {
    /// What a shell offers to complete a value with.
    public enum Completion: Sendable, Hashable {
        /// Nothing.
        case none
        /// The names of files.
        case files
        /// The names of folders.
        case folders
    }

    /// The long name without dashes; also the key under which the value is found. Empty for one with a short name only.
    public let name: String
    /// The short name without its dash.
    public let short: Character?
    /// What stands for the value in the help, such as `FILE`; nil for a flag.
    public let placeholder: String?
    /// What it does, for the help.
    public let help: String
    /// The value where none is given.
    public let defaultValue: String?
    /// The only values allowed; empty for any.
    public let choices: [String]
    /// Whether it may be given more than once.
    public let isRepeatable: Bool
    /// What a shell completes a value with.
    public let completion: Completion

    /// An option that is there or not.
    public static func flag(_ name: String, short: Character? = nil, _ help: String) -> OptionSpec {
        OptionSpec(
            name: name, short: short, placeholder: nil, help: help, defaultValue: nil, choices: [],
            isRepeatable: false, completion: .none)
    }

    /// An option with a value.
    public static func value(
        _ name: String, short: Character? = nil, _ placeholder: String, _ help: String, default: String? = nil,
        choices: [String] = [], repeatable: Bool = false, completion: Completion = .none
    ) -> OptionSpec {
        OptionSpec(
            name: name, short: short, placeholder: placeholder, help: help, defaultValue: `default`,
            choices: choices, isRepeatable: repeatable, completion: completion)
    }

    /// Whether it is an option without a value.
    public var isFlag: Bool { placeholder == nil }

    /// `-o, --output text|json`, as the help shows it.
    var title: String {
        var title = short.map { "-\($0), " } ?? ""
        title += "--\(name)"
        if let placeholder { title += " " + (choices.isEmpty ? placeholder : choices.joined(separator: "|")) }
        return title
    }
}
