import YAML

/// What the checks of order need to know of a rule, in either direction.
struct RuleOutline {
    var name: String
    var when: [Condition]
    var continues: Bool
    var mark: YAMLMark
    /// An action of the rule, which has conditions of its own.
    var isAction = false

    /// How a finding names it.
    var title: String { (isAction ? "an action of " : "") + "rule '\(name)'" }
}

/// A field with few values, all of which can be tried.
struct FiniteField {
    var field: MatchField
    var values: [MatchValue]

    /// Whether a field is one, told without making its values.
    static func isFinite(_ field: MatchField) -> Bool {
        switch field {
        case .priority, .messageClass, .contact, .window, .openAlert, .weekday, .sanctioned, .localNumber: true
        default: false
        }
    }

    /// `nil` for a field with any number of values.
    init?(_ field: MatchField) {
        self.field = field
        switch field {
        case .priority: values = Priority.allCases.map { .number($0.rank) }
        case .messageClass: values = MessageClass.allCases.map { .text($0.rawValue) }
        case .contact: values = ["known", "unknown", "verified"].map { .text($0) }
        case .window: values = ["open", "closed"].map { .text($0) }
        case .openAlert, .sanctioned, .localNumber: values = [.flag(true), .flag(false)]
        case .weekday: values = (0...6).map { .number($0) }
        default: return nil
        }
    }
}
