import YAML

/// Whether rules can apply at all: impossible conditions, contradictions, rules that earlier ones leave nothing for.
struct RuleChecks {
    let session: ReadingSession
    let configuration: GatewayConfiguration

    func run() {
        let outbound = configuration.outboundRules.map {
            RuleOutline(name: $0.name, when: $0.when, continues: $0.continues, mark: $0.mark)
        }
        let inbound = configuration.inboundRules.map {
            RuleOutline(name: $0.name, when: $0.when, continues: $0.continues, mark: $0.mark)
        }
        // A condition that could not be read is missing here; its rule would look wider than it is.
        let isComplete = !session.hasErrors
        check(outbound, "outbound", isComplete: isComplete)
        check(inbound, "inbound", isComplete: isComplete)
        for rule in configuration.inboundRules {
            for step in rule.actions where !step.when.isEmpty {
                checkConditions(
                    of: RuleOutline(
                        name: rule.name, when: step.when, continues: false, mark: rule.mark, isAction: true),
                    isInbound: true)
            }
        }
    }

    private func check(_ rules: [RuleOutline], _ direction: String, isComplete: Bool) {
        guard let last = rules.last else { return }
        if isComplete, !last.when.isEmpty {
            session.error(
                "no_last_rule",
                "the last \(direction) rule '\(last.name)' has conditions; add a last one without 'when' for everything else",
                at: last.mark)
        }
        if last.continues {
            session.error(
                "last_rule_continues",
                "the last \(direction) rule '\(last.name)' continues to nothing; remove 'continue'",
                at: last.mark)
        }
        for rule in rules { checkConditions(of: rule, isInbound: direction == "inbound") }
        guard isComplete else { return }
        var shadows = RuleShadows(rules: rules)
        for finding in shadows.findings() {
            let earlier = finding.earlier.map { "rule '\($0.name)' in line \($0.mark.line)" } ?? "the rules before it"
            session.warning(
                "unreachable_rule",
                "rule '\(finding.rule.name)' can never apply, \(earlier) take\(finding.earlier == nil ? "" : "s") all its "
                    + "messages; move it up or remove it", at: finding.rule.mark)
        }
    }

    // MARK: Conditions of one rule

    private func checkConditions(of rule: RuleOutline, isInbound: Bool) {
        for condition in rule.when {
            if isInbound, [.priority, .messageClass, .policy].contains(condition.field) {
                impossible("a message that comes in has no \(condition.field.word)", rule, condition)
            } else if Self.isEmpty(condition.matcher, condition.field) {
                impossible("nothing fits '\(condition.field.word): \(condition.source)'", rule, condition)
            }
            checkCountry(condition, rule, isInbound: isInbound)
        }
        checkPairs(rule)
    }

    private func impossible(_ why: String, _ rule: RuleOutline, _ condition: Condition) {
        session.warning(
            "impossible_condition", "\(rule.title) can never apply: \(why); change or remove it",
            at: condition.mark)
    }

    /// Numbers of countries that are not allowed are refused before any rule.
    private func checkCountry(_ condition: Condition, _ rule: RuleOutline, isInbound: Bool) {
        guard !isInbound, condition.field == .to(.country), !configuration.countries.allowed.isEmpty else { return }
        guard !configuration.countries.allowed.contains(where: { condition.matches(.text($0)) }) else { return }
        impossible("none of these countries is in 'countries: allow'", rule, condition)
    }

    /// Parts of one condition that exclude each other, or a field without any fitting value.
    private static func isEmpty(_ matcher: Matcher, _ field: MatchField) -> Bool {
        if let finite = FiniteField(field) { return !finite.values.contains { matcher.matches($0) } }
        guard case .all(let parts) = matcher else { return false }
        var proof = Implication(budget: 10_000)
        for (index, part) in parts.enumerated() {
            if parts[..<index].contains(where: { proof.excludes($0, part) }) { return true }
        }
        return false
    }

    /// Fields that hang together.
    private func checkPairs(_ rule: RuleOutline) {
        func condition(_ field: MatchField) -> Condition? { rule.when.first { $0.field == field } }
        if let contact = condition(.contact), contact.matches(.text("unknown")), !contact.matches(.text("known")),
            let other = [.to(.contact), .from(.contact), .to(.role), .from(.role)].lazy.compactMap(condition).first,
            !other.matches(.absent)
        {
            impossible("an unknown contact has no \(other.field.word)", rule, other)
        }
        if let weekday = condition(.weekday), let time = condition(.localTime), !Self.meet(weekday, time) {
            impossible("its 'local_time' never lies on its 'weekday'", rule, weekday)
        }
    }

    private static func meet(_ weekday: Condition, _ time: Condition) -> Bool {
        // What depends on the date or on the place is not known here.
        guard time.matcher.isWeekly else { return true }
        // Minute by minute through a week that began on Sunday, 4 January 1970.
        return (3...9).contains { day in
            weekday.matches(.number(day - 3))
                && (0..<1440).contains { minute in
                    let seconds = Int64(day * 86_400 + minute * 60)
                    return time.matches(.localTime(LocalMoment(seconds: seconds, in: .utc)))
                }
        }
    }
}

extension Matcher {
    /// What it says of local times is the same every week and everywhere.
    var isWeekly: Bool {
        switch self {
        case .times(let times): times.ranges.allSatisfy { $0.days.isWeekly && $0.location == nil }
        case .any(let matchers), .all(let matchers): matchers.allSatisfy(\.isWeekly)
        case .not(let matcher): matcher.isWeekly
        default: true
        }
    }
}
