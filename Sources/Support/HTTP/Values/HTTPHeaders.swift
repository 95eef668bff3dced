/// Header fields in the order in which they were added; names are compared without regard to ASCII case (RFC 9110 §5.1).
public struct HTTPHeaders: Sendable, Equatable {
    /// Every field in order, names spelled as given.
    public private(set) var fields: [(name: String, value: String)]

    /// Makes a list of fields, in the order given.
    public init(_ fields: [(String, String)] = []) {
        self.fields = fields.map { (name: $0.0, value: $0.1) }
    }

    /// The number of fields.
    public var count: Int { fields.count }

    /// The value of the first field with this name, nil when there is none.
    public subscript(first name: String) -> String? {
        for field in fields where Self.isSameName(field.name, name) {
            return field.value
        }
        return nil
    }

    /// The values of every field with this name, in order.
    public func all(_ name: String) -> [String] {
        fields.filter { Self.isSameName($0.name, name) }.map(\.value)
    }

    /// Whether a field with this name is there.
    public func contains(_ name: String) -> Bool {
        fields.contains { Self.isSameName($0.name, name) }
    }

    /// Adds a field after all others, also when one with the name is there.
    public mutating func add(_ name: String, _ value: String) {
        fields.append((name: name, value: value))
    }

    /// Replaces every field of this name by one; it takes the place of the first of them, else the end.
    public mutating func set(_ name: String, _ value: String) {
        guard let place = fields.firstIndex(where: { Self.isSameName($0.name, name) }) else {
            return add(name, value)
        }
        fields[place].value = value
        let rest = fields[(place + 1)...].filter { !Self.isSameName($0.name, name) }
        fields.replaceSubrange((place + 1)..., with: rest)
    }

    /// Removes every field of this name.
    public mutating func remove(_ name: String) {
        fields.removeAll { Self.isSameName($0.name, name) }
    }

    /// Whether the comma-separated list in the fields of this name has the token, without regard to ASCII case
    /// (RFC 9110 §5.6.1).
    public func hasToken(_ token: String, in name: String) -> Bool {
        for field in fields where Self.isSameName(field.name, name) {
            let items = field.value.utf8.split(separator: UInt8(ascii: ","))
            if items.contains(where: { Self.isSame(HTTPByte.trimmed($0), token) }) { return true }
        }
        return false
    }

    /// Whether two lists have the same fields in the same order; names may differ in case, values may not.
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { isSameName($0.name, $1.name) && $0.value == $1.value }
    }

    /// Whether two names are equal without regard to ASCII case.
    static func isSameName(_ left: String, _ right: String) -> Bool {
        isSame(left.utf8[...], right)
    }

    private static func isSame(_ left: Substring.UTF8View, _ right: String) -> Bool {
        left.count == right.utf8.count
            && left.elementsEqual(right.utf8) { HTTPByte.lowercased($0) == HTTPByte.lowercased($1) }
    }
}
