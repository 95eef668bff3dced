import EventLoop
import Synchronization
import Testing

@testable import HTTP

@Suite("server")
struct ServerTests {
    @Test("one request, one answer, with Date and length")
    func simple() async throws {
        let server = try RunningServer()
        let client = try RawClient(port: server.port)
        client.send("GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n")
        let text = await client.read(until: "GET /a?b\n")
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
        #expect(text.contains(" GMT\r\n"))
        #expect(withoutDates(text) == "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nGET /a?b\n")
    }

    @Test("pipelined requests are answered in order, also when the handler answers later from another thread")
    func pipelined() async throws {
        let other = try EventLoop(name: "other")
        try other.start()
        defer { other.stop() }
        let server = try RunningServer(handler: { request, respond in
            other.execute { RunningServer.echo(request, respond) }
        })
        let texts = (0..<50).map { "POST /\($0) HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n\($0 % 10)x" }
        let expected = (0..<50).map { number -> String in
            let body = "POST /\(number)\n\(number % 10)x"
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        #expect(try await server.exchange(texts.joined()) == expected.joined())
        let direct = try RunningServer()
        #expect(try await direct.exchange(texts.joined()) == expected.joined())
    }

    @Test("chunked body with trailer; HEAD; HTTP/1.0; Connection: close")
    func variants() async throws {
        let server = try RunningServer()
        #expect(
            try await server.exchange(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nA: b\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nPOST /\nab")
        #expect(
            try await server.exchange("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n")
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.0\r\n\r\nGET /never HTTP/1.0\r\n\r\n")
        #expect(
            await withoutDates(client.readAll())
                == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nGET /\n")
        #expect(
            try await server.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 6\r\n\r\nGET /\n")
        let closing = try RawClient(port: server.port)
        closing.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(
            await withoutDates(closing.readAll())
                == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nGET /\n")
    }

    @Test("a client that waits for 100 gets it before it sends the body")
    func expectContinue() async throws {
        let server = try RunningServer()
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("ab")
        #expect(await client.read(until: "POST /\nab").hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test("a body that is too large is refused before it is sent, without 100")
    func tooLarge() async throws {
        let server = try RunningServer()
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
        #expect(
            await withoutDates(client.readAll())
                == "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("an error of the protocol answers and ends the connection, after what came before it")
    func protocolError() async throws {
        let server = try RunningServer()
        let client = try RawClient(port: server.port)
        client.send(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost : x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answers = await client.readAll()
        #expect(answers.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answers.contains("GET /\nHTTP/1.1 400 Bad Request\r\n"))
        #expect(answers.hasSuffix("Connection: close\r\nContent-Length: 0\r\n\r\n"))
    }

    @Test("a response that must not be written, and a handler that forgets to answer, become 500")
    func badHandlers() async throws {
        let bare = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
        let text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let forgetful = try RunningServer(handler: { _, _ in })
        #expect(try await forgetful.exchange(text) == bare)
        let splitting = try RunningServer(handler: { _, respond in
            respond(HTTPResponse(status: 200, headers: HTTPHeaders([("A", "b\r\nSet-Cookie: c")])))
        })
        #expect(try await splitting.exchange(text) == bare)
        let interim = try RunningServer(handler: { _, respond in respond(HTTPResponse(status: 101)) })
        #expect(try await interim.exchange(text) == bare)
    }

    @Test("only the first answer counts")
    func answerTwice() async throws {
        let server = try RunningServer(handler: { _, respond in
            respond(HTTPResponse(status: 204))
            respond(HTTPResponse(status: 500))
        })
        #expect(
            try await server.exchange("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
                == String(repeating: "HTTP/1.1 204 No Content\r\n\r\n", count: 2))
    }

    @Test("the dispositions: close after the answer, or cut without a byte")
    func dispositions() async throws {
        let server = try RunningServer(handler: { request, respond in
            let disposition: HTTPDisposition = request.path == "/cut" ? .cut : .closeAfter
            respond(HTTPResponse(status: 200, disposition: disposition))
        })
        let cut = try RawClient(port: server.port)
        cut.send("GET /cut HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await cut.readAll() == "")
        let closed = try RawClient(port: server.port)
        closed.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(
            await withoutDates(closed.readAll()) == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("the request knows its peer, and that there is no TLS")
    func peer() async throws {
        let server = try RunningServer(handler: { request, respond in
            respond(.text(200, "\(request.remoteAddress) \(request.isTLS)"))
        })
        #expect(try await server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hasSuffix("\r\n\r\n127.0.0.1 false"))
    }

    @Test("large answers to many pipelined requests reach a slow reader whole")
    func slowReader() async throws {
        let body = [UInt8](repeating: UInt8(ascii: "z"), count: 300_000)
        let server = try RunningServer(handler: { _, respond in respond(HTTPResponse(status: 200, body: body)) })
        let client = try RawClient(port: server.port)
        client.send(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 40))
        client.endWriting()
        let answers = await client.readAll()
        #expect(answers.utf8.count(where: { $0 == UInt8(ascii: "z") }) == 40 * body.count)
        #expect(!answers.hasSuffix("<silence>"))
    }
}
