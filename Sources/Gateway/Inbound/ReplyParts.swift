/// Cuts a long reply into messages that a provider takes.
enum ReplyParts {
    /// Characters of one message: the most that Twilio takes (error 21617 beyond).
    static let limit = 1_600

    /// The parts in order; cut between lines, a line that is too long between words, a word that is too long anywhere.
    static func parts(of text: String, limit: Int = limit) -> [String] {
        guard text.utf16.count > limit else { return [text] }
        var parts: [String] = []
        var part = ""
        for piece in text.split(separator: "\n", omittingEmptySubsequences: false).flatMap({ pieces(of: $0, limit) }) {
            if !part.isEmpty, part.utf16.count + 1 + piece.utf16.count > limit {
                parts.append(part)
                part = piece
            } else {
                part += (part.isEmpty ? "" : "\n") + piece
            }
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }

    private static func pieces(of line: Substring, _ limit: Int) -> [String] {
        var pieces: [String] = []
        var rest = line
        while rest.utf16.count > limit {
            var end = rest.startIndex
            var units = 0
            var blank: Substring.Index?
            while end < rest.endIndex, units + rest[end].utf16.count <= limit {
                if rest[end] == " " { blank = end }
                units += rest[end].utf16.count
                end = rest.index(after: end)
            }
            // A single character that is longer than the limit goes alone: it cannot be cut.
            if end == rest.startIndex { end = rest.index(after: end) }
            let cut = blank ?? end
            pieces.append(String(rest[..<cut]))
            rest = rest[cut...]
            if rest.first == " " { rest = rest.dropFirst() }
        }
        pieces.append(String(rest))
        return pieces
    }
}
