import YAML

/// An entry of `rules: outbound:`.
public struct OutboundRule: NamedDefinition {
    /// Unique among outbound rules.
    public var name: String
    /// All must hold; empty for the last rule.
    public var when: [Condition]
    /// What it decides.
    public var action: OutboundAction
    /// Not before these times end, in the recipient's zone; `nil` for at once.
    public var deferral: Deferral?
    /// The next rules are tried too.
    public var continues: Bool
    /// Where the file defines it.
    public var mark: YAMLMark
    /// Nothing is sent before a person approves it.
    public var needsReview = false
}

/// What an outbound rule decides.
public enum OutboundAction: Sendable, Hashable {
    case policy(String)
    /// 422 with the rule's name and this message.
    case reject(String)
    /// Only its deferral or its review; it continues.
    case none
}

/// `defer: until_end`: until the `local_time` of the same rule ends.
public struct Deferral: Sendable, Hashable {
    /// Names under `times:`.
    public var times: [String]
}
