import Testing

@testable import Patterns

@Suite("Globs")
struct GlobTests {
    @Test(
        "stars, question marks and all else",
        arguments: [
            ("warranty.*", "warranty.due", true), ("warranty.*", "warranty.", true), ("warranty.*", "warranty", false),
            ("*", "", true), ("", "", true), ("", "a", false), ("?", "é", true), ("?", "", false), ("a?c", "abc", true),
            ("*.due", "warranty.due", true), ("*.due", "warranty.due.x", false), ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1c2b3", false), ("**", "x", true), ("[a]", "a", false), ("[a]", "[a]", true),
            ("a.c", "abc", false),
            ("*a*a*a*", "aa", false), ("Warranty", "warranty", false), ("😀*", "😀x", true), ("a\\*", "a\\b", true),
        ])
    func matching(_ glob: String, _ text: String, _ expected: Bool) {
        #expect(Glob(glob).matches(text) == expected)
    }

    @Test("what stands before the first wildcard")
    func prefix() {
        #expect(Glob("warranty.*").literalPrefix == "warranty.")
        #expect(Glob("a?b").literalPrefix == "a")
        #expect(Glob("abc").literalPrefix == "abc")
        #expect(!Glob("abc").hasWildcards)
        #expect(Glob("a*").hasWildcards)
    }

    @Test("many stars take no time", .timeLimit(.minutes(1)))
    func stars() {
        let glob = Glob(String(repeating: "*a", count: 50) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 4096)))
    }
}
