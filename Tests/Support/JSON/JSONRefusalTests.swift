import JSON
import Testing

@Suite("What the parser refuses")
struct JSONRefusalTests {
    @Test("what must not stand in a string is found at every place, whatever stands before it", arguments: 0..<24)
    func everyPlace(before: Int) {
        // The neighbours of what is looked for, and bytes beyond ASCII that differ from it by their high bit alone.
        for filler in [" ", "!", "#", "[", "]", "\u{7F}", "\u{80}", "\u{A2}", "\u{DC}", "\u{7FF}"] {
            let text = String(repeating: filler, count: before)
            for control: UInt8 in 0..<0x20 {
                let bytes = Array("\"\(text)".utf8) + [control] + Array("        \"".utf8)
                let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
                #expect(error?.code == "control_character")
                #expect(error?.offset == 1 + text.utf8.count)
            }
            for special in ["\"", "\\", "\u{1F}"] {
                let value = JSONValue.string(text + special + "        ")
                #expect(value.text.utf8.count == text.utf8.count + (special == "\u{1F}" ? 6 : 2) + 10)
                #expect((try? JSONValue(parsing: value.text)) == value)
            }
        }
    }

    static let refused: [(String, String, Int)] = [
        ("", "unexpected_end", 0), (" ", "unexpected_end", 1), ("[", "unexpected_end", 1), ("[1", "unexpected_end", 2),
        ("[1,", "unexpected_end", 3), ("{", "unexpected_end", 1), ("{\"a\"", "unexpected_end", 4),
        ("{\"a\":", "unexpected_end", 5), ("{\"a\":1", "unexpected_end", 6), ("\"", "unexpected_end", 1),
        ("\"a", "unexpected_end", 2), ("\"\\", "unexpected_end", 2), ("\"\\u12", "unexpected_end", 5),
        ("tru", "unexpected_end", 3), ("-", "unexpected_end", 1), ("1.", "unexpected_end", 2),
        ("1e", "unexpected_end", 2),
        ("1e+", "unexpected_end", 3), ("[1,]", "unexpected_character", 3), ("[,1]", "unexpected_character", 1),
        ("[1 2]", "comma_expected", 3), ("[1}", "comma_expected", 2), ("]", "unexpected_character", 0),
        ("{\"a\":1,}", "key_expected", 7), ("{a:1}", "key_expected", 1), ("{1:1}", "key_expected", 1),
        ("{'a':1}", "key_expected", 1), ("{\"a\" 1}", "colon_expected", 5), ("{\"a\":1]", "comma_expected", 6),
        ("nul1", "unexpected_character", 3), ("True", "unexpected_character", 0), ("NaN", "unexpected_character", 0),
        ("Infinity", "unexpected_character", 0), ("-Infinity", "bad_number", 1), ("+1", "unexpected_character", 0),
        ("01", "bad_number", 1), ("-01", "bad_number", 2), ("00", "bad_number", 1), (".5", "unexpected_character", 0),
        ("1.e5", "bad_number", 2), ("-a", "bad_number", 1), ("1e5.5", "trailing_data", 3), ("0x1", "trailing_data", 1),
        ("1e309", "bad_number", 0), ("-1e309", "bad_number", 0), ("1e99999999999999999999", "bad_number", 0),
        ("1 2", "trailing_data", 2), ("{}x", "trailing_data", 2), ("[] // c", "trailing_data", 3),
        ("1\u{0}", "trailing_data", 1),
        ("/* c */1", "unexpected_character", 0), ("\"\t\"", "control_character", 1),
        ("\"a\nb\"", "control_character", 2),
        ("\"a\\n\u{0}\"", "control_character", 4), (#""\x41""#, "bad_escape", 1), (#""\u12G4""#, "bad_escape", 1),
        (#""\U0041""#, "bad_escape", 1), (#""\uD800""#, "lone_surrogate", 1), (#""\uDC00""#, "lone_surrogate", 1),
        (#""\uD800\n""#, "lone_surrogate", 1), (#""\uD800A""#, "lone_surrogate", 1),
        (#""\uD800\uD800""#, "lone_surrogate", 1), (#"{"a":1,"a":2}"#, "duplicate_key", 7),
        (#"{"a":1,"\u0061":2}"#, "duplicate_key", 7), ("\u{FEFF}1", "unexpected_character", 0),
        ("\u{a0}1", "unexpected_character", 0),
    ]

    @Test("invalid texts are refused with cause and place", arguments: refused)
    func refuses(text: String, code: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    static let notUTF8: [([UInt8], Int)] = [
        ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0xC3, 0x22], 2), ([0x22, 0xC0, 0x80, 0x22], 1),
        ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
        ([0x22, 0xC3, 0xA9, 0x80, 0x22], 3), ([0x22, 0x5C, 0x6E, 0x80, 0x22], 3),
    ]

    @Test("strings that are not UTF-8 are refused at the first wrong byte", arguments: notUTF8)
    func invalidUTF8(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.code == "bad_utf8")
        #expect(error?.offset == offset)
    }

    @Test("a duplicate key is refused with its place, in small and in large objects", arguments: [1, 23, 24, 25, 1000])
    func duplicates(count: Int) {
        let members = (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",\n")
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members),\n \"k0\":1}") }
        #expect(error?.code == "duplicate_key")
        #expect(error?.line == count + 1)
        #expect(error?.column == 2)
    }

    @Test("a place is a line and a column in characters, after any kind of line end")
    func place() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[\r\n1,\r\n\"é😀\", x]") }
        #expect(error?.line == 3)
        #expect(error?.column == 7)
        #expect(error.map(String.init(describing:)) == "3:7 a JSON value was expected here")
        let old = #expect(throws: JSONError.self) { try JSONValue(parsing: "[\r\r x") }
        #expect(old?.line == 3)
        #expect(old?.column == 2)
    }

    @Test("an error never contains any of the text")
    func discretion() {
        for text in ["{\"secret\":1,\"secret\":2}", "{\"secret\":secret}", "\"secret\\x\"", "[\"secret\" secret]"] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
            #expect(error.map { "\($0)".contains("secret") } == false)
        }
    }
}
