import Gateway

/// A text as a key: compared and ordered by its UTF-8 bytes as a database does, not by Unicode equivalence as `String`.
struct ByteKey: Hashable, Comparable, Sendable {
    let bytes: [UInt8]

    /// The key of a text.
    init(_ text: String) { bytes = Array(text.utf8) }

    static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// The key of an entry in a look-up index.
struct LookUpKey: Hashable, Sendable {
    let kind: UInt8
    let key: ByteKey
}

/// The key of a mark: a number has one of each kind and scope.
struct MarkKey: Hashable, Comparable, Sendable {
    let number: ByteKey
    let kind: ByteKey
    let scope: ByteKey

    init(_ mark: AddressMark) {
        number = ByteKey(mark.number)
        kind = ByteKey(mark.kind.rawValue)
        scope = ByteKey(mark.scope)
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.number, left.kind, left.scope) < (right.number, right.kind, right.scope)
    }
}

/// The key of what was spent: a day has one row of each API key.
struct SpendKey: Hashable, Comparable, Sendable {
    let day: Int64
    let key: ByteKey

    static func < (left: Self, right: Self) -> Bool { (left.day, left.key) < (right.day, right.key) }
}

/// The key of what is known of receipts.
struct ReceiptKey: Hashable, Comparable, Sendable {
    let channel: ByteKey
    let country: ByteKey

    static func < (left: Self, right: Self) -> Bool {
        (left.channel, left.country) < (right.channel, right.country)
    }
}
