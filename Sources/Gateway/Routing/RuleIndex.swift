/// Which outbound rules can match an envelope at all, so that the cost of a decision does not grow with those that cannot.
///
/// Of each rule one condition that asks for a text, or for the beginning of one, is filed under that text; of several the
/// rarest. Rules without such a condition are always tried. What the index finds may still fail: it is never short of a
/// rule that matches.
struct RuleIndex: Sendable {
    /// A text that a condition asks for.
    private struct Key: Hashable {
        var field: MatchField
        /// The value begins with `text`; otherwise it is `text`.
        var isPrefix: Bool
        var text: String
    }

    /// The rules that are filed under the values of one field.
    private struct FieldIndex {
        var field: MatchField
        var whole: [String: [Int32]] = [:]
        /// By the bytes of the beginning.
        var beginnings: [Int: [String: [Int32]]] = [:]
        /// The keys of `beginnings`, rising.
        var lengths: [Int] = []
    }

    private var fields: [FieldIndex] = []
    /// Rules that no text tells apart.
    private var always: [Int32] = []

    init(_ rules: [OutboundRule]) {
        var frequency: [Key: Int] = [:]
        let choices = rules.map { rule in rule.when.compactMap(Self.keys) }
        for keys in choices.joined() { for key in keys { frequency[key, default: 0] += 1 } }
        for (index, choice) in choices.enumerated() {
            func crowd(_ keys: [Key]) -> Int { keys.reduce(0) { $0 + (frequency[$1] ?? 0) } }
            if let rarest = choice.min(by: { crowd($0) < crowd($1) }) {
                for key in rarest { file(Int32(clamping: index), under: key) }
            } else {
                always.append(Int32(clamping: index))
            }
        }
        for index in fields.indices { fields[index].lengths = fields[index].beginnings.keys.sorted() }
    }

    /// The rules that can match, in order.
    /// - Parameter value: of a field; called once for each field that is indexed.
    func candidates(_ value: (MatchField) -> MatchValue) -> RuleCandidates {
        var candidates = RuleCandidates(always)
        for field in fields {
            guard case .text(let text) = value(field.field) else { continue }
            if let rules = field.whole[text] { candidates.add(rules) }
            guard !field.lengths.isEmpty else { continue }
            let bytes = text.utf8
            for length in field.lengths where length <= bytes.count {
                let beginning = String(decoding: bytes.prefix(length), as: UTF8.self)
                if let rules = field.beginnings[length]?[beginning] { candidates.add(rules) }
            }
        }
        return candidates
    }

    // MARK: filing

    private mutating func file(_ rule: Int32, under key: Key) {
        let place: Int
        if let known = fields.firstIndex(where: { $0.field == key.field }) {
            place = known
        } else {
            place = fields.count
            fields.append(FieldIndex(field: key.field))
        }
        if key.isPrefix {
            Self.file(rule, in: &fields[place].beginnings[key.text.utf8.count, default: [:]][key.text, default: []])
        } else {
            Self.file(rule, in: &fields[place].whole[key.text, default: []])
        }
    }

    /// Rules come in order; a list that names a text twice is filed once.
    private static func file(_ rule: Int32, in rules: inout [Int32]) {
        if rules.last != rule { rules.append(rule) }
    }

    /// The texts of which a condition asks for one; `nil` when it asks for something else.
    private static func keys(_ condition: Condition) -> [Key]? { keys(condition.matcher, condition.field) }

    private static func keys(_ matcher: Matcher, _ field: MatchField) -> [Key]? {
        switch matcher {
        case .equals(let text): return [Key(field: field, isPrefix: false, text: text)]
        case .glob(_, let glob):
            let prefix = glob.literalPrefix
            return prefix.isEmpty ? nil : [Key(field: field, isPrefix: true, text: prefix)]
        case .any(let matchers):
            var all: [Key] = []
            for matcher in matchers {
                guard let keys = keys(matcher, field) else { return nil }
                all += keys
            }
            return all.isEmpty ? nil : all
        // All of them must hold, so the keys of any one of them do.
        case .all(let matchers): return matchers.lazy.compactMap { keys($0, field) }.first
        default: return nil
        }
    }
}

/// Numbers of rules from a few rising lists, in order and each once.
struct RuleCandidates: Sequence, IteratorProtocol {
    private var lists: [ArraySlice<Int32>]

    init(_ list: [Int32]) { lists = list.isEmpty ? [] : [list[...]] }

    mutating func add(_ list: [Int32]) { lists.append(list[...]) }

    mutating func next() -> Int? {
        var least: Int32?
        for list in lists {
            if let first = list.first, first < least ?? .max { least = first }
        }
        guard let least else { return nil }
        for index in lists.indices where lists[index].first == least { lists[index].removeFirst() }
        return Int(least)
    }
}
