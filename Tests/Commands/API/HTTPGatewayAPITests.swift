import EventLoop
import HTTP
import JSON
import Testing

@testable import Assembly

@Suite("API over HTTP")
struct HTTPGatewayAPITests {
    /// A server on loopback, stopped when the value is gone.
    final class Running: Sendable {
        let group: EventLoopGroup
        let server: HTTPServer
        let port: Int

        init(_ handler: @escaping HTTPHandler) throws {
            group = try EventLoopGroup(count: 1)
            try group.start()
            server = try HTTPServer(group: group, host: "127.0.0.1", port: 0, handler: handler)
            port = try server.start()
        }

        deinit {
            server.stop()
            group.stop()
        }

        func api(_ base: String = "") throws -> HTTPGatewayAPI {
            let url = try #require(HTTPURL("http://127.0.0.1:\(port)\(base)"))
            return try HTTPGatewayAPI(APIAccess(url: url, key: "gw_a_b"))
        }
    }

    @Test("a request carries key, body and idempotency key, and its answer comes back")
    func exchange() throws {
        let running = try Running { request, respond in
            let seen: JSONValue = [
                "method": .string(request.method), "target": .string(request.target),
                "key": .string(request.headers[first: "Authorization"] ?? ""),
                "type": .string(request.headers[first: "Content-Type"] ?? ""),
                "idempotency": .string(request.headers[first: "Idempotency-Key"] ?? ""),
                "body": .string(String(decoding: request.body, as: UTF8.self)),
            ]
            respond(HTTPResponse(status: 201, body: seen.bytes()))
        }
        let api = try running.api("/base")
        let answer = try api.exchange(APIRequest("POST", "/v1/x?a=b", body: ["n": 1], idempotencyKey: "k"))
        #expect(answer.status == 201)
        #expect(
            answer.value.text == """
                {"method":"POST","target":"/base/v1/x?a=b","key":"Bearer gw_a_b","type":"application/json",\
                "idempotency":"k","body":"{\\"n\\":1}"}
                """)
    }

    @Test("a request without a body has no content type")
    func get() throws {
        let running = try Running { request, respond in
            respond(HTTPResponse(status: 200, body: Array((request.headers.contains("Content-Type") ? "1" : "0").utf8)))
        }
        #expect(try running.api().exchange(APIRequest("GET", "/")).value == 0)
    }

    @Test("an answer without a body is null")
    func empty() throws {
        let running = try Running { _, respond in respond(HTTPResponse(status: 204)) }
        #expect(try running.api().exchange(APIRequest("DELETE", "/")) == APIAnswer(status: 204, value: .null))
    }

    @Test("something else that answers is no gateway")
    func notAGateway() throws {
        let running = try Running { _, respond in respond(.text(200, "<html>")) }
        let error = #expect(throws: CommandFailure.self) { try running.api().exchange(APIRequest("GET", "/")) }
        #expect(error?.code == "no_gateway")
        #expect(error?.exit == 1)
    }

    @Test("nobody there is told with the way to start it")
    func nobody() async throws {
        let running = try Running { _, respond in respond(HTTPResponse(status: 200)) }
        let api = try running.api()
        await withCheckedContinuation { closed in running.server.drain(within: .zero) { closed.resume() } }
        let error = #expect(throws: CommandFailure.self) { try api.exchange(APIRequest("GET", "/")) }
        #expect(error?.code == "no_gateway")
        #expect(error?.message.contains("start it with 'gateway serve'") == true)
    }

    @Test("a connection that breaks says that it may have been done")
    func broken() throws {
        let running = try Running { _, respond in respond(HTTPResponse(status: 200, disposition: .cut)) }
        let error = #expect(throws: CommandFailure.self) { try running.api().exchange(APIRequest("POST", "/")) }
        #expect(error?.code == "no_answer")
        #expect(error?.message.contains("may have done it all the same") == true)
    }
}
