import JSON

/// Writes JSON values as YAML blocks that people read. What could be taken for something else is quoted, by JSON's rules,
/// which YAML 1.2 shares.
enum YAMLText {
    /// The text of a value, ended by a line feed.
    static func text(of value: JSONValue) -> String {
        switch value {
        case .object(let object) where !object.isEmpty: lines(object, 0).joined(separator: "\n") + "\n"
        case .array(let elements) where !elements.isEmpty: lines(elements, 0).joined(separator: "\n") + "\n"
        default: scalar(value) + "\n"
        }
    }

    private static func lines(_ object: JSONObject, _ indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return object.members.flatMap { key, value in
            let head = margin + scalar(.string(key)) + ":"
            switch value {
            case .object(let inner) where !inner.isEmpty: return [head] + lines(inner, indent + 2)
            case .array(let inner) where !inner.isEmpty: return [head] + lines(inner, indent + 2)
            default: return [head + " " + scalar(value)]
            }
        }
    }

    private static func lines(_ elements: [JSONValue], _ indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return elements.flatMap { element in
            var inner: [String]
            switch element {
            case .object(let object) where !object.isEmpty: inner = lines(object, indent + 2)
            case .array(let array) where !array.isEmpty: inner = lines(array, indent + 2)
            default: return [margin + "- " + scalar(element)]
            }
            inner[0] = margin + "- " + inner[0].dropFirst(indent + 2)
            return inner
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        guard case .string(let text) = value, isPlain(text) else {
            return escaped(value.text)
        }
        return text
    }

    /// What a terminal would act upon, and what YAML does not allow as it is (section 5.1), as an escape, which both
    /// formats read back. JSON's text has escapes for the other control characters already, and nothing of all this
    /// outside of quotes.
    private static func escaped(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard PlainText.isUnfit(scalar) || [0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value) else {
                clean.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            let zeros = String(repeating: "0", count: 4 - digits.count)
            clean.append(contentsOf: ("\\u" + zeros + digits).unicodeScalars)
        }
        return String(clean)
    }

    /// Letters first, then letters, digits and some marks, and none of the words that YAML 1.1 or 1.2 takes for something
    /// else.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.last != UInt8(ascii: " ") else { return false }
        let isSafe = text.utf8.allSatisfy { byte in
            isLetter(byte) || (48...57).contains(byte) || [0x20, 0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
        }
        return isSafe && !words.contains(text.lowercased())
    }

    private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }
}
