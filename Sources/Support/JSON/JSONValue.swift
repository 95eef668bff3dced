/// A JSON value (RFC 8259). Integers that fit in 64 bits stay exact; every other number is a `Double`.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// The text of a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The value of a whole number.
    public var int: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// The value of any number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value of a boolean.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The elements of an array.
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members of an object.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The member of an object; `nil` for other values and absent members.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The element of an array; `nil` for other values and outside the bounds.
    public subscript(index: Int) -> JSONValue? {
        guard let elements = array, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object with members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

/// The members of a JSON object in their order.
public struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private struct Member: Hashable, Sendable {
        var key: String
        var value: JSONValue
    }

    private var entries: [Member]

    /// The members, first to last.
    public var members: [(key: String, value: JSONValue)] { entries.map { ($0.key, $0.value) } }

    /// An object with `pairs` in order. A repeated key keeps its first place and takes the last value.
    public init(_ pairs: [(String, JSONValue)] = []) {
        entries = []
        entries.reserveCapacity(pairs.count)
        for (key, value) in pairs { self[key] = value }
    }

    /// An object with members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    /// Whether there is no member.
    public var isEmpty: Bool { entries.isEmpty }

    /// How many members there are.
    public var count: Int { entries.count }

    /// The value of a key; setting `nil` removes it, setting a new key appends it.
    public subscript(key: String) -> JSONValue? {
        get { entries.first { $0.key == key }?.value }
        set {
            if let index = entries.firstIndex(where: { $0.key == key }) {
                if let newValue { entries[index].value = newValue } else { entries.remove(at: index) }
            } else if let newValue {
                entries.append(Member(key: key, value: newValue))
            }
        }
    }

    /// Appends without looking for a duplicate: the parser has looked already.
    mutating func appendUnchecked(_ key: String, _ value: JSONValue) { entries.append(Member(key: key, value: value)) }
}
