import Foundation
import Testing

@testable import Patterns

@Suite("Patterns")
struct PatternTests {
    struct Fixture: Decodable {
        let texts: [String]
        let patterns: [[String]]
    }

    @Test("500 patterns find in 80 texts what Python finds, by table and by program")
    func comparison() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/patterns.json")
        let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
        #expect(fixture.patterns.count > 500)
        #expect(fixture.texts.count > 80)
        for row in fixture.patterns {
            let pattern = try Pattern(row[0], flags: row[1])
            #expect(pattern.hasTable, "/\(row[0])/")
            for (text, expected) in zip(fixture.texts, row[2]) {
                let wanted = expected == "1"
                if pattern.matches(text) != wanted || pattern.matchesWithoutTable(text) != wanted {
                    Issue.record("/\(row[0])/\(row[1]) on \(text.debugDescription) should be \(wanted)")
                }
            }
        }
    }

    @Test("what would take other engines for ever takes no time", .timeLimit(.minutes(1)))
    func linear() throws {
        let many = String(repeating: "a", count: 4096)
        #expect(try !Pattern("(a+)+$").matches(String(repeating: "a", count: 30) + "b"))
        #expect(try !Pattern("(a|aa)+$").matches(many + "b"))
        #expect(try !Pattern("(.*)(.*)(.*)(.*)(.*)b").matches(many))
        #expect(try Pattern("(a?){200}a{200}").matches(many))
        // Its deterministic automaton would have 2^20 states, so the program is followed.
        let large = try Pattern("a.{20}c")
        #expect(!large.hasTable)
        #expect(!large.matches(many))
        #expect(large.matches(many + "c"))
    }

    @Test(
        "letters fold beyond ASCII",
        arguments: [
            ("σ", "ς"), ("ς", "Σ"), ("ß", "ẞ"), ("k", "\u{212A}"), ("å", "\u{212B}"), ("ſ", "S"), ("µ", "Μ"),
            ("ω", "\u{2126}"),
            ("ž", "Ž"), ("[а-я]", "Ж"), ("[α-ω]", "Ω"), ("ĳ", "Ĳ"), ("ǆ", "ǅ"), ("և", "և"), ("ﬀ", "ﬀ"),
        ])
    func folding(_ source: String, _ text: String) throws {
        #expect(try Pattern(source, flags: "i").matches(text))
    }

    @Test("the dotless i is no i, and ss is no ß", arguments: [("i", "ı"), ("i", "İ"), ("ss", "ß")])
    func noFolding(_ source: String, _ text: String) throws {
        #expect(try !Pattern(source, flags: "i").matches(text))
    }

    @Test(
        "a mistake has its code and its place",
        arguments: [
            ("a(b", .unbalanced, 1), ("a)b", .unbalanced, 1), ("[a", .unbalanced, 0), ("[]", .unbalanced, 0),
            ("*a", .badRepetition, 0), ("a|+", .badRepetition, 2), ("a**", .badRepetition, 2),
            ("a+{2}", .badRepetition, 2),
            ("(?i)*", .badRepetition, 4), ("{2}", .badRepetition, 0), ("a{3,2}", .badRepetition, 1),
            ("a++", .badRepetition, 2),
            ("[z-a]", .badClass, 1), ("[a-\\d]", .badClass, 3), ("[[:foo:]]", .badClass, 1), ("a\\", .badEscape, 1),
            ("\\q", .badEscape, 0), ("\\x4", .badEscape, 0), ("\\x{110000}", .badEscape, 0),
            ("\\x{D800}", .badEscape, 0),
            ("[\\b]", .badEscape, 1), ("(a)\\1", .unsupported, 3), ("(?=a)", .unsupported, 0),
            ("é(?<!a)", .unsupported, 1),
            ("(?<=a)", .unsupported, 0), ("\\p{L}", .unsupported, 0), ("(?>a)", .unsupported, 0),
            ("(?x)a", .unsupported, 0),
            ("(?P=n)", .unsupported, 0), ("(?", .unsupported, 0), ("(?i", .unsupported, 0),
            ("(?<n a)", .unsupported, 0),
            ("a{1001}", .tooLarge, 1), ("(a{1000}){1000}", .tooLarge, 0), ("((a?){1000}){1000}", .tooLarge, 0),
            (String(repeating: "(", count: 500), .tooLarge, 64), (String(repeating: "a", count: 2001), .tooLarge, 2000),
            ("a{99999999999999999999}", .tooLarge, 1),
        ] as [(String, PatternError.Code, Int)])
    func mistakes(_ source: String, _ code: PatternError.Code, _ offset: Int) {
        let error = #expect(throws: PatternError.self) { try Pattern(source) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test("repeating nothing a thousand million times is no work", .timeLimit(.minutes(1)))
    func nothing() throws {
        #expect(try Pattern("(?:(?:(?:){1000}){1000}){1000}$").matches("a"))
        #expect(try Pattern("(?:(?:(?:)*)*)*a").matches("a"))
    }

    @Test("flags are i, s and m, each once", arguments: ["x", "ii", "I", "ig", " "])
    func flags(_ flags: String) {
        let error = #expect(throws: PatternError.self) { try Pattern("a", flags: flags) }
        #expect(error?.code == .badFlag)
    }

    @Test("a pattern between slashes")
    func delimited() throws {
        #expect(try Pattern(delimited: "/warrant/i").matches("My WARRANTY"))
        #expect(try Pattern(delimited: "/a/b/").matches("a/b"))
        #expect(try Pattern(delimited: "//").matches(""))
        // A combining mark is a part of the slash's character, and of the pattern.
        #expect(try Pattern(delimited: "/\u{301}$/").matches("e\u{301}"))
        #expect(Pattern.isDelimited("/\u{301}/i") && !Pattern.isDelimited("/a/\u{301}"))
        #expect(!Pattern.isDelimited("/"))
        #expect(!Pattern.isDelimited("a/i"))
        #expect(!Pattern.isDelimited("/a/1"))
        #expect(throws: PatternError.self) { try Pattern(delimited: "/a") }
        #expect(throws: PatternError.self) { try Pattern(delimited: "/a/g") }
    }

    @Test("only so many bytes are looked at, and no character is divided")
    func limit() throws {
        #expect(try !Pattern("c").matches("abc", limit: 2))
        #expect(try Pattern("^ab$").matches("abc", limit: 2))
        #expect(try Pattern("^a$").matches("aé", limit: 2))
        #expect(try Pattern("^aé$").matches("aéx", limit: 3))
        #expect(try Pattern("^$").matches("é", limit: 1))
        #expect(try Pattern("^$").matches("abc", limit: -1))
    }

    @Test("bytes that are not UTF-8 read as one unknown character each")
    func invalid() throws {
        for bytes in [[0xFF], [0x61, 0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80]] as [[UInt8]] {
            let pattern = try Pattern("\\x{FFFD}$")
            #expect(bytes.withUnsafeBufferPointer { pattern.matches($0) })
        }
    }

    @Test("no pattern crashes the reader, and both ways of matching agree")
    func noCrash() {
        let pieces = [
            "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", "\\", "-", "a", "b", "1", ",", "2", ".", "é",
            ":", "i", "<",
            "P", "\\b", "[:alpha:]", "(?i)", "\\x",
        ]
        var state: UInt64 = 11
        var good = 0
        for _ in 0..<20000 {
            var source = ""
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                source += pieces[Int(state >> 33) % pieces.count]
            }
            guard let pattern = try? Pattern(source) else { continue }
            good += 1
            for text in ["", "aab1", "é-b\na"] where pattern.matches(text) != pattern.matchesWithoutTable(text) {
                Issue.record("/\(source)/ on \(text)")
            }
        }
        #expect(good > 500)
    }
}
