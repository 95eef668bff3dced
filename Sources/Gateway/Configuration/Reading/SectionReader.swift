import YAML

/// A mapping with fixed keys while it is read. Every key that is asked for is known; `finish` reports the others.
final class SectionReader {
    let session: ReadingSession
    /// The name of the section's definition in channels.schema.json.
    let section: String
    /// For messages: what the mapping is, such as `policy 'urgent'`.
    let title: String
    let mark: YAMLMark
    private let entries: [(name: String, mark: YAMLMark, node: YAMLNode)]
    private var asked: [String] = []

    /// `nil`, with a report, when the node is no mapping.
    init?(_ session: ReadingSession, _ node: YAMLNode, section: String, title: String) {
        guard case .mapping = node.kind else {
            session.error("wrong_type", "\(title) is a mapping; write it as 'key: value' pairs", at: node.mark)
            return nil
        }
        self.session = session
        self.section = section
        self.title = title
        mark = node.mark
        entries = session.entries(node, for: title)
    }

    /// The value of a key; `nil` when it is absent.
    func node(_ key: String) -> YAMLNode? {
        if !asked.contains(key) { asked.append(key) }
        session.understood(key, in: section)
        return entries.first { $0.name == key }?.node
    }

    /// The value of a key that must be there.
    func requiredNode(_ key: String) -> YAMLNode? {
        let found = node(key)
        if found == nil { missing(key) }
        return found
    }

    /// Where a key stands; the section's mark when it is absent.
    func mark(of key: String) -> YAMLMark { entries.first { $0.name == key }?.mark ?? mark }

    /// Whether a key is present, whatever its value.
    func has(_ key: String) -> Bool { node(key) != nil }

    func missing(_ key: String) {
        session.error("missing_key", "\(title) needs the key '\(key)'; add it", at: mark)
    }

    /// A key of a later version: understood, and reported as not enforced.
    func later(_ keys: String...) {
        for key in keys where has(key) {
            session.warning(
                "not_enforced", "'\(key)' of \(title) is read but not enforced by this version; remove it",
                at: mark(of: key))
        }
    }

    /// A key that has no effect here in this version, and why.
    func idle(_ key: String, _ reason: String) {
        guard has(key) else { return }
        session.warning(
            "not_enforced", "'\(key)' of \(title) has no effect in this version: \(reason); remove it",
            at: mark(of: key))
    }

    /// The keys that are there, in the file's order.
    var present: [String] { entries.map(\.name) }

    /// Keys that are left for somebody else, with their marks.
    var unread: [(name: String, mark: YAMLMark, node: YAMLNode)] { entries.filter { !asked.contains($0.name) } }

    /// Reports the keys that nobody asked for.
    func finish() {
        for entry in unread {
            session.error(
                "unknown_key",
                "unknown key '\(entry.name.prefix(60))' in \(title)\(ReadingSession.advice(entry.name, among: asked))",
                at: entry.mark)
        }
    }
}

// MARK: - Typed values

extension SectionReader {
    /// A text; `nil` when absent. Empty when the file says so.
    func scalar(_ key: String) -> Scalar? { node(key).flatMap { session.scalar($0, for: "'\(key)'") } }

    /// A text that is not empty; `nil` when absent or empty.
    func text(_ key: String) -> String? { scalar(key).flatMap { $0.text.isEmpty ? nil : $0.text } }

    /// A text that must be there and not empty.
    func requiredText(_ key: String) -> Scalar? {
        guard let node = requiredNode(key), let scalar = session.scalar(node, for: "'\(key)'") else { return nil }
        guard scalar.text.isEmpty else { return scalar }
        session.error("missing_value", "'\(key)' of \(title) is empty; write a value", at: scalar.mark)
        return nil
    }

    /// A URL that must be there; `example` tells how one looks.
    func requiredURL(_ key: String, such example: String) -> (url: BaseURL, mark: YAMLMark)? {
        guard let scalar = requiredText(key) else { return nil }
        if let url = BaseURL(scalar.text) { return (url, scalar.mark) }
        session.error("invalid_value", "\(scalar.shown) is no URL; write one such as \(example)", at: scalar.mark)
        return nil
    }

    /// A value read by `parse`; reports what `parse` does not understand.
    func value<Value>(_ key: String, _ form: String, _ parse: (String) -> Value?) -> Value? {
        guard let scalar = scalar(key) else { return nil }
        if let value = parse(scalar.text) { return value }
        session.error("invalid_value", "\(scalar.shown) is no value for '\(key)'; write \(form)", at: scalar.mark)
        return nil
    }

    /// A span such as `30s`, within `range`.
    func duration(_ key: String, in range: ClosedRange<Duration> = .seconds(1) ... .seconds(366 * 86_400)) -> Duration?
    {
        guard let duration = value(key, "a duration such as 30s, 5m or 4h", ScalarText.duration) else { return nil }
        if range.contains(duration) { return duration }
        session.error(
            "out_of_range",
            "'\(key)' is out of its range; write \(ScalarText.text(of: range.lowerBound)) to "
                + ScalarText.text(of: range.upperBound),
            at: mark(of: key))
        return nil
    }

    /// A whole number within `range`.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            ScalarText.integer(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// `true` or `false`, no other word.
    func boolean(_ key: String) -> Bool? {
        value(key, "true or false") { $0 == "true" ? true : $0 == "false" ? false : nil }
    }

    /// An amount such as `0.60 USD`, in the gateway's currency.
    func money(_ key: String) -> Money? {
        guard let node = node(key) else { return nil }
        return session.money(node, for: "'\(key)'")
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let node = node(key) else { return nil }
        return session.word(node, type, for: "'\(key)'")
    }

    /// A name that the file must define elsewhere.
    func reference(_ key: String, to target: ReadingSession.Target) -> String? {
        guard let scalar = scalar(key) else { return nil }
        session.refer(to: target, scalar.text, at: scalar.mark)
        return scalar.text
    }
}

extension ReadingSession {
    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(_ node: YAMLNode, _ type: Word.Type, for what: String) -> Word?
    where Word.RawValue == String {
        guard let scalar = scalar(node, for: what) else { return nil }
        if let word = Word(rawValue: scalar.text) { return word }
        let names = type.allCases.map(\.rawValue)
        error(
            "unknown_word", "\(scalar.shown) is no value for \(what)\(Self.advice(scalar.text, among: names))",
            at: scalar.mark)
        return nil
    }

    /// An amount in the gateway's currency.
    func money(_ node: YAMLNode, for what: String) -> Money? {
        guard let scalar = scalar(node, for: what) else { return nil }
        guard let money = Money(scalar.text) else {
            error("invalid_value", "\(scalar.shown) is no amount; write one such as 0.60 USD", at: scalar.mark)
            return nil
        }
        guard money.currency == currency else {
            error(
                "other_currency",
                "\(what) is in \(money.currency), the gateway counts in \(currency); use one currency",
                at: scalar.mark)
            return nil
        }
        return money
    }
}
