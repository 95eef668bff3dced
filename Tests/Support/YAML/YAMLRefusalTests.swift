import Testing
import YAML

@Suite("What the YAML parser refuses")
struct YAMLRefusalTests {
    static let refused: [(String, String, Int, Int)] = [
        ("", "empty", 1, 1), ("# only a comment\n", "empty", 2, 1), ("a: 1\nb: 2\na: 3", "duplicate_key", 3, 1),
        ("x:\n  a: 1\n  'a': 2", "duplicate_key", 3, 3), ("{a: 1, b: 2, \"\\u0061\": 3}", "duplicate_key", 1, 14),
        ("k: &k a\na: 1\n? *k\n: 2", "duplicate_key", 3, 3), ("? [a]\n: 1", "key_not_scalar", 1, 3),
        ("{a: 1}: 2", "key_not_scalar", 1, 1), ("a: &m {x: 1}\nb:\n  <<: *m", "merge_key", 3, 3),
        ("a: *b", "unknown_alias", 1, 4), ("a: &a [*a]", "unknown_alias", 1, 8),
        ("a: *b\nc: &b 1", "unknown_alias", 1, 4),
        ("a: !!int 1", "unsupported_tag", 1, 4), ("a: !env HOME", "unsupported_tag", 1, 4),
        ("!!map {a: 1}", "unsupported_tag", 1, 1), ("- !!binary aGk=", "unsupported_tag", 1, 3),
        ("a: !!str [x]", "unsupported_tag", 1, 4), ("a: 1\n---\nb: 2", "several_documents", 2, 1),
        ("a: 1\n...\n---\n", "several_documents", 3, 1), ("a: [1, 2\nb: 3", "syntax", 2, 2), ("a: 'x", "syntax", 1, 6),
        ("a: b: c", "syntax", 1, 5), ("a:\n\t- b", "syntax", 2, 1), ("a: @b", "syntax", 1, 4),
        ("- a\nb: c", "syntax", 2, 1),
        ("a: \"\\x\"", "syntax", 1, 7), ("a: 1\n b: 2", "syntax", 2, 3), ("%YAML 2.0\n---\na", "syntax", 1, 1),
        ("a: \u{1}", "bad_character", 1, 4), ("a: b\u{0}c", "bad_character", 1, 5),
        ("é: 1\nb: \u{7f}", "bad_character", 2, 4), ("a: 1\nb c", "syntax", 2, 4), ("{a: [1\u{85}", "syntax", 2, 1),
    ]

    @Test("a refusal names its cause and place", arguments: refused)
    func refuses(text: String, code: String, line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAMLNode.parse(Array(text.utf8)) }
        #expect(error?.code == code)
        #expect(error?.mark == YAMLMark(line: line, column: column))
        #expect(error?.message.isEmpty == false)
    }

    @Test(
        "bytes that are not UTF-8 are refused at their place",
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], 1, 4), ([0x61, 0x0A, 0xC3, 0x28], 2, 2), ([0xFF, 0xFE, 0x61, 0x00], 1, 1),
            ([0x61, 0xED, 0xA0, 0x80], 1, 2), ([0x61, 0xC3], 1, 2),
        ] as [([UInt8], Int, Int)])
    func notUTF8(bytes: [UInt8], line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAMLNode.parse(bytes) }
        #expect(error?.code == "bad_character")
        #expect(error?.mark == YAMLMark(line: line, column: column))
    }

    @Test("nesting beyond the limit is refused where it happens, however it is written")
    func depth() throws {
        _ = try shape(of: String(repeating: "[", count: 32) + String(repeating: "]", count: 32))
        for opening in ["[", "{a: ", "- "] {
            let text = String(repeating: opening, count: 100_000)
            let error = #expect(throws: YAMLError.self) { try shape(of: text) }
            #expect(error?.code == "too_deep")
            #expect(error?.mark == YAMLMark(line: 1, column: 32 * opening.count + 1))
        }
    }

    @Test("depth counts through aliases")
    func depthOfAliases() throws {
        let text = "a: &a [[[x]]]\nb: [[*a]]"
        let limits = YAMLLimits(maxDepth: 6)
        _ = try YAMLNode.parse(Array(text.utf8), limits: limits)
        let error = #expect(throws: YAMLError.self) {
            try YAMLNode.parse(Array(text.utf8), limits: YAMLLimits(maxDepth: 5))
        }
        #expect(error?.code == "too_deep")
        #expect(error?.mark == YAMLMark(line: 2, column: 6))
    }

    @Test("a billion laughs are refused by the count of nodes")
    func laughs() {
        var text = "l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let uses = [String](repeating: "*l\(level - 1)", count: 9).joined(separator: ", ")
            text += "l\(level): &l\(level) [\(uses)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try shape(of: text) }
        #expect(error?.code == "too_many_nodes")
        #expect(error?.mark.line == 6)
    }

    @Test("the count of nodes is exact")
    func nodeCount() throws {
        let text = Array("a: &a [1, 2]\nb: *a".utf8)
        // Root, two keys, the list and its two elements, and the three nodes of the alias.
        _ = try YAMLNode.parse(text, limits: YAMLLimits(maxNodes: 9))
        let error = #expect(throws: YAMLError.self) { try YAMLNode.parse(text, limits: YAMLLimits(maxNodes: 8)) }
        #expect(error?.code == "too_many_nodes")
        #expect(error?.mark == YAMLMark(line: 2, column: 4))
    }

    @Test("a text that is too large is not read at all")
    func size() {
        let error = #expect(throws: YAMLError.self) {
            try YAMLNode.parse(Array("a: [".utf8), limits: YAMLLimits(maxBytes: 3))
        }
        #expect(error?.code == "too_large")
    }

    @Test("every cut and every changed byte of a text is read or refused, never a crash")
    func mutations() {
        let text = Array("a: &x [1, 'two', \"\\u00e9\"]\nb: {c: *x, d: |\n  text\n  }\n# é\n? e\n: !!str f\n---\n".utf8)
        var state: UInt64 = 5
        func random() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        var outcomes: Set<String> = []
        func read(_ bytes: [UInt8]) {
            do throws(YAMLError) {
                _ = try YAMLNode.parse(bytes).shape
                outcomes.insert("read")
            } catch {
                #expect(error.mark.line >= 1 && error.mark.column >= 1)
                outcomes.insert(error.code)
            }
        }
        let alphabet = Array(":-?[]{}&*!|>'\"%@`,# \n\tab\u{0}".utf8) + [0xC3, 0xFF]
        for cut in text.indices { read(Array(text[..<cut])) }
        for _ in 0..<4000 {
            var bytes = text
            for _ in 0...random() % 3 { bytes[random() % bytes.count] = alphabet[random() % alphabet.count] }
            read(bytes)
        }
        #expect(outcomes.isSuperset(of: ["read", "syntax", "bad_character", "unknown_alias"]))
    }
}
