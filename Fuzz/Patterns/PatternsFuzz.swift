// Patterns: the table, the automaton and a backtracking reference agree on whether a text matches; no step follows
// more places than the pattern has, so that matching is linear; faults lie inside of the pattern. Globs against a
// reference too; the detectors only must come back.
@testable import Patterns

/// Called by libFuzzer with each input: flags, then the pattern and the text as records.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPatterns(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let bits = input.byte()
    let records = input.records
    let source = String(decoding: records[0], as: UTF8.self)
    let bytes = records.count > 1 ? records[1] : []
    let text = String(decoding: bytes, as: UTF8.self)
    let flags = zip([1, 2, 4] as [UInt8], ["i", "s", "m"]).map { bits & $0 != 0 ? $1 : "" }.joined()
    do throws(PatternError) {
        let pattern = try Pattern(source, flags: flags)
        let matches = pattern.matches(text)
        expect(matches == pattern.matchesWithoutTable(text), "table and automaton differ")
        try checkSteps(source, flags, text, matches)
        let isSame = bytes.withUnsafeBufferPointer { pattern.matches($0) } == matches
        expect(isSame || String(validating: bytes, as: UTF8.self) == nil, "bytes and text differ")
        let limit = Int(bits >> 3)
        expect(pattern.matches(text, limit: limit) == pattern.matches(cut(text, limit)), "the limit cuts wrongly")
        expect((try? Pattern(delimited: "/\(source)/\(flags)")) != nil, "delimited it is none")
    } catch {
        expect((0...source.unicodeScalars.count).contains(error.offset), "offset \(error.offset)")
    }
    checkGlob(source, text)
    _ = (CardNumbers.found(in: text), IBANs.found(in: text))
    return 0
}

private func cut(_ text: String, _ limit: Int) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        guard String(result).utf8.count + UTF8.width(scalar) <= limit else { break }
        result.append(scalar)
    }
    return String(result)
}

/// Linear: a step for each scalar and one for the end, and each follows a set of places, never a list that grows.
private func checkSteps(_ source: String, _ flags: String, _ text: String, _ matches: Bool) throws(PatternError) {
    var set = PatternFlags()
    for flag in flags.unicodeScalars { _ = set.set(flag, to: true) }
    var parser = PatternParser(source, flags: set)
    let tree = try parser.parse()
    let program = try PatternCompiler.program(of: tree)
    expect(program.instructions.count <= PatternProgram.largest, "the program is too large")
    var scratch = PatternProgram.Scratch(count: program.instructions.count)
    var state = program.initial
    steps: for scalar in text.unicodeScalars.map({ Optional($0.value) }) + [nil] {
        switch program.step(state, over: scalar.map(program.classes.index), &scratch) {
        case .matched: break steps
        case .goesOn(let next): state = next
        }
        expect(state.places.count <= program.instructions.count, "more places than instructions")
        expect(zip(state.places, state.places.dropFirst()).allSatisfy { $0 < $1 }, "a place is followed twice")
    }
    var reference = Reference(text: text.unicodeScalars.map(\.value))
    if let wanted = reference.matches(tree) { expect(matches == wanted, "the reference says \(wanted)") }
}

/// A backtracking matcher, as simple as can be; it gives up on what takes it too long.
private struct Reference {
    let text: [UInt32]
    var fuel = 20_000

    init(text: [UInt32]) { self.text = text }

    /// nil when it gave up.
    mutating func matches(_ node: PatternNode) -> Bool? {
        for start in 0...text.count {
            var found = false
            follow(node, start) { _ in
                found = true
                return true
            }
            if found { return true }
            if fuel <= 0 { return nil }
        }
        return false
    }

    /// Calls `go` with each place at which a match of the node can end, until it returns true.
    @discardableResult
    private mutating func follow(_ node: PatternNode, _ place: Int, _ go: (Int) -> Bool) -> Bool {
        fuel -= 1
        guard fuel > 0 else { return true }
        switch node {
        case .empty: return go(place)
        case .scalars(let set): return place < text.count && set.contains(text[place]) && go(place + 1)
        case .assertion(let assertion): return holds(assertion, place) && go(place)
        case .sequence(let nodes): return follow(nodes[...], place, go)
        case .alternatives(let nodes):
            for node in nodes where follow(node, place, go) { return true }
            return false
        case .repetition(let node, let least, let most):
            return repeated(node, least, most, place, go)
        }
    }

    private mutating func follow(_ nodes: ArraySlice<PatternNode>, _ place: Int, _ go: (Int) -> Bool) -> Bool {
        guard let first = nodes.first else { return go(place) }
        var ends: Set<Int> = []
        follow(first, place) { end in
            ends.insert(end)
            return false
        }
        for end in ends.sorted() where follow(nodes.dropFirst(), end, go) { return true }
        return false
    }

    /// By sets of ends: what repetitions of a length reach, until nothing new is reached.
    private mutating func repeated(
        _ node: PatternNode, _ least: Int, _ most: Int?, _ place: Int, _ go: (Int) -> Bool
    ) -> Bool {
        var reached: Set<Int> = [place]
        var ends: Set<Int> = least == 0 ? [place] : []
        var count = 0
        while count < most ?? (least + text.count + 1), !reached.isEmpty, fuel > 0 {
            var next: Set<Int> = []
            for place in reached.sorted() {
                follow(node, place) { end in
                    next.insert(end)
                    return false
                }
            }
            count += 1
            if count >= least, next.isSubset(of: ends) { break }
            if count >= least { ends.formUnion(next) }
            reached = next
        }
        for end in ends.sorted() where go(end) { return true }
        return false
    }

    private func holds(_ assertion: PatternAssertion, _ place: Int) -> Bool {
        let before = place > 0 ? text[place - 1] : nil
        let after = place < text.count ? text[place] : nil
        switch assertion {
        case .textStart: return before == nil
        case .textEnd: return after == nil
        case .lineStart: return before == nil || before == 0x0A
        case .lineEnd: return after == nil || after == 0x0A
        case .wordBoundary: return isWord(before) != isWord(after)
        case .noWordBoundary: return isWord(before) == isWord(after)
        }
    }

    private func isWord(_ scalar: UInt32?) -> Bool {
        guard let scalar else { return false }
        return (48...57).contains(scalar) || (65...90).contains(scalar) || (97...122).contains(scalar) || scalar == 95
    }
}

/// Against the automaton of the pattern that says the same.
private func checkGlob(_ source: String, _ text: String) {
    let special = Set("\\.[](){}+|^$".unicodeScalars)
    var pattern = "\\A"
    for scalar in source.unicodeScalars {
        switch scalar {
        case "*": pattern += ".*"
        case "?": pattern += "."
        default: pattern += (special.contains(scalar) ? "\\" : "") + String(scalar)
        }
    }
    guard source.unicodeScalars.count <= 200, let same = try? Pattern(pattern + "\\z", flags: "s") else { return }
    let glob = Glob(source)
    expect(glob.matches(text) == same.matches(text), "glob and pattern differ")
    if glob.matches(text) { expect(text.utf8.starts(with: glob.literalPrefix.utf8), "the literal prefix is none") }
}
