/// The recursive descent behind `JSONValue(parsing:)`. Its depth is bounded, so is its use of the stack.
struct JSONParser {
    /// A fault by its byte; the line is counted only when there is one.
    struct Fault: Error {
        let cause: JSONError.Cause
        let offset: Int
    }

    /// Bytes of a member, by which room is made for those of the outermost object.
    private static let usualMember = 24

    let bytes: UnsafeBufferPointer<UInt8>
    let maxDepth: Int
    var position = 0
    /// Bytes of the string being unescaped; kept for its capacity.
    var scratch: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func parse() throws(Fault) -> JSONValue {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault(.trailingData) }
        return value
    }

    func fault(_ cause: JSONError.Cause) -> Fault { Fault(cause: cause, offset: position) }

    /// The fault of a byte that does not fit, or of there being none.
    func unexpected(_ cause: JSONError.Cause = .unexpectedCharacter) -> Fault {
        fault(position < bytes.count ? cause : .unexpectedEnd)
    }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Steps over a byte if it is the next one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func value(depth: Int) throws(Fault) -> JSONValue {
        guard position < bytes.count else { throw unexpected() }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        for index in 0..<text.utf8CodeUnitCount where !take(text.utf8Start[index]) { throw unexpected() }
        return value
    }

    private mutating func array(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= maxDepth else { throw fault(.tooDeep) }
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var elements: [JSONValue] = []
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected(.commaExpected) }
            skipSpace()
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= maxDepth else { throw fault(.tooDeep) }
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
        var members: [JSONObject.Member] = []
        // Moving members to a larger array costs more than the rest; what is nested is mostly small.
        members.reserveCapacity(depth == 1 ? max(8, min(32, (bytes.count - position) / Self.usualMember)) : 8)
        var keys = KeySet()
        while true {
            members.append(try member(depth: depth, keys: &keys, among: members))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(JSONObject(distinct: members)) }
            guard take(UInt8(ascii: ",")) else { throw unexpected(.commaExpected) }
            skipSpace()
        }
    }

    private mutating func member(
        depth: Int, keys: inout KeySet, among members: [JSONObject.Member]
    ) throws(Fault) -> JSONObject.Member {
        let start = position
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw unexpected(.keyExpected) }
        let key = try string()
        guard keys.insert(key, among: members) else { throw Fault(cause: .duplicateKey, offset: start) }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw unexpected(.colonExpected) }
        skipSpace()
        return JSONObject.Member(key: key, value: try value(depth: depth))
    }
}
