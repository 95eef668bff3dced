import YAML

/// One line of `when:`; all lines must hold.
public struct Condition: Sendable {
    /// What it looks at.
    public var field: MatchField
    /// What it asks.
    public var matcher: Matcher
    /// The condition as written, for `explain`.
    public var source: String
    /// Where the file defines it.
    public var mark: YAMLMark

    /// Whether the field's value fits.
    public func matches(_ value: MatchValue) -> Bool { matcher.matches(value) }
}
