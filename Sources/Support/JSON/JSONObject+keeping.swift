extension JSONObject {
    /// Parses a text of which only a few members are asked for, such as the answer of an API with dozens of them.
    ///
    /// The whole text is held to the rules of `JSONValue(parsing:)`, to the same fault; only, no values are built of what
    /// is not kept. A text that is no object has no members.
    ///
    /// - Parameters:
    ///   - bytes: The whole text; nothing of it is kept.
    ///   - names: The members to keep, in ASCII.
    ///   - maxDepth: How deep arrays and objects may nest; at most 256.
    /// - Throws: The first fault with its place.
    public init(
        parsing bytes: [UInt8], keeping names: [StaticString], maxDepth: Int = JSONValue.defaultDepth
    ) throws(JSONError) {
        let members = bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(buffer, maxDepth: min(maxDepth, 256))
            return parser.plainObject(keeping: names)
        }
        if let members {
            self.init(distinct: members)
        } else {
            // Whatever is unusual is left to the one parser that knows all the rules.
            let all = try JSONValue(parsing: bytes, maxDepth: maxDepth).object ?? JSONObject()
            self.init(distinct: all.entries.filter { member in names.contains { $0.description == member.key } })
        }
    }
}

extension JSONParser {
    /// The members called `names` of the object that is the whole text; `nil` for what is no object, has a fault, a key
    /// that is not plain ASCII, a key twice or more keys than are compared one by one.
    fileprivate mutating func plainObject(keeping names: [StaticString]) -> [JSONObject.Member]? {
        skipSpace()
        guard maxDepth > 0, take(UInt8(ascii: "{")) else { return nil }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(names.count)
        // Most other keys have the length of none.
        let lengths = names.reduce(into: UInt64(0)) { $0 |= 1 << UInt64(min($1.utf8CodeUnitCount, 63)) }
        var keys = PlainKeys(bytes)
        skipSpace()
        var isEnd = take(UInt8(ascii: "}"))
        while !isEnd {
            guard let key = plainKey(), keys.insert(key) else { return nil }
            do throws(Fault) {
                if lengths >> UInt64(min(key.count, 63)) & 1 == 1, let name = names.first(where: { isSame(key, $0) }) {
                    members.append(JSONObject.Member(key: name.description, value: try value(depth: 1)))
                } else {
                    try skipValue()
                }
            } catch {
                return nil
            }
            skipSpace()
            isEnd = take(UInt8(ascii: "}"))
            guard isEnd || take(UInt8(ascii: ",")) else { return nil }
            skipSpace()
        }
        return position == bytes.count ? members : nil
    }

    /// Steps over a key, its colon and the blanks around it.
    private mutating func plainKey() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")), let key = plainText() else { return nil }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { return nil }
        skipSpace()
        return key
    }

    /// Steps over the rest of a string and its quote; `nil`, and nothing is taken, when it is not all plain ASCII.
    private mutating func plainText() -> Range<Int>? {
        let (end, isASCII) = JSONText.plain(in: bytes, from: position)
        guard isASCII, end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        defer { position = end + 1 }
        return position..<end
    }

    private mutating func skipValue() throws(Fault) {
        let start = position
        if take(UInt8(ascii: "\"")), plainText() != nil { return }
        position = start
        _ = try value(depth: 1)
    }

    private func isSame(_ key: Range<Int>, _ name: StaticString) -> Bool {
        guard key.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { name in
            for index in name.indices where bytes[key.lowerBound + index] != name[index] { return false }
            return true
        }
    }
}

/// Finds the second use of a key by its bytes; the mirror of `KeySet` for keys of which no strings are made.
private struct PlainKeys {
    /// More are left to `KeySet`, which hashes them.
    private static let limit = 64
    private let bytes: UnsafeBufferPointer<UInt8>
    private var seen: [Range<Int>] = []
    /// A bit for the length and the ends of each key: one whose bit is not there yet is surely new.
    private var marks: UInt64 = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        seen.reserveCapacity(32)
    }

    /// Notes a key; false when it was there, and for one too many.
    mutating func insert(_ key: Range<Int>) -> Bool {
        guard seen.count < Self.limit else { return false }
        let mark = KeySet.mark(of: UnsafeBufferPointer(rebasing: bytes[key]))
        if marks & mark != 0 {
            for other in seen where other.count == key.count && isSame(other, key) { return false }
        }
        marks |= mark
        seen.append(key)
        return true
    }

    private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        for offset in 0..<left.count where bytes[left.lowerBound + offset] != bytes[right.lowerBound + offset] {
            return false
        }
        return true
    }
}
