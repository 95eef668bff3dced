import Testing

@testable import Arguments

@Suite("The nearest name")
struct NearestNameTests {
    private let names = ["channels", "providers", "policies", "rules", "templates", "times"]

    @Test(
        "a slip of the fingers is understood",
        arguments: [
            ("chanels", "channels"), ("channnels", "channels"), ("cahnnels", "channels"), ("Channels", "channels"),
            ("polices", "policies"), ("tepmlate", "templates"), ("rule", "rules"),
        ])
    func slips(_ word: String, _ meant: String) {
        #expect(NearestName.suggest(word, among: names) == meant)
    }

    @Test("what resembles nothing has no suggestion")
    func nothing() {
        #expect(NearestName.suggest("banana", among: names) == nil)
        #expect(NearestName.suggest("", among: names) == nil)
        #expect(NearestName.suggest("x", among: ["a"]) == nil)
        #expect(NearestName.suggest(String(repeating: "channels", count: 9000), among: names) == nil)
        #expect(NearestName.suggest("channels", among: [String]()) == nil)
    }

    @Test("a swap of neighbours counts once")
    func distance() {
        func distance(_ left: String, _ right: String) -> Int {
            NearestName.distance(Array(left.unicodeScalars), Array(right.unicodeScalars))
        }
        #expect(distance("ab", "ba") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("", "abc") == 3)
        #expect(distance("abc", "") == 3)
        #expect(distance("same", "same") == 0)
    }
}
