import YAML

/// An entry of `rules: inbound:`.
public struct InboundRule: NamedDefinition {
    /// Unique among inbound rules.
    public var name: String
    /// All must hold; empty for the last rule.
    public var when: [Condition]
    /// In order, at least one.
    public var actions: [InboundAction]
    /// The next rules are tried too.
    public var continues: Bool
    /// Where the file defines it.
    public var mark: YAMLMark
}

/// An entry of `do:`.
public enum InboundAction: Sendable, Hashable {
    /// Matches the message to open alerts; plays them to a caller.
    case acknowledge
    /// Into the review queue under this kind.
    case review(kind: String)
    /// Answers with a template.
    case reply(template: String)
    case search(SearchAction)
    /// Plays a menu to a caller.
    case menu(String)
    /// Publishes an event of this type.
    case emit(event: String)
    /// Nothing at all.
    case ignore
}

/// `search:` of a rule or a menu option.
public struct SearchAction: Sendable, Hashable {
    /// Only documents of this type; `nil` for all.
    public var type: String?
    /// Matches listed in the answer, 1...20.
    public var limit: Int
    /// The template of the answer; it sees `count`, `documents` and `query`.
    public var reply: String
    /// The template of the answer when nothing is found; `nil` for `reply` with a count of 0.
    public var none: String?
    /// The template for somebody whose number is not a verified address of a contact: numbers are forgeable, so nothing of
    /// a boat is told. `nil` for a review instead.
    public var unverified: String?
}
