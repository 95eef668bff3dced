/// A pattern as a tree.
indirect enum PatternNode: Sendable, Hashable {
    case empty
    case scalars(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// The upper bound is nil where there is none.
    case repetition(PatternNode, least: Int, most: Int?)
}

/// A condition on a place between two scalars.
enum PatternAssertion: Sendable, Hashable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// What letters behind a pattern, or `(?i)` within it, change.
struct PatternFlags: Sendable, Hashable {
    var ignoresCase = false
    var dotMatchesLineFeed = false
    var matchesLines = false

    /// Sets or clears the flag of a letter; false if it is none.
    mutating func set(_ letter: Unicode.Scalar, to value: Bool) -> Bool {
        switch letter {
        case "i": ignoresCase = value
        case "s": dotMatchesLineFeed = value
        case "m": matchesLines = value
        default: return false
        }
        return true
    }
}
