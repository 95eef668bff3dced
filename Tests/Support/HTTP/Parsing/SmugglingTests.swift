import Testing

@testable import HTTP

@Suite("request parser: what is refused")
struct SmugglingTests {
    static let host = "Host: x\r\n"

    @Test(
        "request lines",
        arguments: [
            ("GET / HTTP/1.1\n", 400), ("GET  / HTTP/1.1\r\n", 400), ("GET /  HTTP/1.1\r\n", 400),
            (" GET / HTTP/1.1\r\n", 400), ("GET / HTTP/1.1 \r\n", 400), ("GET\t/ HTTP/1.1\r\n", 400),
            ("GET / http/1.1\r\n", 400), ("GET / HTTP/1.10\r\n", 400), ("GET / HTTP/11\r\n", 400), ("GET /\r\n", 400),
            ("GET / HTTP/2.0\r\n", 505), ("GET / HTTP/0.9\r\n", 505), ("PRI * HTTP/2.0\r\n", 505),
            ("G(T / HTTP/1.1\r\n", 400), ("G\u{0}T / HTTP/1.1\r\n", 400), ("GET /\u{0} HTTP/1.1\r\n", 400),
            ("GET /\u{7F} HTTP/1.1\r\n", 400), ("GET /é HTTP/1.1\r\n", 400), ("GET /a#b HTTP/1.1\r\n", 400),
            ("GET /a\rb HTTP/1.1\r\n", 400), ("GET a HTTP/1.1\r\n", 400), ("GET * HTTP/1.1\r\n", 400),
            ("GET ftp://x/ HTTP/1.1\r\n", 400), ("GET http:///a HTTP/1.1\r\n", 400),
            ("GET http://user@x/ HTTP/1.1\r\n", 400), ("GET http://x:99999/ HTTP/1.1\r\n", 400),
            ("CONNECT x:443 HTTP/1.1\r\n", 501), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n", 501),
            ("\u{16}\u{3}\u{1}\r\n", 400),
        ])
    func requestLines(line: String, status: Int) {
        #expect(refusal(line + Self.host + "\r\n") == status)
    }

    @Test(
        "header lines",
        arguments: [
            "A : b\r\n", "A\t: b\r\n", " A: b\r\n", "\tA: b\r\n", ": b\r\n", "A\r\n", "A b: c\r\n", "A(: b\r\n",
            "Ä: b\r\n",
            "A: b\n", "A: b\rC: d\r\n", "A: b\r\r\n", "A: b\u{0}\r\n", "A: \u{1}\r\n", "A: b\u{7F}\r\n",
            "A: b\r\n c\r\n",
            "A: b\r\n\tc\r\n", "\u{0}A: b\r\n", "A: b\u{B}\r\n",
        ])
    func headerLines(lines: String) {
        #expect(refusal("GET / HTTP/1.1\r\n" + Self.host + lines + "\r\n") == 400)
        #expect(refusal("GET / HTTP/1.1\r\n" + lines + Self.host + "\r\n") == 400)
    }

    @Test(
        "a missing, doubled or malformed Host",
        arguments: [
            "", "Host: x\r\nHost: x\r\n", "Host: x\r\nhost: y\r\n", "Host:\r\n", "Host: a b\r\n", "Host: a/b\r\n",
            "Host: u@a\r\n", "Host: a:b\r\n", "Host: a:0\r\n", "Host: a:65536\r\n", "Host: a,b\r\n", "Host: [::1\r\n",
            "Host: [x]\r\n", "Host: a:1:2\r\n",
        ])
    func hosts(lines: String) {
        #expect(refusal("GET / HTTP/1.1\r\n" + lines + "\r\n") == 400)
    }

    @Test(
        "lengths",
        arguments: [
            "Content-Length: +5\r\n", "Content-Length: -5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 5,6\r\n",
            "Content-Length: 5 5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5.0\r\n", "Content-Length:\r\n",
            "Content-Length: 99999999999999999999\r\n", "Content-Length: 18446744073709551621\r\n",
            "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\ncontent-length: 6\r\n",
            "Content-Length: five\r\n", "Content-Length: ٥\r\n", "Content-Length: 5;\r\n",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        ])
    func lengths(lines: String) {
        #expect(refusal("POST / HTTP/1.1\r\n" + Self.host + lines + "\r\n01234") == 400)
    }

    @Test(
        "transfer codings",
        arguments: [
            ("chunked, chunked", 400), ("chunked, identity", 400), ("identity", 400), ("gzip", 400),
            ("gzip, chunked", 501),
            ("identity, chunked", 501), ("xchunked", 400), ("chunked;q=1", 400), ("\"chunked\"", 400),
            ("chunked,", 400),
            (",chunked", 400), ("", 400), ("chunke\u{E9}", 400), ("chun ked", 400),
        ])
    func codings(value: String, status: Int) {
        let head = "POST / HTTP/1.1\r\n" + Self.host + "Transfer-Encoding: \(value)\r\n\r\n0\r\n\r\n"
        #expect(refusal(head) == status)
    }

    @Test("transfer codings in two fields or in HTTP/1.0")
    func codingFields() {
        let field = "Transfer-Encoding: chunked\r\n"
        #expect(refusal("POST / HTTP/1.1\r\n" + Self.host + field + field + "\r\n0\r\n\r\n") == 400)
        #expect(refusal("POST / HTTP/1.0\r\n" + field + "\r\n0\r\n\r\n") == 400)
        #expect(refusal("POST / HTTP/1.1\r\n" + Self.host + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n") == 400)
        #expect(refusal("POST / HTTP/1.1\r\n" + Self.host + "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n") == 400)
    }

    @Test(
        "chunks",
        arguments: [
            ("\r\n", 400), ("+1\r\na\r\n", 400), ("-1\r\na\r\n", 400), ("0x1\r\na\r\n", 400), ("g\r\n", 400),
            (" 1\r\na\r\n", 400), ("1 \r\na\r\n", 400), ("1\t;a\r\na\r\n", 400), ("1\na\r\n", 400), ("1\r\na\n", 400),
            ("1\r\nab\r\n", 400), ("1\r\na0\r\n\r\n", 400), ("1_0\r\n", 400), ("1,1\r\n", 400),
            ("FFFFFFFFFFFFFFFFF\r\n", 400), ("8000000000000000\r\n", 400), ("FFFFFFFFFFFFFFFF1\r\n", 400),
            ("00000000000000001\r\na\r\n", 400), ("7FFFFFFFFFFFFFF\r\n", 413), ("FFFFFFFF\r\n", 413),
            ("1;\u{0}\r\na\r\n", 400), ("1;a\rb\r\na\r\n", 400),
            ("1;\(String(repeating: "x", count: 300))\r\na\r\n", 400),
            ("1;\(String(repeating: "x", count: 300))", 400), ("0\r\nX : y\r\n\r\n", 400), ("0\r\n X: y\r\n\r\n", 400),
            ("0\r\nX: y\n\r\n", 400), ("0\n\r\n", 400),
            (String(repeating: "1;\(String(repeating: "x", count: 200))\r\na\r\n", count: 30), 400),
            ("0\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n", 431),
        ])
    func chunks(body: String, status: Int) {
        let head = "POST / HTTP/1.1\r\n" + Self.host + "Transfer-Encoding: chunked\r\n\r\n"
        #expect(refusal(head + body) == status)
    }

    @Test("expectations other than 100-continue", arguments: ["200-ok", "100-continue, x", ""])
    func expectations(value: String) {
        let head = "POST / HTTP/1.1\r\n" + Self.host + "Expect: \(value)\r\nContent-Length: 1\r\n\r\na"
        #expect(refusal(head) == 417)
    }

    private func refusal(_ text: String) -> Int? {
        let outcomes = requests(text)
        guard outcomes.count == 1, case .failure(let status, _)? = outcomes.first else { return nil }
        return status
    }
}
