/// Finds rules that earlier ones leave nothing for. Proven only: a rule that is found can really never apply. On very
/// many rules the work is bounded, and the last ones may stay unproven.
struct RuleShadows {
    /// A rule that can never apply, and the single earlier rule that takes everything, if it is one.
    struct Finding {
        var rule: RuleOutline
        var earlier: RuleOutline?
    }

    private let rules: [RuleOutline]
    private var proof = Implication(budget: 2_000_000)
    /// Comparisons of rules and of combinations that are left.
    private var work = 4_000_000

    init(rules: [RuleOutline]) { self.rules = rules }

    mutating func findings() -> [Finding] {
        var findings: [Finding] = []
        for (index, rule) in rules.enumerated() {
            guard let finding = finding(for: rule, after: rules[..<index]) else { continue }
            // The last rule is mandatory, also where the others leave nothing for it.
            if finding.earlier == nil, index == rules.count - 1 { continue }
            findings.append(finding)
        }
        return findings
    }

    private mutating func finding(for rule: RuleOutline, after earlier: ArraySlice<RuleOutline>) -> Finding? {
        var candidates: [RuleOutline] = []
        for other in earlier where !other.continues {
            work -= 1
            guard work > 0 else { return nil }
            guard takesAllOpenFields(of: rule, other) else { continue }
            if takesAllFiniteFields(of: rule, [other]) { return Finding(rule: rule, earlier: other) }
            candidates.append(other)
        }
        guard candidates.count > 1, takesAllFiniteFields(of: rule, candidates) else { return nil }
        return Finding(rule: rule, earlier: nil)
    }

    /// Whether the other rule's conditions on fields with any number of values follow from this rule's.
    private mutating func takesAllOpenFields(of rule: RuleOutline, _ other: RuleOutline) -> Bool {
        for condition in other.when where !FiniteField.isFinite(condition.field) {
            guard let own = rule.when.first(where: { $0.field == condition.field }),
                proof.implies(own.matcher, condition.matcher)
            else { return false }
        }
        return true
    }

    /// Whether every combination of the fields with few values that fits the rule fits one of the others.
    private mutating func takesAllFiniteFields(of rule: RuleOutline, _ others: [RuleOutline]) -> Bool {
        var fields: [FiniteField] = []
        for condition in others.flatMap(\.when) {
            guard let finite = FiniteField(condition.field), !fields.contains(where: { $0.field == finite.field })
            else {
                continue
            }
            fields.append(finite)
        }
        // All six fields together have 4·3·3·2·2·7 = 1,008 combinations.
        let count = fields.reduce(1) { $0 * $1.values.count }
        work -= count * others.count
        guard work > 0 else { return false }
        for number in 0..<count {
            var rest = number
            let values = fields.map { field in
                let value = field.values[rest % field.values.count]
                rest /= field.values.count
                return (field: field.field, value: value)
            }
            guard Self.fits(rule, values) else { continue }
            guard others.contains(where: { Self.fits($0, values) }) else { return false }
        }
        return true
    }

    private static func fits(_ rule: RuleOutline, _ values: [(field: MatchField, value: MatchValue)]) -> Bool {
        for value in values {
            for condition in rule.when where condition.field == value.field && !condition.matches(value.value) {
                return false
            }
        }
        return true
    }
}
