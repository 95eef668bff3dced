/// Fills the `{{name}}` places of a template's text.
enum TemplateText {
    /// The text with its variables, and whether all of them were given.
    static func fill(_ text: String, _ variables: [String: String]) -> (text: String, isComplete: Bool) {
        var out = ""
        var isComplete = true
        var rest = text[...]
        while let open = find("{{", in: rest) {
            out += rest[..<open.lowerBound]
            guard let close = find("}}", in: rest[open.upperBound...]) else {
                out += rest[open.lowerBound...]
                return (out, isComplete)
            }
            let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
            if let value = variables[name] {
                out += value
            } else {
                isComplete = false
            }
            rest = rest[close.upperBound...]
        }
        return (out + rest, isComplete)
    }

    private static func find(_ pair: String, in text: Substring) -> Range<Substring.Index>? {
        guard let first = pair.utf8.first else { return nil }
        var index = text.utf8.startIndex
        while index < text.utf8.endIndex {
            let next = text.utf8.index(after: index)
            if text.utf8[index] == first, next < text.utf8.endIndex, text.utf8[next] == first {
                return index..<text.utf8.index(after: next)
            }
            index = next
        }
        return nil
    }
}
