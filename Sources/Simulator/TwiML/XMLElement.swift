/// An element of an XML document.
final class XMLElement {
    let name: String
    let attributes: [String: String]
    /// Child elements in order.
    private(set) var children: [XMLElement] = []
    /// The text of the element and of all within it, in order.
    private(set) var text = ""

    init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    /// Adds a child.
    func append(_ child: XMLElement) {
        children.append(child)
        text += child.text
    }

    /// Adds text.
    func append(text: String) {
        self.text += text
    }

    /// An attribute that is not empty.
    subscript(attribute: String) -> String? {
        guard let value = attributes[attribute], !value.isEmpty else { return nil }
        return value
    }

    /// The text without blanks at its ends.
    var trimmedText: String {
        let blanks = Set(" \t\r\n".unicodeScalars)
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !blanks.contains($0) }),
            let last = scalars.lastIndex(where: { !blanks.contains($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
