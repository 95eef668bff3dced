import EventLoop
import Synchronization
import Testing

@testable import HTTP

@Suite("answers that are sent as they come")
struct StreamTests {
    /// A server that answers `/stream` with a body of the test's.
    private func server(
        _ body: HTTPBodyStream, limits: HTTPServerLimits = HTTPServerLimits()
    ) throws -> RunningServer {
        try RunningServer(limits: limits) { request, respond in
            guard request.path == "/stream" else { return RunningServer.echo(request, respond) }
            var response = HTTPResponse(status: 200, headers: HTTPHeaders([("Content-Type", "text/event-stream")]))
            response.stream = body
            respond(response)
        }
    }

    private static let get = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

    @Test("what is written before and after the answer comes in chunks, then the next request is answered")
    func chunks() async throws {
        let body = HTTPBodyStream()
        body.write(Array("one".utf8))
        let server = try server(body)
        let client = try RawClient(port: server.port)
        client.send(Self.get)
        let first = await client.read(until: "3\r\none\r\n")
        #expect(withoutDates(first) == Self.head + "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        body.write(Array("and sixteen byte".utf8))
        #expect(await client.read(until: "byte\r\n") == "10\r\nand sixteen byte\r\n")
        // Pipelined behind the stream.
        client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
        body.finish()
        #expect(await client.read(until: "GET /next\n").hasPrefix("0\r\n\r\nHTTP/1.1 200 OK"))
        #expect(!body.isOpen && body.room == 0)
        #expect(!body.write([1]))
    }

    @Test("a peer of HTTP/1.0, and one that closes, get the bare body up to the end of the connection")
    func bare() async throws {
        for request in ["GET /stream HTTP/1.0\r\n\r\n", "GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]
        {
            let body = HTTPBodyStream()
            body.write(Array("text".utf8))
            body.finish()
            let text = try await server(body).exchange(request)
            #expect(
                text == "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ntext")
        }
    }

    @Test("HEAD gets the head alone, and the stream is over")
    func head() async throws {
        let body = HTTPBodyStream()
        let text = try await server(body).exchange("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(text == Self.head + "Transfer-Encoding: chunked\r\n\r\n")
        #expect(!body.isOpen)
    }

    @Test("more than the peer takes is refused and ends the connection; what waits is bounded")
    func bounded() async throws {
        let body = HTTPBodyStream(limit: 64 * 1024)
        let server = try server(body)
        let client = try RawClient(port: server.port)
        client.send(Self.get)
        _ = await client.read(until: "chunked\r\n\r\n")
        // Beyond the socket's own buffers nothing goes; the loop needs a moment for each part.
        let chunk = [UInt8](repeating: 0x78, count: 16 * 1024)
        var isRefused = false
        for _ in 0..<100_000 where !isRefused {
            if body.room < chunk.count, await settled(server, body, chunk.count) == false { isRefused = true }
            if !isRefused, !body.write(chunk) { isRefused = true }
        }
        #expect(isRefused)
        #expect(body.room < chunk.count)
        #expect(!body.write([UInt8](repeating: 0, count: 64 * 1024)))
        #expect(!body.isOpen)
        let rest = await client.readAll()
        #expect(!rest.hasSuffix("0\r\n\r\n"))
    }

    /// Whether there is room again once the loop has done what it can.
    private func settled(_ server: RunningServer, _ body: HTTPBodyStream, _ count: Int) async -> Bool {
        for _ in 0..<20 {
            await withCheckedContinuation { continuation in
                server.group.loops[0].execute { continuation.resume() }
            }
            if body.room >= count { return true }
        }
        return false
    }

    @Test("a peer that takes nothing is cut off by the server's own clock")
    func stalled() async throws {
        var limits = HTTPServerLimits()
        limits.writeTimeout = .milliseconds(200)
        let body = HTTPBodyStream(limit: 16 * 1024 * 1024)
        let server = try server(body, limits: limits)
        let client = try RawClient(port: server.port)
        client.send(Self.get)
        _ = await client.read(until: "chunked\r\n\r\n")
        body.write([UInt8](repeating: 0x78, count: 16 * 1024 * 1024))
        // Nothing is read meanwhile: the end comes by the clock, and the writer is told.
        let deadline = EventLoop.monotonicNow() + 5_000_000_000
        while body.isOpen, EventLoop.monotonicNow() < deadline {
            await withCheckedContinuation { continuation in
                server.group.loops[0].schedule(after: .milliseconds(20)) { continuation.resume() }
            }
        }
        #expect(!body.isOpen)
    }

    @Test("a peer that leaves ends the stream when something is sent")
    func leaves() async throws {
        let body = HTTPBodyStream()
        let server = try server(body)
        var client: RawClient? = try RawClient(port: server.port)
        client?.send(Self.get)
        _ = await client?.read(until: "chunked\r\n\r\n")
        client = nil
        let deadline = EventLoop.monotonicNow() + 5_000_000_000
        while body.write([0x78]), EventLoop.monotonicNow() < deadline {
            await withCheckedContinuation { continuation in
                server.group.loops[0].schedule(after: .milliseconds(5)) { continuation.resume() }
            }
        }
        #expect(!body.isOpen)
    }

    @Test("a server that stops ends streams, and cutting one closes its connection without an end")
    func ends() async throws {
        let body = HTTPBodyStream()
        let server = try server(body)
        let client = try RawClient(port: server.port)
        client.send(Self.get)
        _ = await client.read(until: "chunked\r\n\r\n")
        body.cut()
        #expect(await client.readAll().isEmpty)
        let other = HTTPBodyStream()
        let running = try self.server(other)
        let second = try RawClient(port: running.port)
        second.send(Self.get)
        _ = await second.read(until: "chunked\r\n\r\n")
        running.server.stop()
        _ = await second.readAll()
        #expect(!other.isOpen)
    }
}
