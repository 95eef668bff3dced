/// A command line that was understood.
public struct ParsedCommand: Sendable, Hashable {
    /// The words of the command, without the program's name: `["config", "print"]`; empty for the program itself.
    public let path: [String]
    /// Whether help for the command is wanted instead; nothing else was checked then.
    public let wantsHelp: Bool
    private let values: [String: [String]]
    private let flags: Set<String>
    private let defaults: [String: String]

    init(
        path: [String], wantsHelp: Bool, values: [String: [String]] = [:], flags: Set<String> = [],
        defaults: [String: String] = [:]
    ) {
        self.path = path
        self.wantsHelp = wantsHelp
        self.values = values
        self.flags = flags
        self.defaults = defaults
    }

    /// Whether a flag, or an option with a value, was given.
    public func has(_ name: String) -> Bool { flags.contains(name) || values[name] != nil }

    /// The value of an option or positional, else the option's default, else nil. Of a repeated one the last.
    public func value(_ name: String) -> String? { values[name]?.last ?? defaults[name] }

    /// All values of a repeatable option or of a positional that takes several, else the option's default.
    public func values(_ name: String) -> [String] { values[name] ?? defaults[name].map { [$0] } ?? [] }

    /// The value of an option as a whole number in a range; nil where it was not given.
    public func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw UsageError(.invalidValue, "'--\(name)' must be \(expected), not '\(text)'", path: path)
        }
        return number
    }
}
