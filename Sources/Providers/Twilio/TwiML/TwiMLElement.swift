/// An element of a TwiML document, written as Twilio's own libraries write it: attributes sorted by name, a blank
/// before the slash of an empty element, UTF-8 without entities but the necessary ones.
struct TwiMLElement: Sendable, Hashable {
    /// What an element holds, in order.
    enum Node: Sendable, Hashable {
        case element(TwiMLElement)
        case text(String)
    }

    var name: String
    var attributes: [String: String]
    var children: [Node]

    /// An element that holds other elements.
    init(_ name: String, _ attributes: [String: String] = [:], _ elements: [TwiMLElement] = []) {
        self.name = name
        self.attributes = attributes
        children = elements.map(Node.element)
    }

    /// An element that holds a text.
    init(_ name: String, _ attributes: [String: String] = [:], text: String) {
        self.name = name
        self.attributes = attributes
        children = text.isEmpty ? [] : [.text(text)]
    }

    /// The element as a whole document.
    var document: [UInt8] {
        var out = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        out.append(UInt8(ascii: "<"))
        out.append(contentsOf: name.utf8)
        for (key, value) in attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            out.append(0x20)
            out.append(contentsOf: key.utf8)
            out.append(contentsOf: "=\"".utf8)
            Self.escape(value, inAttribute: true, to: &out)
            out.append(UInt8(ascii: "\""))
        }
        guard !children.isEmpty else {
            out.append(contentsOf: " />".utf8)
            return
        }
        out.append(UInt8(ascii: ">"))
        for child in children {
            switch child {
            case .element(let element): element.write(to: &out)
            case .text(let text): Self.escape(text, inAttribute: false, to: &out)
            }
        }
        out.append(contentsOf: "</".utf8)
        out.append(contentsOf: name.utf8)
        out.append(UInt8(ascii: ">"))
    }

    /// Characters that XML 1.0 (section 2.2) does not allow are dropped: they cannot be written in any way.
    private static func escape(_ text: String, inAttribute: Bool, to out: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: out.append(contentsOf: "&amp;".utf8)
            case 0x3C: out.append(contentsOf: "&lt;".utf8)
            case 0x3E: out.append(contentsOf: "&gt;".utf8)
            case 0x22 where inAttribute: out.append(contentsOf: "&quot;".utf8)
            // A reader would make a blank of them in an attribute, and LF of CR everywhere.
            case 0x09 where inAttribute: out.append(contentsOf: "&#9;".utf8)
            case 0x0A where inAttribute: out.append(contentsOf: "&#10;".utf8)
            case 0x0D: out.append(contentsOf: "&#13;".utf8)
            case 0x20...0x7E: out.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0x09, 0x0A, 0x7F...0xFFFD, 0x10000...: out.append(contentsOf: scalar.utf8)
            default: break
            }
        }
    }
}
