import Testing

@testable import HTTP

@Suite("HTTP values")
struct ValueTests {
    @Test(
        "a media type is compared without case and parameters",
        arguments: [
            ("application/json", true), ("Application/JSON;charset=utf-8", true), (";application/json;", true),
            ("application/json ;charset=utf-8", false), ("application/jsonp", false), ("text/plain", false),
            ("", false),
        ])
    func mediaType(value: String, isJSON: Bool) {
        #expect(HTTPHeaders([("content-type", value)]).hasMediaType("application/json") == isJSON)
        #expect(!HTTPHeaders([("Accept", value)]).hasMediaType("application/json"))
    }

    @Test("header names are compared without case, values and order are kept")
    func headers() {
        var headers = HTTPHeaders([("Accept", "a"), ("X", "1"), ("accept", "b")])
        #expect(headers[first: "ACCEPT"] == "a")
        #expect(headers[first: "Accep"] == nil)
        #expect(headers.all("accept") == ["a", "b"])
        #expect(headers.contains("x"))
        headers.set("aCCEPT", "c")
        #expect(headers == HTTPHeaders([("Accept", "c"), ("x", "1")]))
        #expect(headers != HTTPHeaders([("X", "1"), ("Accept", "c")]))
        headers.remove("ACCEPT")
        headers.set("New", "2")
        headers.add("new", "3")
        #expect(headers.fields.map(\.name) == ["X", "New", "new"])
        #expect(headers.count == 3)
        headers.remove("new")
        #expect(headers == HTTPHeaders([("X", "1")]))
        #expect(HTTPHeaders([("Connection", "a ,\tCLOSE")]).hasToken("close", in: "connection"))
        #expect(!HTTPHeaders([("Connection", "not-close, clo se")]).hasToken("close", in: "connection"))
    }

    @Test("a value of bytes that are no UTF-8 is repaired when it is read")
    func repaired() {
        var headers = HTTPHeaders()
        let (name, value) = (Array("X-Odd".utf8), [0x61, 0xFF, 0x62] as [UInt8])
        name.withUnsafeBufferPointer { name in value.withUnsafeBufferPointer { headers.add(name, $0) } }
        headers.add("x-odd", "")
        #expect(headers[first: "x-ODD"] == "a\u{FFFD}b")
        #expect(headers.all("X-Odd") == ["a\u{FFFD}b", ""])
        #expect(headers.fields.map(\.value) == ["a\u{FFFD}b", ""])
    }

    @Test(
        "path and query are the raw parts of the target",
        arguments: [
            ("/a%20b?c=d?e", "/a%20b", "c=d?e"), ("/", "/", nil), ("/?", "/", ""), ("*", "*", nil), ("", "", nil),
        ])
    func target(target: String, path: String, query: String?) {
        let request = HTTPRequest(method: "GET", target: target)
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test(
        "URLs that are read",
        arguments: [
            ("http://h", false, "h", 80, "/", "h"),
            ("HTTPS://H.Test:8443/a?b#c", true, "h.test", 8443, "/a?b", "h.test:8443"),
            ("https://h:443", true, "h", 443, "/", "h"), ("http://h?x=/y", false, "h", 80, "/?x=/y", "h"),
            ("http://[::1]:81/", false, "::1", 81, "/", "[::1]:81"), ("http://h:/", false, "h", 80, "/", "h"),
        ])
    func urls(text: String, isTLS: Bool, host: String, port: Int, target: String, field: String) throws {
        let url = try #require(HTTPURL(text))
        #expect(url.origin == HTTPURL.Origin(isTLS: isTLS, host: host, port: port))
        #expect(url.target == target)
        #expect(url.hostField == field)
        #expect(HTTPURL(url.text) == url)
    }

    @Test(
        "URLs that are refused",
        arguments: [
            "", "h", "/a", "ftp://h/", "http:/h", "http://", "http:///a", "http://u@h/", "http://u:p@h/", "http://h:0/",
            "http://h:65536/", "http://h:a/", "http://h:1:2/", "http://h /", "http://h/a b", "http://h/\r\nA: b",
            "http://h/é", "http://é/", "http://[::1", "http://[g::]/", "http://[]/", "http://h%00/", "http://h,i/",
        ])
    func refusedURLs(text: String) {
        #expect(HTTPURL(text) == nil)
    }

    @Test(
        "dates",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (-5, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ])
    func dates(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds) == text)
    }

    @Test("a responder answers once; dropped without an answer it answers 500")
    func responder() {
        nonisolated(unsafe) var seen: [Int] = []
        do {
            let respond = HTTPResponder { seen.append($0.status) }
            respond(HTTPResponse(status: 204))
            respond(HTTPResponse(status: 404))
        }
        #expect(seen == [204])
        do { _ = HTTPResponder { seen.append($0.status) } }
        #expect(seen == [204, 500])
    }
}
