import JSON
import Testing

@Suite("an object of which few members are kept")
struct JSONKeepingTests {
    private static let names: [StaticString] = ["a", "b", "", "list", "sid"]

    /// What the whole parser makes of a text, cut down to the names; or its fault.
    private func expected(_ bytes: [UInt8], _ depth: Int) -> Result<JSONObject, JSONError> {
        do throws(JSONError) {
            let object = try JSONValue(parsing: bytes, maxDepth: depth).object ?? [:]
            let kept = object.members.filter { member in Self.names.contains { $0.description == member.key } }
            return .success(JSONObject(kept.map { ($0.key, $0.value) }))
        } catch {
            return .failure(error)
        }
    }

    private func check(_ bytes: [UInt8], depth: Int = JSONValue.defaultDepth) {
        var result: Result<JSONObject, JSONError>
        do throws(JSONError) {
            result = .success(try JSONObject(parsing: bytes, keeping: Self.names, maxDepth: depth))
        } catch {
            result = .failure(error)
        }
        #expect(result == expected(bytes, depth))
    }

    @Test("the same members as of the whole object", arguments: JSONAcceptanceTests.accepted.map(\.0))
    func accepted(text: String) {
        check(Array(text.utf8))
        check(Array(#"{"sid": \#(text), "x" : \#(text) ,"a":1}"#.utf8))
        check(Array("{\n\"b\":\(text)}".utf8), depth: 2)
    }

    @Test("the same faults, in what is kept and in what is not", arguments: JSONRefusalTests.refused.map(\.0))
    func refused(text: String) {
        check(Array(text.utf8))
        check(Array(#"{"y": \#(text), "sid": 1}"#.utf8))
        check(Array(#"{"sid": \#(text)}"#.utf8))
    }

    @Test("bytes that are no UTF-8 are found in what is not kept", arguments: [[0xFF], [0xC3], [0xE2, 0x82]])
    func notUTF8(bytes: [UInt8]) {
        check(Array(#"{"sid":"1","x":""#.utf8) + bytes + Array(#""}"#.utf8))
        check(Array(#"{"sid":"1",""#.utf8) + bytes + Array(#"":2}"#.utf8))
    }

    @Test(
        "keys with escapes and beyond ASCII are the same keys",
        arguments: [
            #"{"\u0061":1,"b":2}"#, #"{"a":1,"\u0061":2}"#, #"{"é":1,"a":2}"#, #"{"x":1,"x":2}"#,
            #"{"xy":1,"a":2,"xy":3}"#, #"{"a":1,"a":2}"#, #"{"x":"\n","a":"é\n"}"#, #"{"a":1,}"#, #"{"a" 1}"#,
            #"{"a":1"#,
            #"{"a":1}x"#, #"{,}"#, "{", "", #"{"a":[[]]}"#, #"{"x":[[]]}"#,
        ])
    func keys(text: String) {
        for depth in 0...3 { check(Array(text.utf8), depth: depth) }
    }

    @Test("many keys, of which one comes twice or none does", arguments: [1, 23, 63, 64, 65, 66, 1000])
    func many(count: Int) {
        let members = (0..<count).map { #""k\#($0)":\#($0)"# }
        check(Array("{\((members + [#""a":1"#]).joined(separator: ","))}".utf8))
        check(Array("{\((members + [#""k0":1"#]).joined(separator: ","))}".utf8))
    }
}
