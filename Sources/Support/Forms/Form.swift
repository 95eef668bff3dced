/// `application/x-www-form-urlencoded` (WHATWG URL, section 5), also the query of a URL: fields in order.
public struct Form: Sendable, Hashable {
    /// One name and its value, decoded.
    public struct Field: Sendable, Hashable {
        /// The field's name.
        public var name: String
        /// Its value, empty when there was none.
        public var value: String

        /// A field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        // `String ==` would take canonically equivalent names for the same.
        fileprivate func isNamed(_ other: String) -> Bool { name.utf8.elementsEqual(other.utf8) }
    }

    /// In the order of the wire.
    public var fields: [Field]

    /// A form of `fields`.
    public init(_ fields: [(String, String)] = []) { self.fields = fields.map { Field($0.0, $0.1) } }

    /// Decodes a body. Every text is a form: a broken `%` stays as it stands, bytes that are no UTF-8 become U+FFFD.
    public init(parsing bytes: [UInt8]) {
        let view = FormView(parsing: bytes)
        fields = (0..<view.count).map { index in
            Field(
                String(decoding: view.name(at: index), as: UTF8.self),
                String(decoding: view.value(at: index), as: UTF8.self))
        }
    }

    /// Decodes the query of a URL, without its `?`, as `init(parsing:)` does.
    public init(query: some StringProtocol) { self.init(parsing: Array(query.utf8)) }

    /// The first value of a name; names are case-sensitive.
    public subscript(name: String) -> String? {
        fields.first { $0.isNamed(name) }?.value
    }

    /// All values of a name, in order.
    public func all(_ name: String) -> [String] {
        fields.filter { $0.isNamed(name) }.map(\.value)
    }

    /// Adds a field at the end.
    public mutating func append(_ name: String, _ value: String) { fields.append(Field(name, value)) }

    /// The form as a body.
    public func encode() -> [UInt8] {
        var out: [UInt8] = []
        // Half as much again for what has to be escaped; more grows.
        let size = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 2 }
        out.reserveCapacity(size + size / 2)
        for field in fields {
            if !out.isEmpty { out.append(UInt8(ascii: "&")) }
            PercentCoding.encode(field.name, as: .form, into: &out)
            out.append(UInt8(ascii: "="))
            PercentCoding.encode(field.value, as: .form, into: &out)
        }
        return out
    }

    /// The form as text.
    public var text: String { String(decoding: encode(), as: UTF8.self) }
}
