/// An argument that is known by its place.
public struct PositionalSpec: Sendable, Hashable {
    /// How many arguments it takes.
    public enum Count: Sendable, Hashable {
        /// Exactly one.
        case one
        /// One or none.
        case optional
        /// One or more.
        case several
        /// Any number.
        case any
    }

    /// What stands for it in the help, such as `FILE`; also the key under which its values are found.
    public let name: String
    /// How many arguments it takes. Only the last positional may take more than one.
    public let count: Count
    /// What it is, for the help.
    public let help: String
    /// What a shell completes it with.
    public let completion: OptionSpec.Completion

    /// A positional argument.
    public init(
        _ name: String, _ count: Count, _ help: String, completion: OptionSpec.Completion = .none
    ) {
        self.name = name
        self.count = count
        self.help = help
        self.completion = completion
    }

    /// `FILE`, `[FILE]`, `FILE…` or `[FILE…]`.
    var title: String {
        switch count {
        case .one: name
        case .optional: "[\(name)]"
        case .several: "\(name)…"
        case .any: "[\(name)…]"
        }
    }
}
