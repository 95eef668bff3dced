import YAML

/// One line of `when:`; all lines must hold.
public struct Condition: Sendable {
    public var field: MatchField
    public var matcher: Matcher
    /// The condition as written, for `explain`.
    public var source: String
    public var mark: YAMLMark

    /// Whether the field's value fits.
    public func matches(_ value: MatchValue) -> Bool { matcher.matches(value) }
}
