/// The tokens of a conversation's turns: a number that rises with each document, and one `f` for each time in a row
/// that the Gather ran out. No document of a call is asked for under the same token twice, except by a repeated
/// request.
struct TurnToken: Sendable, Hashable {
    /// Documents of one call; after them it says goodbye.
    static let limit = 40

    /// How many documents came before.
    let depth: Int
    /// How often in a row nobody pressed a key.
    let silences: Int

    /// A place in a conversation.
    init(depth: Int) {
        self.depth = min(max(depth, 0), Self.limit)
        silences = 0
    }

    /// Reads a token. What is none counts as the last turn, so that nothing loops.
    init(_ text: String) {
        let digits = text.utf8.prefix { (48...57).contains($0) }
        let rest = text.utf8.dropFirst(digits.count)
        let isToken = (1...3).contains(digits.count) && rest.count <= 9 && rest.allSatisfy { $0 == UInt8(ascii: "f") }
        depth = isToken ? min(Int(String(decoding: digits, as: UTF8.self)) ?? Self.limit, Self.limit) : Self.limit
        silences = isToken ? rest.count : 0
    }

    /// After a key.
    var afterKey: String { String(depth + 1) }
    /// After silence.
    var afterSilence: String { String(depth + 1) + String(repeating: "f", count: silences + 1) }
    /// No further turn.
    var isLast: Bool { depth >= Self.limit }
    /// Silence was answered once already.
    var isGivenUp: Bool { silences > 1 }
}
