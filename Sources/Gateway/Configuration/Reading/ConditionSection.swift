import Patterns
import YAML

/// Reads `when:` of a rule: each field's value is compiled by the type of the field.
struct ConditionSection {
    let session: ReadingSession

    private static let longestList = 1000

    func read(_ node: YAMLNode?, of rule: String) -> [Condition] {
        guard let node else { return [] }
        return session.entries(node, for: "'when' of \(rule)").compactMap { entry in
            guard let field = MatchField(word: entry.name) else {
                session.error(
                    "unknown_field",
                    "'\(entry.name.prefix(60))' is no field of a message"
                        + ReadingSession.advice(entry.name, among: MatchField.words), at: entry.mark)
                return nil
            }
            guard let matcher = matcher(entry.node, field) else { return nil }
            return Condition(field: field, matcher: matcher, source: source(entry.node), mark: entry.mark)
        }
    }

    /// A list is any of its entries, a mapping all of its keys.
    private func matcher(_ node: YAMLNode, _ field: MatchField) -> Matcher? {
        switch node.kind {
        case .scalar:
            return session.scalar(node, for: "'\(field.word)'").flatMap { single($0, field) }
        case .sequence(let items):
            guard !items.isEmpty else {
                session.error(
                    "impossible_condition", "an empty list for '\(field.word)' never holds; name a value", at: node.mark
                )
                return nil
            }
            if items.count > Self.longestList {
                session.error(
                    "out_of_range",
                    "the list for '\(field.word)' has more than \(Self.longestList) entries; shorten it",
                    at: node.mark)
            }
            let matchers = items.prefix(Self.longestList).compactMap { matcher($0, field) }
            return matchers.count == 1 ? matchers[0] : matchers.isEmpty ? nil : .any(matchers)
        case .mapping:
            return combined(node, field)
        }
    }

    private func combined(_ node: YAMLNode, _ field: MatchField) -> Matcher? {
        guard let section = SectionReader(session, node, section: "matcher", title: "condition on '\(field.word)'")
        else {
            return nil
        }
        var matchers: [Matcher] = []
        if let node = section.node("not"), let inner = matcher(node, field) { matchers.append(.not(inner)) }
        if let node = section.node("any"), let inner = matcher(node, field) { matchers.append(inner) }
        if let node = section.node("contains"), let inner = detectors(node, field) { matchers.append(inner) }
        section.finish()
        return matchers.count == 1 ? matchers[0] : matchers.isEmpty ? nil : .all(matchers)
    }

    private func detectors(_ node: YAMLNode, _ field: MatchField) -> Matcher? {
        switch field {
        case .text, .topic, .label: break
        default:
            session.error(
                "wrong_matcher", "'contains' looks into texts, not into '\(field.word)'; compare with a value",
                at: node.mark)
            return nil
        }
        let known: [(name: String, detector: Detector)] =
            [("card_number", .cardNumber), ("iban", .iban)] + session.patterns
        let found: [Matcher] = session.list(node, for: "'contains'").compactMap { item in
            guard let scalar = session.scalar(item, for: "'contains'") else { return nil }
            if let pattern = known.first(where: { $0.name == scalar.text }) { return .contains(pattern.detector) }
            session.error(
                "unknown_pattern",
                "\(scalar.shown) is no pattern\(ReadingSession.advice(scalar.text, among: known.map(\.name)))",
                at: item.mark)
            return nil
        }
        return found.count == 1 ? found[0] : found.isEmpty ? nil : .any(found)
    }

    // MARK: Single values

    private func single(_ scalar: Scalar, _ field: MatchField) -> Matcher? {
        switch field {
        case .priority: return ordered(scalar, field, Priority.allCases.map(\.rawValue))
        case .messageClass: return word(scalar, field, MessageClass.allCases.map(\.rawValue))
        case .window: return word(scalar, field, ["open", "closed"])
        case .contact: return contact(scalar)
        case .openAlert, .sanctioned, .localNumber: return flag(scalar, field)
        case .media: return count(scalar, field)
        case .tier: return tier(scalar)
        case .weekday: return weekday(scalar)
        case .localTime: return times(scalar)
        case .prefers: return word(scalar, .prefers, session.catalogue.channels.map(\.kind.rawValue))
        case .locale: return locale(scalar)
        case .to(.country), .from(.country): return country(scalar)
        case .channel: return channel(scalar)
        case .policy: return policy(scalar)
        case .topic, .tenant, .text, .label, .to, .from: return text(scalar, globMarks: field == .text ? "*" : "*?")
        }
    }

    private func fault(_ scalar: Scalar, _ field: MatchField, _ advice: String) -> Matcher? {
        session.error("invalid_value", "\(scalar.shown) is no value for '\(field.word)'\(advice)", at: scalar.mark)
        return nil
    }

    private func word(_ scalar: Scalar, _ field: MatchField, _ words: [String]) -> Matcher? {
        guard words.contains(scalar.text) else {
            return fault(scalar, field, ReadingSession.advice(scalar.text, among: words))
        }
        return .equals(scalar.text)
    }

    private func ordered(_ scalar: Scalar, _ field: MatchField, _ words: [String]) -> Matcher? {
        let ends = Self.ends(scalar.text)
        let low = ends.low.isEmpty ? 0 : words.firstIndex(of: ends.low)
        let high = ends.high.isEmpty ? words.count - 1 : words.firstIndex(of: ends.high)
        guard let low, let high, !scalar.text.isEmpty else {
            return fault(scalar, field, ReadingSession.advice(scalar.text, among: words))
        }
        return range(low, high, scalar)
    }

    /// The ends of `a..b`, either of which may be empty; a single value is both.
    private static func ends(_ text: String) -> (low: String, high: String) {
        var rest = Substring(text)
        while let dot = rest.firstIndex(of: ".") {
            let after = text[text.index(after: dot)...]
            if after.hasPrefix(".") { return (String(text[..<dot]), String(after.dropFirst())) }
            rest = after
        }
        return (text, text)
    }

    private func range(_ low: Int, _ high: Int, _ scalar: Scalar) -> Matcher? {
        if low <= high { return .range(low...high) }
        session.error("impossible_condition", "the range \(scalar.shown) is empty; swap its ends", at: scalar.mark)
        return nil
    }

    private func count(_ scalar: Scalar, _ field: MatchField) -> Matcher? {
        let ends = Self.ends(scalar.text)
        let low = ends.low.isEmpty ? 0 : ScalarText.integer(ends.low)
        let high = ends.high.isEmpty ? Int.max : ScalarText.integer(ends.high)
        guard let low, let high, !scalar.text.isEmpty else {
            return fault(scalar, field, "; write a count, or a range such as 1..3")
        }
        return range(low, high, scalar)
    }

    /// `1`, or a range such as `..2`.
    private func tier(_ scalar: Scalar) -> Matcher? {
        guard let matcher = ordered(scalar, .tier, ["1", "2", "3"]), case .range(let range) = matcher else {
            return nil
        }
        return .range((range.lowerBound + 1)...(range.upperBound + 1))
    }

    private func weekday(_ scalar: Scalar) -> Matcher? {
        let node = YAMLNode(.scalar(scalar.text, isPlain: false), mark: scalar.mark)
        let days = session.weekdays(node).map { Matcher.range($0...$0) }
        return days.count == 1 ? days[0] : days.isEmpty ? nil : .any(days)
    }

    private func flag(_ scalar: Scalar, _ field: MatchField) -> Matcher? {
        switch scalar.text {
        case "true": .flag(true)
        case "false": .flag(false)
        default: fault(scalar, field, "; write true or false")
        }
    }

    /// A verified contact is a known one too.
    private func contact(_ scalar: Scalar) -> Matcher? {
        if scalar.text == "known" { return .any([.equals("known"), .equals("verified")]) }
        return word(scalar, .contact, ["known", "unknown", "verified"])
    }

    private func times(_ scalar: Scalar) -> Matcher? {
        if let times = session.times[scalar.text] { return .times(times) }
        session.refer(to: .times, scalar.text, at: scalar.mark)
        return nil
    }

    /// `fr` holds for fr-CH too (RFC 4647, basic filtering).
    private func locale(_ scalar: Scalar) -> Matcher? {
        if scalar.text.contains("*") || scalar.text.hasPrefix("/") { return text(scalar, globMarks: "*?") }
        guard ScalarText.isLocale(scalar.text) else { return fault(scalar, .locale, "; write one such as en or fr-CH") }
        return .any([.equals(scalar.text), .glob(source: scalar.text + "-*", Glob(scalar.text + "-*"))])
    }

    private func country(_ scalar: Scalar) -> Matcher? {
        guard ScalarText.isCountry(scalar.text) else {
            session.notCountry(scalar.shown, at: scalar.mark)
            return nil
        }
        return .equals(scalar.text)
    }

    private func channel(_ scalar: Scalar) -> Matcher? {
        if scalar.text.contains("*") || scalar.text.hasPrefix("/") { return text(scalar, globMarks: "*?") }
        session.refer(to: .channel, scalar.text, at: scalar.mark)
        return .equals(scalar.text)
    }

    private func policy(_ scalar: Scalar) -> Matcher? {
        if scalar.text.contains("*") || scalar.text.hasPrefix("/") { return text(scalar, globMarks: "*?") }
        session.refer(to: .policy, scalar.text, at: scalar.mark)
        return .equals(scalar.text)
    }

    /// `/regex/flags`, a glob, or the text itself.
    private func text(_ scalar: Scalar, globMarks: String) -> Matcher? {
        let text = scalar.text
        if text.utf8.count > 1, text.hasPrefix("/"), let end = text.lastIndex(of: "/"), end > text.startIndex {
            return session.pattern(scalar).map { .pattern(source: $0.source, flags: $0.flags, $0.pattern) }
        }
        if text.contains(where: { globMarks.contains($0) }) { return .glob(source: text, Glob(text)) }
        return .equals(text)
    }

    /// The condition as somebody would write it, shortened.
    private func source(_ node: YAMLNode) -> String {
        switch node.kind {
        case .scalar(let text, _): String(text.prefix(80))
        case .sequence(let items): "[" + items.prefix(10).map(source).joined(separator: ", ") + "]"
        case .mapping(let pairs):
            "{ " + pairs.prefix(4).map { source($0.key) + ": " + source($0.value) }.joined(separator: ", ") + " }"
        }
    }
}

extension ReadingSession {
    /// Compiles `/regex/flags`.
    func pattern(_ scalar: Scalar) -> (source: String, flags: String, pattern: Pattern)? {
        let text = scalar.text
        guard text.hasPrefix("/"), let end = text.lastIndex(of: "/"), end > text.startIndex else {
            error("invalid_pattern", "\(scalar.shown) is no pattern; write /regex/ or /regex/i", at: scalar.mark)
            return nil
        }
        let source = String(text[text.index(after: text.startIndex)..<end])
        let flags = String(text[text.index(after: end)...])
        do {
            return (source, flags, try Pattern(source, flags: flags))
        } catch {
            self.error("invalid_pattern", "\(scalar.shown): \(error.message)", at: scalar.mark)
            return nil
        }
    }

    /// Reads `patterns:`.
    func readPatterns(_ node: YAMLNode?) {
        guard let node else { return }
        for entry in definitions(node, for: "'patterns'") {
            if entry.name == "card_number" || entry.name == "iban" {
                error("duplicate_name", "the pattern '\(entry.name)' is built in; choose another name", at: entry.mark)
            } else if let scalar = scalar(entry.node, for: "a pattern"), let compiled = pattern(scalar) {
                patterns.append((entry.name, .named(entry.name, compiled.pattern)))
            }
        }
    }
}
