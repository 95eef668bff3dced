/// Reads typed fields out of script pieces and collects every mistake instead of stopping at the first.
struct ScriptReader {
    private(set) var problems: [SimulatorScriptProblem] = []

    /// Throws what was collected, if anything.
    func finish() throws(SimulatorScriptError) {
        if !problems.isEmpty { throw SimulatorScriptError(problems: problems) }
    }

    /// Notes a mistake at a piece.
    mutating func report(_ code: String, _ message: String, at node: ScriptNode) {
        problems.append(
            SimulatorScriptProblem(
                code: code, message: message, pointer: node.pointer, line: node.line, column: node.column))
    }

    /// The members of a mapping with known keys; others and doubled ones are mistakes.
    mutating func members(_ node: ScriptNode, of what: String, keys: [String]) -> [String: ScriptNode] {
        var found: [String: ScriptNode] = [:]
        for (key, value) in entries(node, of: what) {
            if keys.contains(key) {
                found[key] = value
            } else {
                report("unknown_key", "\(what) has no key '\(key)'; it has \(keys.joined(separator: ", "))", at: value)
            }
        }
        return found
    }

    /// The members of a mapping with free keys, in order.
    mutating func entries(_ node: ScriptNode?, of what: String) -> [(key: String, node: ScriptNode)] {
        guard let node else { return [] }
        switch node.kind {
        case .empty: return []
        case .map(let members):
            var seen: Set<String> = []
            return members.filter { member in
                let isNew = seen.insert(member.key).inserted
                if !isNew { report("duplicate_key", "'\(member.key)' is there twice", at: member.node) }
                return isNew
            }
        default:
            report("type", "\(what) is a mapping", at: node)
            return []
        }
    }

    /// The elements of a list.
    mutating func elements(_ node: ScriptNode, of what: String) -> [ScriptNode] {
        switch node.kind {
        case .empty: return []
        case .list(let elements): return elements
        default:
            report("type", "\(what) is a list", at: node)
            return []
        }
    }

    /// A text, nil (and a mistake) when it is none.
    mutating func text(_ node: ScriptNode?, _ what: String) -> String? {
        guard let node else { return nil }
        if case .scalar(let text) = node.kind { return text }
        report("type", "\(what) is a text", at: node)
        return nil
    }

    /// One word of a few.
    mutating func word(_ node: ScriptNode?, _ what: String, of words: [String]) -> String? {
        guard let node, let text = text(node, what) else { return nil }
        if words.contains(text) { return text }
        report("value", "\(what) is one of \(words.joined(separator: ", ")), not '\(text)'", at: node)
        return nil
    }

    /// `true` or `false`.
    mutating func flag(_ node: ScriptNode?, _ what: String) -> Bool? {
        word(node, what, of: ["true", "false"]).map { $0 == "true" }
    }

    /// A whole number of a range.
    mutating func integer(_ node: ScriptNode?, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let node, let text = text(node, what) else { return nil }
        if let value = Int(text), range.contains(value) { return value }
        report("number", "\(what) is a whole number \(range.lowerBound) to \(range.upperBound)", at: node)
        return nil
    }

    /// A share between 0 and 1.
    mutating func share(_ node: ScriptNode?, _ what: String) -> Double? {
        guard let node, let text = text(node, what) else { return nil }
        if let value = Double(text), (0...1).contains(value) { return value }
        report("number", "\(what) is a number 0 to 1", at: node)
        return nil
    }

    /// An amount of 0 to 1000 with at most five decimals, in hundred-thousandths.
    mutating func price(_ node: ScriptNode?, _ what: String) -> Int64? {
        guard let node, let text = text(node, what) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDecimal = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        if isDecimal, parts.count <= 2, let whole = Int64(parts[0]), whole < 1_000 {
            let decimals = parts.count == 2 ? String(parts[1]) : ""
            if decimals.utf8.count <= 5,
                let rest = Int64(decimals + String(repeating: "0", count: 5 - decimals.utf8.count))
            {
                return whole * 100_000 + rest
            }
        }
        report("price", "\(what) is a price such as 0.0075, not '\(text)'", at: node)
        return nil
    }

    /// One of the provider's error codes.
    mutating func errorCode(_ node: ScriptNode?, _ what: String) -> Int? {
        guard let node, let text = text(node, what) else { return nil }
        if let value = Int(text), (1...99_999).contains(value) { return value }
        report("error_code", "\(what) is an error code such as 30003", at: node)
        return nil
    }

    /// Milliseconds of `500ms`, `2s`, `1.5s`, `1m`, `1h`.
    mutating func duration(_ node: ScriptNode?, _ what: String) -> Int64? {
        guard let node, let text = text(node, what) else { return nil }
        if let value = Self.milliseconds(text) { return value }
        report("duration", "\(what) is a duration such as 500ms, 2s or 1m, not '\(text)'", at: node)
        return nil
    }

    /// `20ms..80ms`, or one duration.
    mutating func durations(_ node: ScriptNode?, _ what: String) -> ClosedRange<Int64>? {
        guard let node, let text = text(node, what) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if let gap = parts.firstIndex(of: ""), gap > 0, gap < parts.count - 1,
            let low = Self.milliseconds(parts[..<gap].joined(separator: ".")),
            let high = Self.milliseconds(parts[(gap + 1)...].joined(separator: ".")), low <= high
        {
            return low...high
        }
        if let value = Self.milliseconds(text) { return value...value }
        report("duration", "\(what) is a range of durations such as 20ms..80ms, not '\(text)'", at: node)
        return nil
    }

    /// `10/s`, `30/m`, `1000/h` as a number per second.
    mutating func rate(_ node: ScriptNode?, _ what: String) -> Double? {
        guard let node, let text = text(node, what) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let count = Double(parts[0]), count > 0, count <= 1e9,
            let seconds = ["s": 1.0, "m": 60.0, "h": 3600.0][String(parts[1])]
        {
            return count / seconds
        }
        report("rate", "\(what) is a rate such as 1/s, not '\(text)'", at: node)
        return nil
    }

    /// Milliseconds of a duration up to 400 days; nil when it is none.
    static func milliseconds(_ text: String) -> Int64? {
        let units: [(String, Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            let number = text.dropLast(unit.count)
            guard !number.isEmpty, number.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
                let value = Double(number), value * factor <= 400 * 86_400_000
            else { return nil }
            return Int64((value * factor).rounded())
        }
        return text == "0" ? 0 : nil
    }
}
