extension PatternParser {
    /// Reads a class such as `[^a-z\d]`; its bracket is read already.
    mutating func characterClass(from start: Int) throws(PatternError) -> ScalarSet {
        let isInverted = take("^")
        var set = ScalarSet()
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            if let named = try namedClass() {
                set = set.union(named)
            } else if scalar == "\\", let escaped = setAfterBackslash() {
                set = set.union(escaped)
            } else {
                set = set.union(try range())
            }
        }
        guard take("]") else { throw PatternError(.unbalanced, "this '[' is never closed", at: start) }
        if flags.ignoresCase { set = set.caseFolded }
        return isInverted ? set.inverted : set
    }

    private mutating func setAfterBackslash() -> ScalarSet? {
        position += 1
        if let set = escapedSet() { return set }
        position -= 1
        return nil
    }

    private mutating func range() throws(PatternError) -> ScalarSet {
        let start = position
        let low = try bound()
        // A dash before the closing bracket is literal.
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return ScalarSet(low) }
        position += 1
        let place = position
        if next == "\\", setAfterBackslash() != nil {
            throw PatternError(.badClass, "a range cannot end with a class", at: place)
        }
        let high = try bound()
        guard low <= high else { throw PatternError(.badClass, "this range runs backwards", at: start) }
        return ScalarSet([low.value...high.value])
    }

    private mutating func bound() throws(PatternError) -> Unicode.Scalar {
        let start = position
        guard let scalar = next else { throw PatternError(.unbalanced, "a class is never closed", at: start) }
        position += 1
        return scalar == "\\" ? try escapedScalar(from: start) : scalar
    }

    /// `[:alpha:]` and its like.
    private mutating func namedClass() throws(PatternError) -> ScalarSet? {
        let start = position
        guard next == "[", position + 1 < scalars.count, scalars[position + 1] == ":" else { return nil }
        var end = position + 2
        while end < scalars.count, ScalarSet.word.contains(scalars[end].value) || scalars[end] == "^" { end += 1 }
        guard end + 1 < scalars.count, scalars[end] == ":", scalars[end + 1] == "]" else { return nil }
        var name = String(String.UnicodeScalarView(scalars[position + 2..<end]))
        let isInverted = name.hasPrefix("^")
        if isInverted { name.removeFirst() }
        guard let set = PatternParser.namedClasses[name] else {
            throw PatternError(.badClass, "there is no class [:\(name):]", at: start)
        }
        position = end + 2
        return isInverted ? set.inverted : set
    }

    private static let namedClasses: [String: ScalarSet] = [
        "alnum": ScalarSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]), "alpha": ScalarSet([0x41...0x5A, 0x61...0x7A]),
        "ascii": ScalarSet([0...0x7F]), "blank": ScalarSet([0x09...0x09, 0x20...0x20]),
        "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F]), "digit": .digits, "graph": ScalarSet([0x21...0x7E]),
        "lower": ScalarSet([0x61...0x7A]), "print": ScalarSet([0x20...0x7E]),
        "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": ScalarSet([0x09...0x0D, 0x20...0x20]), "upper": ScalarSet([0x41...0x5A]), "word": .word,
        "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]
}
