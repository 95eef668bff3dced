import YAML

/// An entry under `menus:`: what a caller hears and may press.
public struct MenuDefinition: NamedDefinition {
    /// As rules and other menus refer to it.
    public var name: String
    /// What is said.
    public var say: LocalizedText
    /// How keys are collected.
    public var gather: GatherSettings
    /// In the file's order, no keys twice.
    public var options: [MenuOption]
    /// For keys without an option.
    public var otherwise: MenuStep
    /// Where the file defines it.
    public var mark: YAMLMark

    /// What keys do; `otherwise` for unknown ones.
    public func step(for keys: String) -> MenuStep { options.first { $0.keys == keys }?.step ?? otherwise }
}

/// `gather:` of a menu.
public struct GatherSettings: Sendable, Hashable {
    /// 1...10.
    public var digits: Int
    /// Silence after which the menu repeats, 1...60 s.
    public var timeout: Duration
    /// Spoken words are taken like keys.
    public var takesSpeech: Bool
}

/// One key of a menu.
public struct MenuOption: Sendable {
    /// Digits, `*` and `#`.
    public var keys: String
    /// What it does.
    public var step: MenuStep
}

/// What happens after a key: something is said, then it goes on.
public struct MenuStep: Sendable {
    /// What is said.
    public var say: LocalizedText?
    /// What follows.
    public var next: MenuNext
}

/// How a menu goes on.
public indirect enum MenuNext: Sendable {
    /// To a menu.
    case menu(String)
    /// Connects to a number; `nil` when the configuration leaves it empty. `otherwise` when it is, or nobody answers.
    case dial(number: String?, otherwise: MenuStep?)
    /// Speaks what is found, then goes on with the menu (the same one when `nil`).
    case search(SearchAction, then: String?)
    /// Into the review queue under this kind, then the end.
    case review(kind: String)
    case hangup
}
