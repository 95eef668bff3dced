/// The tokens of a conversation's turns: `0` for the first document, then one more each turn, with `f` where the
/// Gather ran out. No document of a call is asked for under the same token twice, except by a repeated request.
struct TurnToken: Sendable, Hashable {
    /// Turns of one call; after them it says goodbye.
    static let limit = 12

    /// How many documents came before.
    let depth: Int

    /// Reads a token. What is none counts as the last turn, so that nothing loops.
    init(_ text: String) {
        let digits = text.hasSuffix("f") ? text.dropLast() : text[...]
        let isNumber = !digits.isEmpty && digits.utf8.count <= 3 && digits.utf8.allSatisfy { (48...57).contains($0) }
        depth = isNumber ? min(Int(digits) ?? Self.limit, Self.limit) : Self.limit
    }

    /// After a key.
    var afterKey: String { String(depth + 1) }
    /// After silence.
    var afterSilence: String { String(depth + 1) + "f" }
    /// No further turn.
    var isLast: Bool { depth >= Self.limit }
}
