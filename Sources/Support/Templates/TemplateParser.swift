/// Reads a template.
struct TemplateParser {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) throws(TemplateError) {
        self.text = text
        bytes = Array(text.utf8)
        guard bytes.count <= Template.longest else {
            throw TemplateError(.tooLong, "the template is longer than \(Template.longest) bytes", at: 0, in: text)
        }
    }

    mutating func parts() throws(TemplateError) -> [TemplatePart] {
        var parts: [TemplatePart] = []
        var literal: [UInt8] = []
        while position < bytes.count {
            if take("\\{{") {
                literal += "{{".utf8
            } else if take("{{") {
                if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                let start = position - 2
                let placeholder = try placeholder(offset: start)
                guard take("}}") else { throw unexpected(start: start) }
                parts.append(.placeholder(placeholder))
            } else {
                literal.append(bytes[position])
                position += 1
            }
        }
        if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return parts
    }

    /// A placeholder without its braces that takes up the whole text.
    mutating func expression() throws(TemplateError) -> TemplatePart {
        let placeholder = try placeholder(offset: 0)
        guard position == bytes.count else { throw unexpected(start: 0) }
        return .placeholder(placeholder)
    }

    private mutating func placeholder(offset: Int) throws(TemplateError) -> TemplatePart.Placeholder {
        blanks()
        let path = try path()
        blanks()
        var filters: [TemplateFilter] = []
        while take("|") {
            blanks()
            filters.append(try filter())
            blanks()
        }
        return TemplatePart.Placeholder(path: path, filters: filters, offset: offset)
    }

    private mutating func path() throws(TemplateError) -> String {
        let start = position
        repeat {
            guard !word().isEmpty else { throw malformed("a name such as contact.name") }
        } while take(".")
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func filter() throws(TemplateError) -> TemplateFilter {
        let start = position
        let name = String(decoding: word(), as: UTF8.self)
        guard !name.isEmpty else { throw malformed("the name of a filter") }
        blanks()
        var argument: String?
        if take(":") {
            blanks()
            argument = try take("\"") ? quoted() : String(decoding: word(), as: UTF8.self)
        }
        switch TemplateFilter.named(name, argument: argument) {
        case .success(let filter): return filter
        case .failure(let problem): throw TemplateError(problem.code, problem.message, at: start, in: text)
        }
    }

    /// What follows an opening quote, up to the closing one; `\"` and `\\` stand for themselves.
    private mutating func quoted() throws(TemplateError) -> String {
        let start = position - 1
        var found: [UInt8] = []
        while position < bytes.count {
            if take("\"") { return String(decoding: found, as: UTF8.self) }
            if take("\\\"") {
                found.append(UInt8(ascii: "\""))
            } else if take("\\\\") {
                found.append(UInt8(ascii: "\\"))
            } else {
                found.append(bytes[position])
                position += 1
            }
        }
        throw TemplateError(.unclosed, "this text has no closing quote", at: start, in: text)
    }

    private mutating func word() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, TemplateParser.isWord(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    private mutating func blanks() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ token: StaticString) -> Bool {
        let count = token.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        let expected = UnsafeBufferPointer(start: token.utf8Start, count: count)
        guard bytes[position..<position + count].elementsEqual(expected) else { return false }
        position += count
        return true
    }

    private func malformed(_ expected: String) -> TemplateError {
        TemplateError(.malformed, "expected \(expected); write {{ path | filter: argument }}", at: position, in: text)
    }

    private func unexpected(start: Int) -> TemplateError {
        guard position < bytes.count else {
            return TemplateError(.unclosed, "'{{' has no '}}'; a literal one is written \\{{", at: start, in: text)
        }
        return malformed("'|' or '}}'")
    }
}
