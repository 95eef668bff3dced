/// Header fields in the order in which they were added; names are compared without regard to ASCII case (RFC 9110 §5.1).
public struct HTTPHeaders: Sendable, Equatable {
    /// A name and its value. A struct, because arrays of tuples are destroyed by the runtime's slow generic path.
    public struct Field: Sendable {
        /// Spelled as given.
        public let name: String
        /// Without blanks at its ends, when it was received.
        public internal(set) var value: String
    }

    /// Every field in order, names spelled as given.
    public private(set) var fields: [Field]

    /// Makes a list of fields, in the order given.
    public init(_ fields: [(String, String)] = []) {
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
    }

    /// An empty list with room for so many fields.
    init(capacity: Int) {
        fields = []
        fields.reserveCapacity(capacity)
    }

    /// The number of fields.
    public var count: Int { fields.count }

    /// The value of the first field with this name, nil when there is none.
    public subscript(first name: String) -> String? {
        // By indices: a loop over elements copies each.
        for index in fields.indices where Self.isSameName(fields[index].name, name) { return fields[index].value }
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
        fields.append(Field(name: name, value: value))
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

    /// Whether `Content-Type` names this media type, given in lower case, whatever its parameters (RFC 9110 §8.3.1).
    public func hasMediaType(_ type: StaticString) -> Bool {
        guard var value = self[first: "Content-Type"] else { return false }
        return value.withUTF8 { bytes in
            let start = bytes.firstIndex { $0 != UInt8(ascii: ";") } ?? bytes.endIndex
            let end = bytes[start...].firstIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
            return HTTPByte.matches(UnsafeBufferPointer(rebasing: bytes[start..<end]), type)
        }
    }

    /// Whether two lists have the same fields in the same order; names may differ in case, values may not.
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { isSameName($0.name, $1.name) && $0.value == $1.value }
    }

    /// Whether two names are equal without regard to ASCII case.
    @inline(__always)
    static func isSameName(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && isSameNameOfOneLength(left, right)
    }

    private static func isSameNameOfOneLength(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                for index in left.indices where HTTPByte.lowercased(left[index]) != HTTPByte.lowercased(right[index]) {
                    return false
                }
                return true
            }
        }
    }

    private static func isSame(_ left: Substring.UTF8View, _ right: String) -> Bool {
        left.count == right.utf8.count
            && left.elementsEqual(right.utf8) { HTTPByte.lowercased($0) == HTTPByte.lowercased($1) }
    }
}
