import Testing

@testable import HTTP

@Suite("request parser: what is accepted")
struct RequestParserTests {
    @Test("a request without body, pipelined with one that has a body")
    func pipelined() {
        let text =
            "GET /a?b=c HTTP/1.1\r\nHost: x\r\nA:  b \t\r\nA:\r\n\r\n"
            + "POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 3\r\n\r\nabc"
        #expect(
            requests(text) == [
                .request("GET /a?b=c", HTTPHeaders([("Host", "x"), ("A", "b"), ("A", "")]), [], .byDefault),
                .request(
                    "POST /", HTTPHeaders([("host", "x"), ("Content-Length", "3")]), Array("abc".utf8), .byDefault),
            ])
    }

    @Test("a chunked body with extensions and trailer fields, which are dropped")
    func chunked() {
        let text =
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "3;a=\"b\"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET"
        #expect(
            requests(text) == [
                .request(
                    "POST /", HTTPHeaders([("Host", "x"), ("Transfer-Encoding", "Chunked")]),
                    Array("abc0123456789".utf8), .byDefault),
                .unfinished,
            ])
    }

    @Test(
        "what the client wants of the connection",
        arguments: [
            ("1.1", "", HTTPRequestParser.Keep.byDefault),
            ("1.1", "Connection: close\r\n", .close),
            ("1.1", "Connection: foo , CLOSE\r\n", .close),
            ("1.1", "Connection: foo\r\nConnection: close\r\n", .close),
            ("1.2", "", .byDefault),
            ("1.0", "", .close),
            ("1.0", "Connection: Keep-Alive\r\n", .asked),
            ("1.0", "Connection: keep-alive, close\r\n", .close),
        ])
    func keepAlive(version: String, field: String, keep: HTTPRequestParser.Keep) {
        guard case .request(_, _, _, let seen)? = requests("GET / HTTP/\(version)\r\nHost: x\r\n\(field)\r\n").first
        else {
            Issue.record("no request")
            return
        }
        #expect(seen == keep)
    }

    @Test(
        "targets in absolute and asterisk form are reduced, the authority replaces Host",
        arguments: [
            ("GET http://other:81/p?q HTTP/1.1", "GET /p?q", "other:81"),
            ("GET HTTPS://other HTTP/1.1", "GET /", "other"),
            ("GET http://other?q HTTP/1.1", "GET /?q", "other"),
            ("OPTIONS http://other HTTP/1.1", "OPTIONS *", "other"),
            ("OPTIONS * HTTP/1.1", "OPTIONS *", "x"),
            ("GET //host/path HTTP/1.1", "GET //host/path", "x"),
            ("GET http://[::1]:80/ HTTP/1.1", "GET /", "[::1]:80"),
        ])
    func targets(line: String, target: String, host: String) {
        #expect(
            requests("\(line)\r\nHost: x\r\n\r\n")
                == [.request(target, HTTPHeaders([("Host", host)]), [], .byDefault)])
    }

    @Test("one empty line before a request is skipped, also between two")
    func emptyLine() {
        let one = "GET / HTTP/1.0\r\n\r\n"
        let outcome = ParseOutcome.request("GET /", HTTPHeaders(), [], .close)
        #expect(requests("\r\n" + one + "\r\n" + one) == [outcome, outcome])
        #expect(requests("\r\n\r\n" + one) == [.failure(400, "empty lines before the request")])
    }

    @Test("100 is asked for only when the body has not come along")
    func expectContinue() {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n"
        #expect(firstAction(head) == "continue")
        #expect(firstAction(head + "a") == "request")
        #expect(firstAction("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n") == "request")
        #expect(firstAction("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n") == "more")
    }

    private func firstAction(_ text: String) -> String {
        var parser = HTTPRequestParser(limits: HTTPServerLimits())
        switch Array(text.utf8).withUnsafeBufferPointer({ parser.parse($0) }).action {
        case .needMore: return "more"
        case .sendContinue: return "continue"
        case .request: return "request"
        case .failure(let failure): return failure.reason
        }
    }

    @Test("limits are exact: at the limit it passes, one beyond it fails")
    func exactLimits() {
        var limits = HTTPServerLimits()
        limits.requestLineBytes = 20
        limits.headerBytes = 40
        limits.headerFields = 3
        limits.bodyBytes = 5
        func status(_ text: String) -> Int {
            switch requests(text, limits: limits).last {
            case .failure(let status, _)?: status
            case .request?: 200
            default: 0
            }
        }
        #expect(status("GET /123456 HTTP/1.0\r\n\r\n") == 200)
        #expect(status("GET /1234567 HTTP/1.0\r\n\r\n") == 414)
        #expect(status("GET /1234567890123456789") == 414)
        #expect(status("GET / HTTP/1.0\r\nA: \(String(repeating: "x", count: 35))\r\n\r\n") == 200)
        #expect(status("GET / HTTP/1.0\r\nA: \(String(repeating: "x", count: 38))\r\n\r\n") == 431)
        #expect(status("GET / HTTP/1.0\r\nA: \(String(repeating: "x", count: 60))") == 431)
        #expect(status("GET / HTTP/1.0\r\nA:1\r\nB:2\r\nC:3\r\n\r\n") == 200)
        #expect(status("GET / HTTP/1.0\r\nA:1\r\nB:2\r\nC:3\r\nD:4\r\n\r\n") == 431)
        #expect(status("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n12345") == 200)
        #expect(status("POST / HTTP/1.0\r\nContent-Length: 6\r\n\r\n") == 413)
        let chunked = "POST / HTTP/1.1\r\nHost:x\r\nTransfer-Encoding:chunked\r\n\r\n"
        limits.headerBytes = 100
        #expect(status(chunked + "3\r\nabc\r\n2\r\nab\r\n0\r\n\r\n") == 200)
        #expect(status(chunked + "3\r\nabc\r\n3\r\n") == 413)
    }

    @Test("a path that may have long bodies has a limit of its own, whatever its query")
    func longBodies() {
        var limits = HTTPServerLimits()
        limits.bodyBytes = 5
        limits.longBodies = ["/long": 8]
        func status(_ path: String, _ length: Int) -> Int {
            let body = String(repeating: "x", count: length)
            let texts = [
                "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n\(body)",
                "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(length)\r\n\(body)\r\n0\r\n\r\n",
            ]
            let statuses = texts.map { text in
                switch requests(text, limits: limits).last {
                case .failure(let status, _)?: status
                case .request?: 200
                default: 0
                }
            }
            #expect(statuses[0] == statuses[1])
            return statuses[0]
        }
        #expect(status("/long", 8) == 200)
        #expect(status("/long?a=b", 8) == 200)
        #expect(status("/long", 9) == 413)
        #expect(status("/short", 5) == 200)
        #expect(status("/short", 6) == 413)
        #expect(status("/long/er", 6) == 413)
    }
}
