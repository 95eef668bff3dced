/// Reads the XML that instructions are written in: elements, attributes, text, CDATA, comments, processing
/// instructions, the five named entities and character references. A document type is refused, so no entity can grow.
struct XMLReader {
    /// Why a document is not well-formed, and where (byte from 0).
    struct Failure: Error, Equatable {
        let reason: String
        let offset: Int
    }

    private static let maxDepth = 32
    private let bytes: [UInt8]
    private var index = 0

    /// Reads a whole document.
    static func parse(_ bytes: [UInt8]) throws(Failure) -> XMLElement {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Failure(reason: "not UTF-8", offset: 0) }
        var reader = XMLReader(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        return try reader.document()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func document() throws(Failure) -> XMLElement {
        try skipMisc()
        guard peek() == UInt8(ascii: "<") else { throw failure("no root element") }
        let root = try element(depth: 0)
        try skipMisc()
        guard index == bytes.count else { throw failure("text after the root element") }
        return root
    }

    /// Blanks, comments and processing instructions.
    private mutating func skipMisc() throws(Failure) {
        while true {
            skipBlanks()
            if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<!") {
                throw failure("document types are not allowed")
            } else {
                return
            }
        }
    }

    private mutating func element(depth: Int) throws(Failure) -> XMLElement {
        guard depth < Self.maxDepth else { throw failure("too deep") }
        index += 1
        let name = try name()
        let element = XMLElement(name: name, attributes: try attributes())
        if starts("/>") {
            index += 2
            return element
        }
        guard peek() == UInt8(ascii: ">") else { throw failure("'>' is missing") }
        index += 1
        try content(of: element, depth: depth)
        return element
    }

    private mutating func content(of element: XMLElement, depth: Int) throws(Failure) {
        while true {
            guard let byte = peek() else { throw failure("<\(element.name)> has no end") }
            if byte != UInt8(ascii: "<") {
                element.append(text: try text(until: [UInt8(ascii: "<")]))
            } else if starts("</") {
                index += 2
                guard try name() == element.name else { throw failure("<\(element.name)> has another end") }
                skipBlanks()
                guard peek() == UInt8(ascii: ">") else { throw failure("'>' is missing") }
                index += 1
                return
            } else if starts("<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                element.append(text: String(decoding: bytes[start..<index - 3], as: UTF8.self))
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<?") {
                try skip(past: "?>")
            } else {
                element.append(try self.element(depth: depth + 1))
            }
        }
    }

    private mutating func attributes() throws(Failure) -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            let before = index
            skipBlanks()
            guard let byte = peek(), byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { return attributes }
            guard index > before else { throw failure("a blank is missing before an attribute") }
            let name = try name()
            skipBlanks()
            guard peek() == UInt8(ascii: "=") else { throw failure("'=' is missing") }
            index += 1
            skipBlanks()
            guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw failure("an attribute's value is not quoted")
            }
            index += 1
            let value = try text(until: [quote, UInt8(ascii: "<")])
            guard peek() == quote else { throw failure("an attribute's value has no end") }
            index += 1
            guard attributes.updateValue(value, forKey: name) == nil else { throw failure("attribute \(name) twice") }
        }
    }

    /// Text up to one of the stops, references replaced.
    private mutating func text(until stops: [UInt8]) throws(Failure) -> String {
        var out: [UInt8] = []
        while let byte = peek(), !stops.contains(byte) {
            if byte == UInt8(ascii: "&") {
                out += try reference().utf8
            } else {
                out.append(byte)
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func reference() throws(Failure) -> String {
        let start = index + 1
        guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw failure("'&' alone") }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        var text = named[name]
        if text == nil, name.hasPrefix("#") {
            text = Self.number(name.dropFirst()).flatMap(Unicode.Scalar.init).map { String(Character($0)) }
        }
        guard let text else { throw failure("unknown reference") }
        index = end + 1
        return text
    }

    /// The number of a character reference; nil for what is none (XML 1.0, section 4.1: digits alone, no sign, and of a
    /// character that may stand in a document).
    private static func number(_ text: Substring) -> UInt32? {
        let isHex = text.hasPrefix("x")
        let digits = isHex ? text.dropFirst() : text
        let isNumber = digits.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || isHex && (0x61...0x66).contains(byte | 0x20)
        }
        guard isNumber, let value = UInt32(digits, radix: isHex ? 16 : 10) else { return nil }
        return value >= 0x20 && value & 0xFFFE != 0xFFFE || [0x09, 0x0A, 0x0D].contains(value) ? value : nil
    }

    private mutating func name() throws(Failure) -> String {
        let start = index
        while let byte = peek(), Self.isNameByte(byte) { index += 1 }
        guard index > start else { throw failure("a name is missing") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: ":")
    }

    private mutating func skipBlanks() {
        while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    private mutating func skip(past mark: String) throws(Failure) {
        while index < bytes.count {
            if starts(mark) {
                index += mark.utf8.count
                return
            }
            index += 1
        }
        throw failure("'\(mark)' is missing")
    }

    private func starts(_ mark: String) -> Bool {
        bytes[index...].starts(with: mark.utf8)
    }

    private func peek() -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: reason, offset: index)
    }
}
