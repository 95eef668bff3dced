/// Finds the second use of a key while an object is built: a scan while there are few members, a hashed set (randomly
/// seeded, so that no sender can choose collisions) from then on.
struct KeySet {
    private static let scanLimit = 24
    private var set: Set<ByteKey> = []

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
        if members.count < Self.scanLimit { return !members.contains { sameBytes($0.key, key) } }
        if set.isEmpty { set = Set(members.map { ByteKey(text: $0.key) }) }
        return set.insert(ByteKey(text: key)).inserted
    }
}
