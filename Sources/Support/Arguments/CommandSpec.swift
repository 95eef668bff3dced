/// A command, its options and its subcommands.
///
/// The options of a command also hold in its subcommands. Every command has `--help` and `-h`.
public struct CommandSpec: Sendable, Hashable {
    /// The word that names it.
    public let name: String
    /// What it does, in one line.
    public let summary: String
    /// More about it: paragraphs that are wrapped; lines that begin with a blank stay as they are.
    public let discussion: String
    /// Its options.
    public let options: [OptionSpec]
    /// Its positional arguments. A command with subcommands has none.
    public let positionals: [PositionalSpec]
    /// Its subcommands, in the order in which the help shows them.
    public let subcommands: [CommandSpec]
    /// Whether it is left out of the help and the completions.
    public let isHidden: Bool
    /// Whether it does something without a subcommand; otherwise a missing one is a usage error.
    public let runsAlone: Bool

    /// A command.
    public init(
        _ name: String, _ summary: String, discussion: String = "", options: [OptionSpec] = [],
        positionals: [PositionalSpec] = [], subcommands: [CommandSpec] = [], hidden: Bool = false,
        runsAlone: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.options = options
        self.positionals = positionals
        self.subcommands = subcommands
        isHidden = hidden
        self.runsAlone = runsAlone || subcommands.isEmpty
    }

    /// The commands from this one down to the one that the path names, itself included; stops at an unknown word.
    func chain(_ path: [String]) -> [CommandSpec] {
        var chain = [self]
        var current = self
        for word in path {
            guard let next = current.subcommands.first(where: { $0.name == word }) else { break }
            chain.append(next)
            current = next
        }
        return chain
    }

    static let help = OptionSpec.flag("help", short: "h", "Show this help.")
}
