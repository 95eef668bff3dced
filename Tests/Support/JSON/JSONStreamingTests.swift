import Testing

@testable import JSON

@Suite("an object with one long array")
struct JSONStreamingTests {
    private func parse(_ text: String, upTo limit: Int = .max) throws -> (rest: JSONObject?, seen: [String]) {
        var seen: [String] = []
        let rest = try JSONObject.parse(Array(text.utf8), streaming: "list", maxDepth: 4) { value, bytes in
            // What is handed over is the element and nothing else.
            #expect((try? JSONValue(parsing: Array(bytes))) == value)
            seen.append(String(decoding: bytes, as: UTF8.self))
            return seen.count < limit
        }
        return (rest, seen)
    }

    @Test("elements come one by one with their bytes, wherever the array stands")
    func elements() throws {
        let (rest, seen) = try parse(#" { "a" : 1 , "list" : [ {"x": [2]} , "y" , 3 ] , "b":[4] } "#)
        #expect(seen == [#"{"x": [2]}"#, #""y""#, "3"])
        #expect(rest == ["a": 1, "list": [], "b": [4]])
        #expect(try parse(#"{"list":[]}"#).seen == [])
        #expect(try parse("{}").rest == [:])
    }

    @Test("a member of that name that is no array is a member like others")
    func noArray() throws {
        let (rest, seen) = try parse(#"{"list": {"list": [1]}}"#)
        #expect(seen.isEmpty)
        #expect(rest == ["list": ["list": [1]]])
    }

    @Test("whoever wants no more ends it")
    func stopped() throws {
        let (rest, seen) = try parse(#"{"list": [1, 2, 3], nonsense"#, upTo: 2)
        #expect(rest == nil)
        #expect(seen == ["1", "2"])
    }

    @Test(
        "faults are those of the whole text, each at its place",
        arguments: [
            (#"{"list":[1,2"#, "unexpected_end", 12), (#"{"list":[1 2]}"#, "comma_expected", 11),
            (#"{"list":[1],"list":[2]}"#, "duplicate_key", 12), (#"{"list":[1]} x"#, "trailing_data", 13),
            (#"{"list":[[[[1]]]]}"#, "too_deep", 11), (#"[1]"#, "unexpected_character", 0),
            (#"{"list":[1,]}"#, "unexpected_character", 11), ("", "unexpected_end", 0),
        ])
    func faults(_ text: String, _ code: String, _ offset: Int) {
        let error = #expect(throws: JSONError.self) { try parse(text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }
}
