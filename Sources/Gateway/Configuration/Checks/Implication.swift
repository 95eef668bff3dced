/// What follows from what among matchers. Sound, not complete: `true` is proven, `false` may mean 'not known'.
struct Implication {
    /// Comparisons left; when none are, nothing more is proven. Bounds the work on hostile files.
    private(set) var budget: Int

    init(budget: Int) { self.budget = budget }

    /// Whether every value that fits `first` fits `second`.
    mutating func implies(_ first: Matcher, _ second: Matcher) -> Bool {
        budget -= 1
        guard budget > 0 else { return false }
        switch (first, second) {
        case (.any(let parts), _): return all(parts) { $0.implies($1, second) }
        case (_, .all(let parts)): return all(parts) { $0.implies(first, $1) }
        case (_, .any(let parts)) where some(parts, { $0.implies(first, $1) }): return true
        case (.all(let parts), _) where some(parts, { $0.implies($1, second) }): return true
        case (_, .not(let inner)): return excludes(first, inner)
        default: return impliesSingle(first, second)
        }
    }

    /// Whether no value fits both.
    mutating func excludes(_ first: Matcher, _ second: Matcher) -> Bool {
        budget -= 1
        guard budget > 0 else { return false }
        switch (first, second) {
        case (.any(let parts), _): return all(parts) { $0.excludes($1, second) }
        case (_, .any(let parts)): return all(parts) { $0.excludes(first, $1) }
        case (.all(let parts), _) where some(parts, { $0.excludes($1, second) }): return true
        case (_, .all(let parts)) where some(parts, { $0.excludes(first, $1) }): return true
        case (.not(let inner), _): return implies(second, inner)
        case (_, .not(let inner)): return implies(first, inner)
        default: return Self.excludesSingle(first, second)
        }
    }

    private mutating func all(_ parts: [Matcher], _ test: (inout Implication, Matcher) -> Bool) -> Bool {
        for part in parts where !test(&self, part) { return false }
        return true
    }

    private mutating func some(_ parts: [Matcher], _ test: (inout Implication, Matcher) -> Bool) -> Bool {
        for part in parts where test(&self, part) { return true }
        return false
    }

    private func impliesSingle(_ first: Matcher, _ second: Matcher) -> Bool {
        switch (first, second) {
        case (.equals(let text), _): second.matches(.text(text))
        case (.flag(let one), .flag(let other)): one == other
        case (.range(let one), .range(let other)): other.contains(one.lowerBound) && other.contains(one.upperBound)
        case (.glob(let one, _), .glob(let other, _)): Self.covers(other, one)
        case (.pattern(let one, let flags, _), .pattern(let other, let otherFlags, _)):
            one == other && flags == otherFlags
        case (.times(let one), .times(let other)): one.name == other.name
        case (.contains(let one), .contains(let other)): one.word == other.word
        default: false
        }
    }

    private static func excludesSingle(_ first: Matcher, _ second: Matcher) -> Bool {
        switch (first, second) {
        case (.equals(let text), _): !second.matches(.text(text))
        case (_, .equals(let text)): !first.matches(.text(text))
        case (.flag(let one), .flag(let other)): one != other
        case (.range(let one), .range(let other)): !one.overlaps(other)
        case (.glob(let one, _), .glob(let other, _)): areApart(stem(one), stem(other))
        default: false
        }
    }

    /// The literal beginning of a glob.
    private static func stem(_ glob: String) -> Substring { glob.prefix { $0 != "*" && $0 != "?" } }

    private static func areApart(_ one: Substring, _ other: Substring) -> Bool {
        !one.hasPrefix(other) && !other.hasPrefix(one)
    }

    /// Whether everything that fits `narrow` fits `wide`, told where `wide` is a beginning and a star.
    private static func covers(_ wide: String, _ narrow: String) -> Bool {
        if wide == narrow { return true }
        let beginning = stem(wide)
        return wide.dropFirst(beginning.count) == "*" && stem(narrow).hasPrefix(beginning)
    }
}
