import JSON
import Testing

@Suite("Writing JSON")
struct JSONEncodingTests {
    @Test("values are written without spaces, escaping only what must be")
    func compact() {
        let value: JSONValue = [
            "text": "a\"b\\c/\n\r\t\u{8}\u{c}\u{1}\u{1f}\u{7f}é😀\u{2028}", "int": -5, "least": .integer(.min),
            "number": 1.5, "whole": 2.0, "yes": true, "no": false, "nothing": nil, "list": [1, [], [:]],
        ]
        let expected =
            #"{"text":"a\"b\\c/\n\r\t\b\f\u0001\u001f"# + "\u{7f}é😀\u{2028}"
            + #"","int":-5,"least":-9223372036854775808,"number":1.5,"whole":2.0,"yes":true,"no":false,"#
            + #""nothing":null,"list":[1,[],{}]}"#
        #expect(value.text == expected)
    }

    @Test("pretty text is indented by two spaces")
    func pretty() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [], "d": [:]]
        let expected = """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": [],
              "d": {}
            }
            """
        #expect(String(decoding: value.bytes(pretty: true), as: UTF8.self) == expected)
    }

    @Test("numbers that are not finite become null")
    func notFinite() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan), .number(-.infinity)]).text == "[null,null,null]")
    }

    @Test("canonical bytes depend on neither the order of members nor the form of whole numbers")
    func canonical() {
        let one: JSONValue = ["b": ["y": 2, "x": 1], "a": [3.0, 1.5], "é": 1e300, "z": -0.0]
        let other: JSONValue = ["z": 0, "a": [3, 1.5], "é": 1e300, "b": ["x": 1.0, "y": 2.0]]
        #expect(one.canonicalBytes == other.canonicalBytes)
        #expect(
            String(decoding: one.canonicalBytes, as: UTF8.self) == #"{"a":[3,1.5],"b":{"x":1,"y":2},"z":0,"é":1e+300}"#)
        let list: JSONValue = [1, 2]
        #expect(list.canonicalBytes != JSONValue.array([2, 1]).canonicalBytes)
    }

    @Test("the writer gives what the values give")
    func writer() throws {
        var json = JSONWriter()
        json.beginObject()
        json.member("id", "msg_1")
        json.member("n", 3)
        json.member("flag", true)
        json.member("none", orNull: nil)
        json.member("left_out", ifPresent: nil)
        json.key("a \"quoted\" key")
        json.beginArray()
        json.int(Int64.min)
        json.int(UInt64.max)
        json.int(Int8(-128))
        json.string(utf8: [0x61, 0xFF])
        json.number(0.25)
        json.null()
        json.beginObject()
        json.endObject()
        json.value(["x": [1]])
        json.raw(Array("[7]".utf8))
        json.bool(false)
        json.endArray()
        json.endObject()
        let expected =
            #"{"id":"msg_1","n":3,"flag":true,"none":null,"a \"quoted\" key":[-9223372036854775808,"#
            + #"18446744073709551615,-128,"a\#u{FFFD}",0.25,null,{},{"x":[1]},[7],false]}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
        _ = try JSONValue(parsing: json.bytes)
        json.reset()
        json.string("again")
        #expect(json.bytes == Array("\"again\"".utf8))
    }

    @Test("an object keeps the place of a key that is set again and drops one set to nil")
    func object() {
        var object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        #expect(object.members.map(\.key) == ["a", "b"])
        #expect(object["a"] == 3)
        object["a"] = nil
        object["c"] = .null
        #expect(JSONValue.object(object).text == #"{"b":2,"c":null}"#)
        let many = JSONObject((0..<100).map { ("k\($0 % 50)", JSONValue.integer($0)) })
        #expect(many.count == 50)
        #expect(many["k49"] == 99)
    }
}
