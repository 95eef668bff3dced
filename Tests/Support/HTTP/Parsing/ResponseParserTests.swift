import Testing

@testable import HTTP

@Suite("response parser")
struct ResponseParserTests {
    @Test("bodies end by length, by chunks, by the end of the stream")
    func bodies() {
        let ok = "HTTP/1.1 200 OK\r\n"
        #expect(
            response(ok + "Content-Length: 2\r\n\r\nhi")
                == .response(200, HTTPHeaders([("Content-Length", "2")]), Array("hi".utf8), keepAlive: true))
        #expect(
            response(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n")
                == .response(200, HTTPHeaders([("Transfer-Encoding", "chunked")]), Array("hi".utf8), keepAlive: true))
        #expect(response(ok + "\r\nhi") == .unfinished)
        #expect(
            response(ok + "\r\nhi", closes: true) == .response(200, HTTPHeaders(), Array("hi".utf8), keepAlive: false))
        #expect(response(ok + "Content-Length: 3\r\n\r\nhi", closes: true) == .unfinished)
        #expect(response(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", closes: true) == .unfinished)
    }

    @Test("no body follows HEAD, 204 and 304, whatever the header says")
    func noBody() {
        let length = "Content-Length: 2\r\n\r\n"
        let fields = HTTPHeaders([("Content-Length", "2")])
        #expect(response("HTTP/1.1 200 OK\r\n" + length, isHead: true) == .response(200, fields, [], keepAlive: true))
        #expect(response("HTTP/1.1 304 \r\n" + length) == .response(304, fields, [], keepAlive: true))
        #expect(response("HTTP/1.1 204\r\n\r\n") == .response(204, HTTPHeaders(), [], keepAlive: true))
    }

    @Test("interim answers are skipped, but not without end, and 101 is refused")
    func interim() {
        let hint = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
        let final = "HTTP/1.1 204 No\r\n\r\n"
        let fine = ParseOutcome.response(204, HTTPHeaders(), [], keepAlive: true)
        #expect(response("HTTP/1.1 100 Continue\r\n\r\n" + hint + final) == fine)
        #expect(response(String(repeating: hint, count: 9) + final) == .failure(400, "unexpected interim answer"))
        #expect(response("HTTP/1.1 101 S\r\n\r\n" + final) == .failure(400, "unexpected interim answer"))
    }

    @Test(
        "whether the connection may be used again",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.0", "", false),
            ("1.0", "Connection: keep-alive\r\n", true),
        ])
    func keepAlive(version: String, field: String, keeps: Bool) {
        guard
            case .response(_, _, _, let seen) = response("HTTP/\(version) 200 OK\r\nContent-Length: 0\r\n\(field)\r\n")
        else {
            Issue.record("no answer")
            return
        }
        #expect(seen == keeps)
    }

    @Test(
        "what is refused",
        arguments: [
            "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n",
            "HTTP/1.1 600 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 O\rK\r\n\r\n",
            "HTTP/1.1 200 OK\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
            "HTTP/1.1 200 OK\r\n A: b\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "\u{0}",
        ])
    func refused(text: String) {
        guard case .failure = response(text + String(repeating: "\r\n", count: 2)) else {
            Issue.record("accepted")
            return
        }
    }

    @Test("an answer that is too large is refused, by length, by chunks and by the end of the stream")
    func tooLarge() {
        var limits = HTTPClientLimits()
        limits.bodyBytes = 3
        func status(_ text: String) -> Int? {
            guard case .failure(let status, _) = response([Array(text.utf8)], limits: limits) else { return nil }
            return status
        }
        #expect(status("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n") == 413)
        #expect(status("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\n") == 413)
        #expect(status("HTTP/1.1 200 OK\r\n\r\n1234") == 413)
        #expect(status("HTTP/1.1 200 OK\r\n\r\n123") == nil)
    }
}
