import Testing

@testable import HTTP

@Suite("encoder")
struct EncoderTests {
    private func text(_ response: HTTPResponse, _ context: HTTPEncoder.AnswerContext = .init()) -> String {
        var out: [UInt8] = []
        HTTPEncoder.append(response, context, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private func text(_ request: HTTPClientRequest) -> String? {
        var out: [UInt8] = []
        return HTTPEncoder.append(request, to: &out) ? String(decoding: out, as: UTF8.self) : nil
    }

    @Test("framing fields are the encoder's own, whatever a handler gives")
    func framing() {
        let headers = HTTPHeaders([
            ("Content-Length", "99"), ("Transfer-Encoding", "chunked"), ("Connection", "upgrade"), ("A", "b"),
        ])
        #expect(
            text(HTTPResponse(status: 200, headers: headers, body: [0x61]))
                == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 1\r\n\r\na")
        #expect(text(HTTPResponse(status: 204, body: [0x61])) == "HTTP/1.1 204 No Content\r\n\r\n")
        #expect(text(HTTPResponse(status: 299)) == "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n")
    }

    @Test("Date is added unless the handler gave one")
    func date() {
        let context = HTTPEncoder.AnswerContext(date: Array("now".utf8))
        #expect(text(HTTPResponse(status: 204), context) == "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n")
        let own = HTTPResponse(status: 204, headers: HTTPHeaders([("date", "mine")]))
        #expect(text(own, context) == "HTTP/1.1 204 No Content\r\ndate: mine\r\n\r\n")
    }

    @Test(
        "fields that would end a line early are never written",
        arguments: [
            ("A\r\nB", "c"), ("A", "b\r\nC: d"), ("A", "b\nC: d"), ("A", "b\u{0}"), ("", "b"), ("A B", "c"),
            ("A:", "b"),
        ])
    func splitting(name: String, value: String) throws {
        let headers = HTTPHeaders([(name, value)])
        #expect(
            text(HTTPResponse(status: 200, headers: headers, body: [1]))
                == "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
        let url = try #require(HTTPURL("http://h/"))
        #expect(text(HTTPClientRequest(method: "GET", url: url, headers: headers)) == nil)
    }

    @Test("requests: Host first and once, length when the method gives a body a meaning")
    func requests() throws {
        let url = try #require(HTTPURL("http://h:81/a?b"))
        let headers = HTTPHeaders([("host", "other"), ("Content-Length", "7"), ("A", "b")])
        #expect(
            text(HTTPClientRequest(method: "GET", url: url, headers: headers))
                == "GET /a?b HTTP/1.1\r\nHost: h:81\r\nA: b\r\n\r\n")
        #expect(
            text(HTTPClientRequest(method: "POST", url: url))
                == "POST /a?b HTTP/1.1\r\nHost: h:81\r\nContent-Length: 0\r\n\r\n")
        #expect(
            text(HTTPClientRequest(method: "DELETE", url: url, body: [0x78]))
                == "DELETE /a?b HTTP/1.1\r\nHost: h:81\r\nContent-Length: 1\r\n\r\nx")
    }

    @Test("what the encoder writes, the parsers read")
    func roundTrip() throws {
        let url = try #require(HTTPURL("http://h/p"))
        let request = HTTPClientRequest(method: "PUT", url: url, headers: HTTPHeaders([("A", "b")]), body: [1, 2])
        #expect(
            HTTPTests.requests(text(request) ?? "") == [
                .request(
                    "PUT /p", HTTPHeaders([("Host", "h"), ("A", "b"), ("Content-Length", "2")]), [1, 2], .byDefault)
            ])
        let answer = HTTPResponse(status: 201, headers: HTTPHeaders([("A", "b")]), body: [3])
        #expect(
            HTTPTests.response(text(answer))
                == .response(201, HTTPHeaders([("A", "b"), ("Content-Length", "1")]), [3], keepAlive: true))
    }
}
