import Crypto
import Testing

@testable import Gateway

@Suite("parts of a long reply")
struct ReplyPartsTests {
    @Test("what fits stays whole, to the last character")
    func whole() {
        #expect(ReplyParts.parts(of: "") == [""])
        #expect(ReplyParts.parts(of: "1234567890", limit: 10) == ["1234567890"])
        #expect(ReplyParts.parts(of: "a\nb", limit: 3) == ["a\nb"])
    }

    @Test("it is cut between lines, then between words, then anywhere")
    func cuts() {
        #expect(
            ReplyParts.parts(of: "Found 2:\n1. Engine\n2. Radar", limit: 18) == ["Found 2:\n1. Engine", "2. Radar"])
        #expect(ReplyParts.parts(of: "one two three", limit: 8) == ["one two", "three"])
        #expect(ReplyParts.parts(of: "abcdefgh", limit: 3) == ["abc", "def", "gh"])
        #expect(ReplyParts.parts(of: "ab cdefgh", limit: 3) == ["ab", "cde", "fgh"])
        #expect(ReplyParts.parts(of: "a\n\n\nb", limit: 3) == ["a\n\n", "b"])
    }

    @Test("nothing but blanks and line ends between parts is lost, and no part is too long", arguments: 1...200)
    func nothingIsLost(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet = ["a", "b", " ", "\n", "é", "👩‍👩‍👧‍👦", "1.", "  "]
        let text = (0..<Int(random.next() % 120)).map { _ in alphabet[Int(random.next() % 8)] }.joined()
        let limit = 12 + Int(random.next() % 30)
        let parts = ReplyParts.parts(of: text, limit: limit)
        #expect(parts.allSatisfy { $0.utf16.count <= limit })
        func letters(_ text: String) -> String { text.filter { $0 != " " && $0 != "\n" } }
        #expect(letters(parts.joined()) == letters(text))
    }
}
