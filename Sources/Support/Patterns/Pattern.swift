/// A regular expression of the RE2 subset, matched in time linear in the text, whatever the pattern.
///
/// Offered are literals, `.`, classes with ranges, `\d \w \s` and `[:alpha:]`, `* + ? {n,m}`, alternatives, groups (which do
/// not capture), `^ $ \A \z \b \B`, `\n \t \x41 \x{1F600}`, and the flags `i` (ignore case), `s` (a dot matches a line
/// feed) and `m` (`^` and `$` match at lines), also as `(?i)`. A pattern matches where any part of the text does.
/// It sees Unicode scalars; `\d \w \s \b` know ASCII alone, and `i` folds Latin, Greek, Cyrillic and Armenian.
public struct Pattern: Sendable {
    /// How many characters a pattern may have.
    public static let longest = 2000

    /// The pattern as it was written.
    public let source: String
    private let program: PatternProgram
    private let table: PatternTable?

    /// Reads a pattern and its flags.
    public init(_ source: String, flags: String = "") throws(PatternError) {
        let length = source.unicodeScalars.count
        guard length <= Pattern.longest else {
            throw PatternError(
                .tooLarge, "the pattern has more than \(Pattern.longest) characters", at: Pattern.longest)
        }
        var set = PatternFlags()
        var seen: Set<Unicode.Scalar> = []
        for flag in flags.unicodeScalars {
            guard seen.insert(flag).inserted, set.set(flag, to: true) else {
                throw PatternError(.badFlag, "the flags are i, s and m, each at most once", at: length)
            }
        }
        var parser = PatternParser(source, flags: set)
        program = try PatternCompiler.program(of: parser.parse())
        table = PatternTable(program)
        self.source = source
    }

    /// Reads `/pattern/flags`; a slash within the pattern needs no backslash, and offsets count from the pattern's begin.
    public init(delimited text: String) throws(PatternError) {
        guard let last = Pattern.lastSlash(text) else {
            throw PatternError(.notDelimited, "a pattern is written /pattern/ or /pattern/i", at: 0)
        }
        let source = text.unicodeScalars[..<last].dropFirst()
        try self.init(String(source), flags: String(text.unicodeScalars[last...].dropFirst()))
    }

    /// Whether a text has the form `/pattern/flags`, where flags are letters.
    public static func isDelimited(_ text: String) -> Bool { lastSlash(text) != nil }

    /// The slash before the flags; nil where the text is no pattern. By scalars, because a combining mark that a pattern
    /// begins with makes another character of the slash before it.
    private static func lastSlash(_ text: String) -> String.Index? {
        let scalars = text.unicodeScalars
        guard scalars.first == "/", let last = scalars.lastIndex(of: "/"), last > scalars.startIndex,
            scalars[last...].dropFirst().allSatisfy({ ("a"..."z").contains($0) })
        else { return nil }
        return last
    }

    /// Whether a part of the text matches.
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: How many bytes of it are looked at; a character that the cut divides does not count.
    public func matches(_ text: String, limit: Int = .max) -> Bool {
        var text = text
        return text.withUTF8 { matches($0, limit: limit) }
    }

    /// Whether a part of a UTF-8 text matches; bytes that are not UTF-8 read as U+FFFD.
    public func matches(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int = .max) -> Bool {
        var end = min(bytes.count, max(limit, 0))
        if end < bytes.count {
            while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        }
        let cut = UnsafeBufferPointer(rebasing: bytes[..<end])
        return table?.matches(cut) ?? follow(cut)
    }

    private func follow(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var scratch = PatternProgram.Scratch(count: program.instructions.count)
        var scan = UTF8Scan(bytes)
        var state = program.initial
        while true {
            let scalarClass = scan.next().map(program.classes.index)
            switch program.step(state, over: scalarClass, &scratch) {
            case .matched: return true
            case .goesOn(let next): state = next
            }
            if scalarClass == nil { return false }
        }
    }

    /// What `matches` says without the table, for tests.
    func matchesWithoutTable(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { follow($0) }
    }

    /// Whether the pattern is matched by a table, for tests and measurements.
    var hasTable: Bool { table != nil }
}
