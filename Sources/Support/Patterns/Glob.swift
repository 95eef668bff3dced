/// A text with wildcards: `*` stands for any characters, also none, `?` for exactly one, all else for itself.
///
/// The whole text must match. The time is at most the product of both lengths, and in practice linear.
public struct Glob: Sendable, Hashable {
    /// The text with its wildcards.
    public let source: String
    private let scalars: [Unicode.Scalar]

    /// Any text is a glob.
    public init(_ source: String) {
        self.source = source
        scalars = Array(source.unicodeScalars)
    }

    /// Whether it has wildcards, so that it is more than a text to compare with.
    public var hasWildcards: Bool { scalars.contains { $0 == "*" || $0 == "?" } }

    /// What all matching texts begin with: what stands before the first wildcard.
    public var literalPrefix: String {
        String(String.UnicodeScalarView(scalars.prefix { $0 != "*" && $0 != "?" }))
    }

    /// Whether the whole text matches.
    public func matches(_ text: String) -> Bool {
        let text = text.unicodeScalars
        var place = text.startIndex
        var index = 0
        // Where to go on when what follows the last star does not match: one character later.
        var retry: (index: Int, place: String.Index)?
        while place < text.endIndex {
            if index < scalars.count, scalars[index] == "*" {
                retry = (index, place)
                index += 1
            } else if index < scalars.count, scalars[index] == "?" || scalars[index] == text[place] {
                index += 1
                place = text.index(after: place)
            } else if let (star, from) = retry {
                let later = text.index(after: from)
                retry = (star, later)
                index = star + 1
                place = later
            } else {
                return false
            }
        }
        return scalars[index...].allSatisfy { $0 == "*" }
    }
}
