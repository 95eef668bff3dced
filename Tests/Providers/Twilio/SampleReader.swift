@testable import TwilioProvider

/// Reads the sample documents: elements, attributes, text and the five entities, nothing else.
struct SampleReader {
    private var rest: Substring

    static func element(of xml: String) -> TwiMLElement? {
        guard let end = xml.firstRange(of: "?>") else { return nil }
        var reader = SampleReader(rest: xml[end.upperBound...])
        guard let element = reader.element(), reader.rest.isEmpty else { return nil }
        return element
    }

    private mutating func element() -> TwiMLElement? {
        guard take("<") else { return nil }
        var element = TwiMLElement(word())
        while take(" "), !rest.hasPrefix("/") {
            let name = word()
            guard take("=\"") else { return nil }
            element.attributes[name] = text(until: "\"")
            guard take("\"") else { return nil }
        }
        if take("/>") { return element }
        guard take(">") else { return nil }
        while !take("</" + element.name + ">") {
            if rest.hasPrefix("<") {
                guard let child = self.element() else { return nil }
                element.children.append(.element(child))
            } else {
                guard !rest.isEmpty else { return nil }
                element.children.append(.text(text(until: "<")))
            }
        }
        return element
    }

    private mutating func take(_ prefix: String) -> Bool {
        guard rest.hasPrefix(prefix) else { return false }
        rest = rest.dropFirst(prefix.count)
        return true
    }

    private mutating func word() -> String {
        let word = rest.prefix { $0.isLetter || $0 == "-" }
        rest = rest[word.endIndex...]
        return String(word)
    }

    private mutating func text(until end: Character) -> String {
        let raw = rest.prefix { $0 != end }
        rest = rest[raw.endIndex...]
        let entities = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'", "&amp;": "&"]
        var out = ""
        var left = raw[...]
        while let first = left.first {
            if first == "&", let (entity, plain) = entities.first(where: { left.hasPrefix($0.key) }) {
                out += plain
                left = left.dropFirst(entity.count)
            } else {
                out.append(first)
                left = left.dropFirst()
            }
        }
        return out
    }
}
