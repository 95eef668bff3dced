import Testing
import YAML

@Suite("Reading YAML")
struct YAMLReadingTests {
    static let accepted: [(String, String)] = [
        ("a: 1", "{a: 1}"), ("- a\n- b\n", "[a, b]"), ("a", "a"), ("---\na: b\n...\n", "{a: b}"), ("a:", "{a: }"),
        ("---\n", ""), ("a: ~\nb: null", "{a: ~, b: null}"),
        ("country: NO\nversion: 1.10\non: yes", "{country: NO, version: 1.10, on: yes}"),
        ("a: 'it''s'\nb: \"x\\ty\\u00e9\"", "{a: 'it's', b: 'x\ty\u{e9}'}"),
        ("# note\na: b # note\n# end\n", "{a: b}"), ("a: b#c", "{a: b#c}"),
        ("a: {b: [1, 2], c: {}}", "{a: {b: [1, 2], c: {}}}"),
        ("a: [\n  1,\n  2,\n]", "{a: [1, 2]}"), ("a: |\n  one\n  two\n", "{a: 'one\ntwo\n'}"),
        ("a: |-\n  one\n   two\nb: x", "{a: 'one\n two', b: x}"),
        ("a: >\n  one\n  two\n\n  three\n", "{a: 'one two\nthree\n'}"),
        ("a: one\n  two", "{a: one two}"), ("a: b\r\nc:\r\n  - d\r\n", "{a: b, c: [d]}"),
        ("a: |\r\n  x\r\n  y\r\n", "{a: 'x\ny\n'}"),
        ("\u{FEFF}a: b", "{a: b}"), ("a: é😀", "{a: é😀}"), ("é: 1\ne\u{301}: 2", "{é: 1, e\u{301}: 2}"),
        ("a: !!str 12", "{a: '12'}"), ("a: ! 12", "{a: '12'}"), ("%YAML 1.2\n---\na: b", "{a: b}"),
        ("'<<': 1", "{'<<': 1}"),
        ("base: &b {x: 1}\nuse: *b\nagain: [*b, *b]", "{base: {x: 1}, use: {x: 1}, again: [{x: 1}, {x: 1}]}"),
        ("- &a one\n- &a two\n- *a", "[one, two, two]"), ("k: &k key\n? *k\n: v", "{k: key, key: v}"),
        ("\"a\": 1\n12: 2\n", "{'a': 1, 12: 2}"), ("- - a\n  - b\n-\n  c: d", "[[a, b], {c: d}]"),
    ]

    @Test("a text gives its values as text, in order", arguments: accepted)
    func reads(text: String, expected: String) throws { #expect(try shape(of: text) == expected) }

    @Test("every node knows where it starts and ends")
    func places() throws {
        let text = "a: one\nlist:\n  - 'x'\n  - é: [1, *n]\n".replacing("*n", with: "22")
        let root = try YAMLNode.parse(Array(text.utf8))
        #expect(root.mark == YAMLMark(line: 1, column: 1))
        let a = try #require(root["a"])
        #expect(a.mark == YAMLMark(line: 1, column: 4))
        #expect(a.end == YAMLMark(line: 1, column: 7))
        let list = try #require(root["list"]?.elements)
        #expect(list[0].mark == YAMLMark(line: 3, column: 5))
        #expect(list[0].end == YAMLMark(line: 3, column: 8))
        let inner = try #require(list[1]["é"])
        #expect(inner.mark == YAMLMark(line: 4, column: 8))
        #expect(inner.elements?[1].mark == YAMLMark(line: 4, column: 12))
        #expect(root.pairs?[1].key.mark == YAMLMark(line: 2, column: 1))
    }

    @Test("places are the same with CR LF and after a byte order mark")
    func placesOfOtherLineEnds() throws {
        let plain = try YAMLNode.parse(Array("x: |\n  1\ny: 2".utf8))
        let other = try YAMLNode.parse(Array("\u{FEFF}x: |\r\n  1\r\ny: 2".utf8))
        #expect(plain["x"]?.mark == YAMLMark(line: 1, column: 4))
        #expect(plain["x"]?.mark == other["x"]?.mark)
        #expect(plain["y"]?.mark == YAMLMark(line: 3, column: 4))
        #expect(plain["y"]?.mark == other["y"]?.mark)
    }

    @Test(
        "what ends with the text ends at its last character, also without a line end",
        arguments: [
            ("a: 1\nb:", 2, 3), ("a: 1\nb:\n", 3, 1), ("a: [1]\r\nbé: ", 2, 5), ("a", 1, 2), ("[1,\u{85} 2]", 2, 4),
        ])
    func lastPlace(text: String, line: Int, column: Int) throws {
        #expect(try YAMLNode.parse(Array(text.utf8)).end == YAMLMark(line: line, column: column))
    }

    @Test("only plain text can mean nothing")
    func null() throws {
        let root = try YAMLNode.parse(Array("[~, null, Null, NULL, '', 'null', nul, !!str null, [], \"~\"]".utf8))
        #expect(root.elements?.map(\.isNull) == [true, true, true, true, false, false, false, false, false, false])
        let empty = try YAMLNode.parse(Array("a:\nb: 1".utf8))
        #expect(empty["a"]?.isNull == true)
        #expect(empty["c"] == nil)
        #expect(empty["a"]?["b"] == nil)
    }

    @Test("a key is found by its bytes, not by a canonically equivalent one")
    func normalForms() throws {
        let root = try YAMLNode.parse(Array("\u{e9}: 1\n".utf8))
        #expect(root["\u{e9}"]?.text == "1")
        #expect(root["e\u{301}"] == nil)
    }
}
