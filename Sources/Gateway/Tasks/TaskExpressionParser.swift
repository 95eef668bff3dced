/// Reads expressions. Bounded: 2,000 bytes, and parentheses 32 deep.
struct TaskExpressionParser {
    private enum Token: Hashable {
        case name(String)
        case value(AttributeValue)
        case relation(TaskExpression.Relation)
        case and, or, not, open, close, openList, closeList, comma, end
    }

    private let text: [UInt8]
    private var place = 0
    /// Where the token begins.
    private var start = 0
    private var token = Token.end
    private var depth = 0

    private static let longest = 2_000
    private static let deepest = 32

    private init(_ text: String) throws(TaskExpressionFault) {
        self.text = Array(text.utf8)
        guard self.text.count <= Self.longest else { throw fault("longer than \(Self.longest) bytes; shorten it") }
        try advance()
    }

    static func parse(_ text: String) throws(TaskExpressionFault) -> TaskExpression {
        var parser = try TaskExpressionParser(text)
        let expression = try parser.alternatives()
        guard parser.token == .end else { throw parser.unexpected("'AND', 'OR' or the end") }
        return expression
    }

    // MARK: grammar

    private mutating func alternatives() throws(TaskExpressionFault) -> TaskExpression {
        var parts = [try conjunction()]
        while try takes(.or) { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(TaskExpressionFault) -> TaskExpression {
        var parts = [try factor()]
        while try takes(.and) { parts.append(try factor()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func factor() throws(TaskExpressionFault) -> TaskExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw fault("nested more than \(Self.deepest) deep; make it flat") }
        if try takes(.not) { return .not(try factor()) }
        guard try takes(.open) else { return try relation() }
        let inner = try alternatives()
        guard try takes(.close) else { throw unexpected("')'") }
        return inner
    }

    private mutating func relation() throws(TaskExpressionFault) -> TaskExpression {
        let left = try operand()
        if try takes(.not) {
            guard token == .relation(.isIn) else { throw unexpected("'IN' behind 'NOT'") }
            try advance()
            return .relation(left, .isNotIn, try operand())
        }
        guard case .relation(let relation) = token else {
            throw unexpected("a comparison such as '==' or 'HAS'")
        }
        try advance()
        return .relation(left, relation, try operand())
    }

    private mutating func operand() throws(TaskExpressionFault) -> TaskExpression.Operand {
        let found = token
        switch found {
        case .name(let name):
            try advance()
            return .attribute(name)
        case .value(let value):
            try advance()
            return .value(value)
        case .openList: return .value(.list(try list()))
        default: throw unexpected("an attribute or a value")
        }
    }

    private mutating func list() throws(TaskExpressionFault) -> [AttributeValue] {
        try advance()
        var items: [AttributeValue] = []
        repeat {
            guard case .value(let value) = token else { throw unexpected("a value of the list") }
            items.append(value)
            try advance()
        } while try takes(.comma)
        guard try takes(.closeList) else { throw unexpected("']'") }
        return items
    }

    private mutating func takes(_ wanted: Token) throws(TaskExpressionFault) -> Bool {
        guard token == wanted else { return false }
        try advance()
        return true
    }

    private func unexpected(_ wanted: String) -> TaskExpressionFault {
        fault(start >= text.count ? "it ends where \(wanted) is missing" : "\(wanted) is missing")
    }

    private func fault(_ what: String) -> TaskExpressionFault {
        TaskExpressionFault(
            code: "invalid_expression", message: "the expression cannot be read at character \(start + 1): \(what)")
    }

    // MARK: tokens

    private mutating func advance() throws(TaskExpressionFault) {
        while place < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[place]) { place += 1 }
        start = place
        guard place < text.count else {
            token = .end
            return
        }
        let byte = text[place]
        if Self.isNameStart(byte) { return word() }
        if Self.isDigit(byte) || byte == UInt8(ascii: "-") { return try number() }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return try quoted(byte) }
        try symbol()
    }

    private mutating func word() {
        while place < text.count, Self.isNameStart(text[place]) || Self.isDigit(text[place]) || isDot { place += 1 }
        let word = String(decoding: text[start..<place], as: UTF8.self)
        token =
            switch word {
            case "AND", "and": .and
            case "OR", "or": .or
            case "NOT", "not": .not
            case "IN", "in": .relation(.isIn)
            case "HAS", "has": .relation(.has)
            case "CONTAINS", "contains": .relation(.contains)
            case "true": .value(.boolean(true))
            case "false": .value(.boolean(false))
            default: .name(word)
            }
    }

    private var isDot: Bool { text[place] == UInt8(ascii: ".") }

    private mutating func number() throws(TaskExpressionFault) {
        place += 1
        while place < text.count, Self.isDigit(text[place]) || isDot { place += 1 }
        let word = String(decoding: text[start..<place], as: UTF8.self)
        guard Self.isDigit(text[place - 1]), let number = Double(word), number.isFinite else {
            throw fault("'\(word.prefix(20))' is no number")
        }
        token = .value(.number(number))
    }

    private mutating func quoted(_ quote: UInt8) throws(TaskExpressionFault) {
        guard let end = text[(place + 1)...].firstIndex(of: quote) else { throw fault("the text has no end") }
        token = .value(.text(String(decoding: text[(place + 1)..<end], as: UTF8.self)))
        place = end + 1
    }

    private mutating func symbol() throws(TaskExpressionFault) {
        let pair = String(decoding: text[place..<min(place + 2, text.count)], as: UTF8.self)
        let relations: [TaskExpression.Relation] = [.equal, .unequal, .lessOrEqual, .greaterOrEqual]
        if let relation = relations.first(where: { $0.rawValue == pair }) {
            place += 2
            token = .relation(relation)
            return
        }
        let tokens: [UInt8: Token] = [
            UInt8(ascii: "<"): .relation(.less), UInt8(ascii: ">"): .relation(.greater), UInt8(ascii: "("): .open,
            UInt8(ascii: ")"): .close, UInt8(ascii: "["): .openList, UInt8(ascii: "]"): .closeList,
            UInt8(ascii: ","): .comma,
        ]
        guard let found = tokens[text[place]] else {
            throw fault(pair.hasPrefix("=") ? "write '==' to compare" : "this sign has no meaning here")
        }
        place += 1
        token = found
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        (65...90).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

extension TaskExpression {
    /// Reads an expression; its types are checked by `check`.
    public init(parsing text: String) throws(TaskExpressionFault) { self = try TaskExpressionParser.parse(text) }

    /// Whether an expression can name it: letters, digits and `_`, no word of the language.
    static func isAttributeName(_ text: String) -> Bool {
        guard text.utf8.count <= 64, let parsed = try? TaskExpression(parsing: text + " == 1") else { return false }
        return parsed == .relation(.attribute(text), .equal, .value(.number(1))) && !text.contains(".")
    }
}
