/// The members of a JSON object in order, each key once.
///
/// Look-up is a scan: objects of messages have few members. Equality and hash follow the order of the members.
public struct JSONObject: Sendable {
    // A struct, because arrays of tuples are destroyed by the runtime's slow generic path.
    struct Member: Sendable {
        var key: String
        var value: JSONValue
    }

    private(set) var entries: [Member]

    /// The members in order, copied into tuples.
    public var members: [(key: String, value: JSONValue)] { entries.map { ($0.key, $0.value) } }

    /// An object without members.
    public init() { entries = [] }

    /// An object of these members; of equal keys the last value stays, at the place of the first.
    public init(_ pairs: [(String, JSONValue)]) {
        entries = []
        entries.reserveCapacity(pairs.count)
        var keys = KeySet()
        for (key, value) in pairs {
            if keys.insert(key, among: entries) {
                entries.append(Member(key: key, value: value))
            } else {
                self[key] = value
            }
        }
    }

    /// Takes members whose keys are known to be different.
    init(distinct entries: [Member]) { self.entries = entries }

    /// How many members there are.
    public var count: Int { entries.count }

    /// Whether there is no member.
    public var isEmpty: Bool { entries.isEmpty }

    /// The keys in order.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a member. Setting keeps the place of a key that is there and appends one that is not; setting nil
    /// removes the member (use `.null` for a member that is null).
    public subscript(key: String) -> JSONValue? {
        get { index(of: key).map { entries[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    // By indices: a closure would be given a copy of each member.
    private func index(of key: String) -> Int? {
        for index in entries.indices where sameBytes(entries[index].key, key) { return index }
        return nil
    }
}

extension JSONObject: Hashable, ExpressibleByDictionaryLiteral {
    /// Whether both have the same members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.entries.elementsEqual(right.entries) { sameBytes($0.key, $1.key) && $0.value == $1.value }
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(entries.count)
        for member in entries {
            hasher.combine(member.key)
            hasher.combine(member.value)
        }
    }

    /// An object with the members in the order written; of equal keys the last value stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
