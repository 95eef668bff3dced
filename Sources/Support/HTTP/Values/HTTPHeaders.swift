/// Header fields in the order in which they were added; names are compared without regard to ASCII case (RFC 9110 §5.1).
///
/// All of them lie in one buffer: of the dozen or two that a message has, a handful are ever looked at, and a string for
/// each name and value cost more than all that is done with them.
public struct HTTPHeaders: Sendable, Equatable {
    /// A name and its value. A struct, because arrays of tuples are destroyed by the runtime's slow generic path.
    public struct Field: Sendable {
        /// Spelled as given.
        public let name: String
        /// Without blanks at its ends, when it was received. Bytes that are no UTF-8 become U+FFFD.
        public let value: String
    }

    /// Where a field lies: its name, and its value behind it.
    private struct Place {
        var start: Int
        var middle: Int
        var end: Int
    }

    /// Names and values, one behind the other.
    private var bytes: [UInt8] = []
    private var places: [Place] = []

    /// Bytes of a field for which room is made at first.
    private static let usualField = 48

    /// An empty list.
    public init() {}

    /// Makes a list of fields, in the order given.
    public init(_ fields: [(String, String)]) {
        self.init(capacity: fields.count)
        for (name, value) in fields { add(name, value) }
    }

    /// An empty list with room for so many fields.
    package init(capacity: Int) {
        places.reserveCapacity(capacity)
        bytes.reserveCapacity(capacity * Self.usualField)
    }

    /// Every field in order, names spelled as given.
    public var fields: [Field] {
        places.indices.map { index in
            withField(at: index) {
                Field(name: String(decoding: $0, as: UTF8.self), value: String(decoding: $1, as: UTF8.self))
            }
        }
    }

    /// The number of fields.
    public var count: Int { places.count }

    /// The value of the first field with this name, nil when there is none.
    public subscript(first name: String) -> String? {
        index(of: name).map(value)
    }

    /// The values of every field with this name, in order.
    public func all(_ name: String) -> [String] {
        var values: [String] = []
        var next = index(of: name)
        while let index = next {
            values.append(value(at: index))
            next = self.index(of: name, from: index + 1)
        }
        return values
    }

    /// Whether a field with this name is there.
    public func contains(_ name: String) -> Bool { index(of: name) != nil }

    /// Adds a field after all others, also when one with the name is there.
    public mutating func add(_ name: String, _ value: String) {
        var (name, value) = (name, value)
        name.withUTF8 { name in value.withUTF8 { add(name, $0) } }
    }

    /// Replaces every field of this name by one; it takes the place of the first of them, else the end.
    public mutating func set(_ name: String, _ value: String) {
        guard let first = index(of: name) else { return add(name, value) }
        var changed = HTTPHeaders(capacity: count)
        for (index, field) in fields.enumerated() {
            if index == first {
                changed.add(field.name, value)
            } else if index < first || !isNamed(name, at: index) {
                changed.add(field.name, field.value)
            }
        }
        self = changed
    }

    /// Removes every field of this name.
    public mutating func remove(_ name: String) {
        guard contains(name) else { return }
        var rest = HTTPHeaders(capacity: count)
        for (index, field) in fields.enumerated() where !isNamed(name, at: index) { rest.add(field.name, field.value) }
        self = rest
    }

    /// Whether the comma-separated list in the fields of this name has the token, without regard to ASCII case
    /// (RFC 9110 §5.6.1).
    public func hasToken(_ token: String, in name: String) -> Bool {
        var next = index(of: name)
        while let index = next {
            let items = value(at: index).utf8.split(separator: UInt8(ascii: ","))
            if items.contains(where: { Self.isSame(HTTPByte.trimmed($0), token) }) { return true }
            next = self.index(of: name, from: index + 1)
        }
        return false
    }

    /// Whether `Content-Type` names this media type, given in lower case, whatever its parameters (RFC 9110 §8.3.1).
    public func hasMediaType(_ type: StaticString) -> Bool {
        guard let index = index(of: "Content-Type") else { return false }
        return withField(at: index) { _, value in
            let start = value.firstIndex { $0 != UInt8(ascii: ";") } ?? value.endIndex
            let end = value[start...].firstIndex(of: UInt8(ascii: ";")) ?? value.endIndex
            return HTTPByte.matches(UnsafeBufferPointer(rebasing: value[start..<end]), type)
        }
    }

    /// Whether two lists have the same fields in the same order; names may differ in case, values may not.
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) {
            isSame($0.name[...].utf8, $1.name) && $0.value == $1.value
        }
    }

    private static func isSame(_ left: Substring.UTF8View, _ right: String) -> Bool {
        left.count == right.utf8.count
            && left.elementsEqual(right.utf8) { HTTPByte.lowercased($0) == HTTPByte.lowercased($1) }
    }
}

// MARK: the bytes

extension HTTPHeaders {
    /// Hands out the name and the value of the field at a place in the order.
    @inline(__always)
    func withField<Result, Failure>(
        at index: Int, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let place = places[index]
        return try bytes.withUnsafeBufferPointer { (all) throws(Failure) -> Result in
            try body(
                UnsafeBufferPointer(rebasing: all[place.start..<place.middle]),
                UnsafeBufferPointer(rebasing: all[place.middle..<place.end]))
        }
    }

    /// Adds a field after all others.
    mutating func add(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
        places.append(Place(start: start, middle: start + name.count, end: start + name.count + value.count))
    }

    /// The value of the field at a place in the order.
    func value(at index: Int) -> String {
        withField(at: index) { String(decoding: $1, as: UTF8.self) }
    }

    /// The place of the first field with this name, from a place on.
    private func index(of name: String, from first: Int = 0) -> Int? {
        var name = name
        return name.withUTF8 { name in
            bytes.withUnsafeBufferPointer { all in
                for index in first..<max(first, places.count) {
                    let place = places[index]
                    guard place.middle - place.start == name.count else { continue }
                    if Self.isSameName(UnsafeBufferPointer(rebasing: all[place.start..<place.middle]), name) {
                        return index
                    }
                }
                return nil
            }
        }
    }

    private func isNamed(_ name: String, at place: Int) -> Bool { index(of: name, from: place) == place }

    /// Whether two names of one length are equal without regard to ASCII case.
    private static func isSameName(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in left.indices where HTTPByte.lowercased(left[index]) != HTTPByte.lowercased(right[index]) {
            return false
        }
        return true
    }
}
