import Testing

@testable import Gateway

@Suite("words that somebody looks for")
struct SearchWordsTests {
    @Test(
        "what nearly every sentence has is left out",
        arguments: [
            ("Find my warranty", ["warranty"]),
            ("Do you have the warranty for the bilge pump, please?", ["warranty", "bilge", "pump"]),
            ("Ich suche die Garantie für meinen Motor", ["garantie", "motor"]),
            ("Où est la garantie du moteur ?", ["garantie", "moteur"]),
            ("Vorrei la garanzia del radar", ["garanzia", "radar"]), ("hello", []), ("", []), ("?!…", []),
            ("radar RADAR Radár", ["radar"]), ("hull-42/b", ["hull", "42", "b"]),
        ] as [(String, [String])])
    func significant(text: String, words: [String]) { #expect(SearchWords.significant(in: text) == words) }

    @Test("no more words than are looked for are taken")
    func many() {
        let text = (1...1_000).map { "word\($0)" }.joined(separator: " ")
        #expect(SearchWords.significant(in: text).count == SearchWords.limit)
    }

    @Test("long words lose their ending, short ones stay")
    func stems() {
        #expect(SearchWords.stem(of: "engines") == "engin")
        #expect(SearchWords.stem(of: "warranties") == "warrant")
        #expect(SearchWords.stem(of: "radar") == "radar")
        #expect(SearchWords.stem(of: "") == "")
    }

    @Test("marks that stand alone and marks on letters go, whichever way they are written")
    func folding() {
        #expect(SearchWords.folded("E\u{301}TE\u{301}") == "ete")
        #expect(SearchWords.folded("ÉTÉ") == "ete")
        #expect(SearchWords.folded("ΕΓΓΎΗΣΗΣ") == SearchWords.folded("εγγύησης"))
        #expect(SearchWords.folded("øl") == "øl")
        #expect(
            SearchWords.all(in: "l'E\u{301}te\u{301}, ΕΓΓΎΗΣΗΣ: 42\u{A0}m²\0x") == [
                "l", "ete", "εγγυησησ", "42", "m²", "x",
            ])
    }
}
