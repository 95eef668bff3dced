import Testing

@testable import Server

@Suite("The reader of messages")
struct EnvelopeReaderTests {
    @Test(
        "a name in a pointer is escaped, also where a combining mark follows",
        arguments: [
            ("a/b~c", "a~1b~0c"), ("~1", "~01"), ("/\u{301}x", "~1\u{301}x"), ("~\u{301}", "~0\u{301}"), ("", ""),
        ])
    func pointer(name: String, escaped: String) {
        #expect(RequestFaults.escaped(name).unicodeScalars.elementsEqual(escaped.unicodeScalars))
    }

    @Test("a long name is cut, however few characters it has")
    func longName() {
        let marks = String(repeating: "\u{301}", count: 1_000)
        #expect(RequestFaults.escaped("e" + marks).unicodeScalars.count == 64)
        #expect(RequestFaults.escaped(String(repeating: "/", count: 100)) == String(repeating: "~1", count: 64))
    }

    @Test("a fault of an unknown field names it")
    func unknownField() {
        let body = Array(#"{"to":"+41791234567","text":"hi","te/\u0301xt":1}"#.utf8)
        let problem = #expect(throws: Problem.self) { try EnvelopeReader.read(body, tenant: "default") }
        #expect(problem?.errors.map(\.pointer) == ["/te~1\u{301}xt"])
    }
}
