import JSON

/// What an attribute of a worker or a task is.
public enum AttributeValue: Sendable, Hashable {
    /// A text.
    case text(String)
    /// A number.
    case number(Double)
    /// Yes or no.
    case boolean(Bool)
    /// Several of them; never lists.
    case list([AttributeValue])

    /// Its type.
    public var type: AttributeType {
        switch self {
        case .text: .text
        case .number: .number
        case .boolean: .boolean
        case .list: .list
        }
    }

    /// Reads what JSON says; `nil` for null and objects.
    public init?(_ value: JSONValue?) {
        switch value {
        case .string(let text)?: self = .text(text)
        case .bool(let flag)?: self = .boolean(flag)
        case .array(let items)?: self = .list(items.compactMap { AttributeValue($0) })
        case let value?:
            guard let number = value.double else { return nil }
            self = .number(number)
        case nil: return nil
        }
    }

    /// As JSON says it.
    public var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
        case .boolean(let flag): .bool(flag)
        case .list(let items): .array(items.map(\.json))
        }
    }
}

/// What an attribute can be compared with. The raw value is the word in messages.
public enum AttributeType: String, Sendable, Hashable {
    case text
    case number
    case boolean
    case list
    /// Known only when there is one.
    case any

    /// Whether values of both types can be the same.
    func fits(_ other: AttributeType) -> Bool { self == other || self == .any || other == .any }
}

/// The attributes that an expression may name, with their types.
public struct AttributeScope: Sendable, Hashable {
    /// By name.
    public var types: [String: AttributeType]
    /// Names that begin so are known, and of any type.
    public var openPrefix: String?

    /// Those of these types.
    public init(_ types: [String: AttributeType], openPrefix: String? = nil) {
        self.types = types
        self.openPrefix = openPrefix
    }

    /// The type of a name; `nil` for one that nothing has.
    func type(of name: String) -> AttributeType? {
        types[name] ?? openPrefix.flatMap { name.hasPrefix($0) ? .any : nil }
    }
}
