extension JSONValue {
    /// Parses a whole text, strictly by RFC 8259: UTF-8 only, no duplicate keys, nothing behind the value.
    /// - Parameter maxDepth: arrays and objects within each other, at most.
    public init(parsing bytes: [UInt8], maxDepth: Int = 64) throws(JSONError) {
        var result: Result<JSONValue, JSONError> = .success(.null)
        bytes.withUnsafeBytes { buffer in
            do throws(JSONError) {
                result = .success(try JSONValue(parsing: buffer, maxDepth: maxDepth))
            } catch { result = .failure(error) }
        }
        self = try result.get()
    }

    /// Parses a whole text.
    public init(parsing bytes: UnsafeRawBufferPointer, maxDepth: Int = 64) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, maxDepth: maxDepth)
        self = try parser.document()
    }

    /// Parses a string's text.
    public init(parsing text: String, maxDepth: Int = 64) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maxDepth: maxDepth)
    }
}

/// One pass over the bytes; every read is checked against the end.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let maxDepth: Int
    var position = 0
    var depth = 0

    init(bytes: UnsafeRawBufferPointer, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipBlanks()
        let value = try self.value()
        skipBlanks()
        guard position == bytes.count else { throw error("trailing_data", "there is something behind the JSON value") }
        return value
    }

    func error(_ code: String, _ message: String, at offset: Int? = nil) -> JSONError {
        let place = min(offset ?? position, bytes.count)
        var line = 1
        var column = 1
        for index in 0..<place {
            if bytes[index] == 0x0A {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return JSONError(code: code, message: message, offset: place, line: line, column: column)
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard let next = peek else { throw error("unexpected_end", "the JSON ends too early") }
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("unexpected_character", "a JSON value was expected here")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw error("unexpected_character", "a JSON value was expected here") }
        position += length
        return value
    }

    // MARK: containers

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= maxDepth else { throw error("too_deep", "arrays and objects lie too deep within each other") }
        position += 1
        skipBlanks()
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        if peek == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            skipBlanks()
            elements.append(try value())
            if try isLast(UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var object = JSONObject()
        var keys = Set<String>()
        if peek == UInt8(ascii: "}") {
            position += 1
            return .object(object)
        }
        while true {
            skipBlanks()
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw error("key_expected", "a member's name in quotes was expected") }
            let key = try string()
            let isNew = object.count < 8 ? object[key] == nil : isNew(key, &keys, object)
            guard isNew else { throw error("duplicate_key", "the member '\(key)' stands here twice", at: start) }
            if object.count == 8 { keys.insert(key) }
            skipBlanks()
            guard peek == UInt8(ascii: ":") else { throw error("colon_expected", "a colon was expected behind the name") }
            position += 1
            skipBlanks()
            object.appendUnchecked(key, try value())
            if try isLast(UInt8(ascii: "}")) { return .object(object) }
        }
    }

    /// Large objects look their keys up in a set, so that a hostile one stays linear.
    private func isNew(_ key: String, _ keys: inout Set<String>, _ object: JSONObject) -> Bool {
        if keys.isEmpty { for member in object.members { keys.insert(member.key) } }
        return keys.insert(key).inserted
    }

    private mutating func isLast(_ closing: UInt8) throws(JSONError) -> Bool {
        skipBlanks()
        switch peek {
        case closing:
            position += 1
            return true
        case UInt8(ascii: ","):
            position += 1
            return false
        case nil: throw error("unexpected_end", "the JSON ends too early")
        default: throw error("comma_expected", "a comma or the end was expected here")
        }
    }

    // MARK: numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let isNegative = position > start
        var magnitude: UInt64 = 0
        var fits = true
        let first = position
        while let byte = peek, byte >= 0x30, byte <= 0x39 {
            let (scaled, high) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(UInt64(byte - 0x30))
            if high || carry { fits = false }
            magnitude = sum
            position += 1
        }
        guard position > first else { throw error("bad_number", "a digit was expected here") }
        guard bytes[first] != 0x30 || position == first + 1 else {
            throw error("bad_number", "a number has no leading zeros", at: first)
        }
        let isWhole = try !fraction()
        if isWhole, fits {
            if !isNegative, magnitude <= UInt64(Int64.max) { return .integer(Int64(magnitude)) }
            if isNegative, magnitude <= UInt64(Int64.max) + 1 { return .integer(Int64(truncatingIfNeeded: 0 &- magnitude)) }
        }
        guard let double = Double(String(decoding: bytes[start..<position], as: UTF8.self)), double.isFinite else {
            throw error("bad_number", "the number is too large", at: start)
        }
        return .number(double)
    }

    /// Reads fraction and exponent; whether there was one.
    private mutating func fraction() throws(JSONError) -> Bool {
        var found = false
        if peek == UInt8(ascii: ".") {
            position += 1
            found = true
            try digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            found = true
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return found
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = peek, byte >= 0x30, byte <= 0x39 { position += 1 }
        guard position > start else { throw error("bad_number", "a digit was expected here") }
    }
}
