/// Reads the text of a pattern into a tree.
struct PatternParser {
    /// How deep groups may be nested.
    static let deepest = 64
    /// The highest bound of a repetition, as in RE2.
    static let mostRepetitions = 1000

    let scalars: [Unicode.Scalar]
    var position = 0
    var flags: PatternFlags
    private var depth = 0

    init(_ source: String, flags: PatternFlags) {
        scalars = Array(source.unicodeScalars)
        self.flags = flags
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try alternatives()
        guard position == scalars.count else {
            throw PatternError(.unbalanced, "this ')' closes nothing; a literal one is written \\)", at: position)
        }
        return node
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            guard let atom = try atom() else { continue }
            nodes.append(try repeated(atom, from: start))
        }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    /// What stands here; nil for a `(?i)`, which changes what follows in the group and matches nothing.
    private mutating func atom() throws(PatternError) -> PatternNode? {
        guard let scalar = next else { return nil }
        let start = position
        switch scalar {
        case "*", "+", "?": throw PatternError(.badRepetition, "there is nothing that '\(scalar)' repeats", at: start)
        case "{" where bounds() != nil:
            throw PatternError(.badRepetition, "there is nothing that this repeats", at: start)
        default: position += 1
        }
        switch scalar {
        case "(": return try group(from: start)
        case "[": return .scalars(try characterClass(from: start))
        case "\\": return try escape(from: start)
        case ".": return .scalars(flags.dotMatchesLineFeed ? .all : ScalarSet.lineFeed.inverted)
        case "^": return .assertion(flags.matchesLines ? .lineStart : .textStart)
        case "$": return .assertion(flags.matchesLines ? .lineEnd : .textEnd)
        default: return literal(scalar)
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        .scalars(flags.ignoresCase ? ScalarSet(scalar).caseFolded : ScalarSet(scalar))
    }

    private mutating func group(from start: Int) throws(PatternError) -> PatternNode? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.deepest else {
            throw PatternError(.tooLarge, "groups are nested deeper than \(PatternParser.deepest)", at: start)
        }
        let outer = flags
        if take("?") {
            guard try groupHead(from: start) else { return nil }
        }
        let node = try alternatives()
        guard take(")") else { throw PatternError(.unbalanced, "this '(' is never closed", at: start) }
        flags = outer
        return node
    }

    /// Reads what follows `(?`; false if it was the whole group, as in `(?i)`.
    private mutating func groupHead(from start: Int) throws(PatternError) -> Bool {
        if take(":") { return true }
        if take("P"), next != "<" { throw unsupportedGroup(start) }
        if take("<") {
            if next == "=" || next == "!" { throw unsupportedGroup(start) }
            var length = 0
            while let scalar = next, ScalarSet.word.contains(scalar.value) {
                position += 1
                length += 1
            }
            guard length > 0, take(">") else {
                throw PatternError(.unsupported, "this is no name of a group", at: start)
            }
            return true
        }
        var value = true
        var count = 0
        while let scalar = next, scalar != ":", scalar != ")" {
            position += 1
            if scalar == "-", value {
                value = false
            } else if flags.set(scalar, to: value) {
                count += 1
            } else {
                throw unsupportedGroup(start)
            }
        }
        guard count > 0, next != nil else { throw unsupportedGroup(start) }
        return !take(")") && take(":")
    }

    private func unsupportedGroup(_ start: Int) -> PatternError {
        let message = "groups are (…), (?:…), (?P<name>…) and (?i), (?s), (?m); looking ahead or behind is not offered"
        return PatternError(.unsupported, message, at: start)
    }

    private mutating func repeated(_ atom: PatternNode, from start: Int) throws(PatternError) -> PatternNode {
        let place = position
        guard let (least, most) = takeRepetition() else { return atom }
        if let most, most < least {
            throw PatternError(.badRepetition, "the upper bound is below the lower one", at: place)
        }
        guard max(least, most ?? 0) <= PatternParser.mostRepetitions else {
            let message = "more than \(PatternParser.mostRepetitions) repetitions are not offered"
            throw PatternError(.tooLarge, message, at: place)
        }
        // Whether as little or as much as possible is taken makes no difference to whether there is a match.
        _ = take("?")
        if next == "*" || next == "+" || next == "?" || bounds() != nil {
            throw PatternError(.badRepetition, "a repetition is repeated; put it in (?:…)", at: position)
        }
        return .repetition(atom, least: least, most: most)
    }

    private mutating func takeRepetition() -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard let bounds = bounds() else { return nil }
        position = bounds.end
        return (bounds.least, bounds.most)
    }

    /// The bounds `{n}`, `{n,}` or `{n,m}` that stand here; any other brace is literal.
    private func bounds() -> (least: Int, most: Int?, end: Int)? {
        guard next == "{" else { return nil }
        var scan = position + 1
        func number() -> (value: Int, end: Int)? {
            var value = 0
            var end = scan
            while end < scalars.count, ScalarSet.digits.contains(scalars[end].value) {
                value = min(value * 10 + Int(scalars[end].value) - 0x30, 1_000_000)
                end += 1
            }
            return end > scan ? (value, end) : nil
        }
        guard let least = number() else { return nil }
        scan = least.end
        guard scan < scalars.count else { return nil }
        if scalars[scan] == "}" { return (least.value, least.value, scan + 1) }
        guard scalars[scan] == "," else { return nil }
        scan += 1
        let most = number()
        scan = most?.end ?? scan
        guard scan < scalars.count, scalars[scan] == "}" else { return nil }
        return (least.value, most?.value, scan + 1)
    }
}
