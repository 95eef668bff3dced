/// Finds the second use of a key while an object is built: a scan while there are few members, a hashed set (randomly
/// seeded, so that no sender can choose collisions) from then on.
struct KeySet {
    private static let scanLimit = 24
    private var set: Set<ByteKey> = []
    /// A bit for the length and the ends of each key: one whose bit is not there yet is surely new.
    private var marks: UInt64 = 0

    private struct ByteKey: Hashable {
        let text: String
        static func == (left: ByteKey, right: ByteKey) -> Bool { sameBytes(left.text, right.text) }
        func hash(into hasher: inout Hasher) {
            var copy = text
            copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// Notes a key, whose predecessors are `members`; false if it is one of them.
    mutating func insert(_ key: String, among members: [JSONObject.Member]) -> Bool {
        let mark = Self.mark(of: key)
        defer { marks |= mark }
        if members.count < Self.scanLimit {
            if marks & mark == 0 { return true }
            for index in members.indices where sameBytes(members[index].key, key) { return false }
            return true
        }
        if set.isEmpty { set = Set(members.map { ByteKey(text: $0.key) }) }
        return set.insert(ByteKey(text: key)).inserted
    }

    private static func mark(of key: String) -> UInt64 {
        var key = key
        return key.withUTF8 { mark(of: $0) }
    }

    /// A bit for the length and the ends of a key.
    static func mark(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let first = bytes.first, let last = bytes.last else { return 1 }
        let ends = UInt64(first) << 8 | UInt64(last)
        let mixed = (UInt64(truncatingIfNeeded: bytes.count) << 16 | ends) &* 0x9E37_79B9_7F4A_7C15
        return 1 << (mixed >> 58)
    }
}
