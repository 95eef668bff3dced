extension PatternParser {
    /// What a backslash outside of a class means; the backslash is read already.
    mutating func escape(from start: Int) throws(PatternError) -> PatternNode {
        guard let scalar = next else { throw PatternError(.badEscape, "a pattern cannot end with '\\'", at: start) }
        let assertion: PatternAssertion? =
            switch scalar {
            case "b": .wordBoundary
            case "B": .noWordBoundary
            case "A": .textStart
            case "z": .textEnd
            default: nil
            }
        if let assertion {
            position += 1
            return .assertion(assertion)
        }
        if let set = escapedSet() { return .scalars(set) }
        return literal(try escapedScalar(from: start))
    }

    /// The set that `\d`, `\w`, `\s` or its opposite stands for, as in RE2: of ASCII alone.
    mutating func escapedSet() -> ScalarSet? {
        let set: ScalarSet? =
            switch next {
            case "d": .digits
            case "D": ScalarSet.digits.inverted
            case "w": .word
            case "W": ScalarSet.word.inverted
            case "s": .blanks
            case "S": ScalarSet.blanks.inverted
            default: nil
            }
        if set != nil { position += 1 }
        return set
    }

    /// The scalar that `\n`, `\x41`, `\x{1F600}` or `\.` stands for.
    mutating func escapedScalar(from start: Int) throws(PatternError) -> Unicode.Scalar {
        guard let scalar = next else { throw PatternError(.badEscape, "a pattern cannot end with '\\'", at: start) }
        position += 1
        switch scalar {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "a": return "\u{07}"
        case "x": return try hexadecimal(from: start)
        case "p", "P":
            throw PatternError(.unsupported, "Unicode classes are not offered; write ranges such as [α-ω]", at: start)
        case "0"..."9":
            throw PatternError(.unsupported, "references to groups cannot be matched in linear time", at: start)
        case "a"..."z", "A"..."Z":
            throw PatternError(.badEscape, "'\\\(scalar)' has no meaning", at: start)
        default: return scalar
        }
    }

    private mutating func hexadecimal(from start: Int) throws(PatternError) -> Unicode.Scalar {
        let isBraced = take("{")
        var value: UInt32 = 0
        var count = 0
        while count < (isBraced ? 6 : 2), let digit = next.flatMap(PatternParser.hexadecimalDigit) {
            value = value << 4 | digit
            position += 1
            count += 1
        }
        guard isBraced ? count > 0 && take("}") : count == 2, let scalar = Unicode.Scalar(value) else {
            throw PatternError(.badEscape, "write \\x41 or \\x{1F600}", at: start)
        }
        return scalar
    }

    private static func hexadecimalDigit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x57
        case "A"..."F": scalar.value - 0x37
        default: nil
        }
    }
}
