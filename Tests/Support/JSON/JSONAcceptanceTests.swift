import JSON
import Testing

@Suite("What the parser accepts")
struct JSONAcceptanceTests {
    static let accepted: [(String, JSONValue)] = [
        ("[]", []), ("[ ]", []), ("{}", [:]), (" \t\r\n[1] \n", [1]), ("null", nil), ("true", true), ("false", false),
        ("\"\"", ""), ("\"a\"", "a"), ("0", 0), ("-1", -1), ("[null,true,\"x\",{}]", [nil, true, "x", [:]]),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", 9_223_372_036_854_775_808.0), ("-0", -0.0), ("-0.0", -0.0), ("0.0", 0.0),
        ("1.5", 1.5), ("1e3", 1000.0), ("1E+2", 100.0), ("1e-2", 0.01), ("123.456e2", 12345.6), ("0e9", 0.0),
        ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23), ("5e-324", .number(.leastNonzeroMagnitude)),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("123456789012345678901234567890", 123456789012345678901234567890.0), ("1e-400", 0.0),
        ("0.000000000000000000000000000000000000000000000000000001", 1e-54), ("1e-99999999999999999999", 0.0),
        ("9007199254740993.0", 9007199254740992.0), ("100000000000000000000000e-23", 1.0),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC\uD83D\uDE00""#, "Aé€😀"),
        (#""\u0000\u001f\u007f""#, "\u{0}\u{1f}\u{7f}"), (#""\uD7FF\uE000\uFFFF""#, "\u{D7FF}\u{E000}\u{FFFF}"),
        ("\"é€😀\u{10FFFF}\u{7f}\u{2028}\"", "é€😀\u{10FFFF}\u{7f}\u{2028}"), (#""a\u0062c€\n""#, "abc€\n"),
        (#"{"a":{"b":[1,{"c":null}]}}"#, ["a": ["b": [1, ["c": nil]]]]), (#"{"":0}"#, ["": 0]),
        (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]), (#"{ "a" : 1 , "b" : [ 2 , 3 ] }"#, ["a": 1, "b": [2, 3]]),
    ]

    @Test("valid texts give their value", arguments: accepted)
    func parses(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test("keys that are canonically equivalent but differ in bytes are different keys")
    func normalForms() throws {
        let value = try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(value.object?.count == 2)
        #expect(value["\u{e9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{e9}") != JSONValue.string("e\u{301}"))
    }

    @Test("members keep their order, in large objects too")
    func order() throws {
        let keys = (0..<500).map { "k\(($0 * 7919) % 500)" }
        let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSONValue(parsing: text).object?.keys == keys)
    }

    @Test("nesting up to the limit is accepted, one more is refused")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONValue(parsing: nested(64))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(65)) }
        #expect(error?.code == "too_deep")
        #expect(error?.offset == 64)
        _ = try JSONValue(parsing: nested(3), maxDepth: 3)
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(4), maxDepth: 3) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1), maxDepth: 0) }
        _ = try JSONValue(parsing: "1", maxDepth: 0)
    }

    @Test("a million opening brackets are refused without using the stack, whatever limit the caller asks for")
    func hostileNesting() {
        for opening in ["[", "{\"a\":"] {
            let bytes = Array(String(repeating: opening, count: 1_000_000).utf8)
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes, maxDepth: .max) }
            #expect(error?.code == "too_deep")
        }
    }

    @Test("typed reads give nil for another kind")
    func access() throws {
        let value = try JSONValue(parsing: #"{"s":"x","i":7,"w":7.0,"d":7.5,"b":true,"n":null,"a":[1,2]}"#)
        #expect(value["s"]?.string == "x")
        #expect(value["s"]?.int == nil)
        #expect(value["i"]?.int == 7)
        #expect(value["i"]?.double == 7)
        #expect(value["w"]?.int == 7)
        #expect(value["d"]?.int == nil)
        #expect(value["d"]?.double == 7.5)
        #expect(value["b"]?.bool == true)
        #expect(value["n"]?.isNull == true)
        #expect(value["a"]?[1] == 2)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["a"]?["s"] == nil)
        #expect(value["missing"] == nil)
        #expect(value.kind == "object")
    }
}
