import EventLoop
import Synchronization
import Testing

@testable import HTTP

@Suite("server: time and limits")
struct ServerTimeTests {
    private func limits(_ change: (inout HTTPServerLimits) -> Void) -> HTTPServerLimits {
        var limits = HTTPServerLimits()
        change(&limits)
        return limits
    }

    private let timeoutAnswer = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    @Test("a header that does not end is answered with 408, also when bytes keep coming")
    func slowHeader() async throws {
        let patient = limits {
            $0.headerTimeout = .milliseconds(60)
            // More than can be sent in that time: on a fast machine 32 KiB are not.
            $0.headerBytes = 1 << 30
        }
        let server = try RunningServer(limits: patient)
        let client = try RawClient(port: server.port)
        let start = EventLoop.monotonicNow()
        client.send("GET / HTTP/1.1\r\nHo")
        let dripping = Mutex(true)
        async let drip: Void = {
            while dripping.withLock({ $0 }) {
                client.send("s")
                await Task.yield()
            }
        }()
        let text = await client.read(until: "\r\n\r\n")
        dripping.withLock { $0 = false }
        await drip
        #expect(withoutDates(text) == timeoutAnswer)
        #expect(EventLoop.monotonicNow() - start >= 60_000_000)
    }

    @Test("a body that does not end is answered with 408")
    func slowBody() async throws {
        let server = try RunningServer(limits: limits { $0.bodyTimeout = .milliseconds(40) })
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
        #expect(await withoutDates(client.readAll()) == timeoutAnswer)
    }

    @Test("an idle connection is closed without a word, before and after a request")
    func idle() async throws {
        let quick = limits {
            $0.idleTimeout = .milliseconds(40)
            $0.headerTimeout = .milliseconds(40)
        }
        let server = try RunningServer(limits: quick)
        #expect(try await RawClient(port: server.port).readAll() == "")
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await withoutDates(client.readAll()) == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nGET /\n")
    }

    @Test("a handler may take longer than every limit")
    func slowHandler() async throws {
        let quick = limits {
            $0.idleTimeout = .milliseconds(20)
            $0.headerTimeout = .milliseconds(20)
            $0.bodyTimeout = .milliseconds(20)
            $0.writeTimeout = .milliseconds(20)
        }
        let clock = try EventLoop(name: "clock")
        try clock.start()
        defer { clock.stop() }
        let server = try RunningServer(
            limits: quick,
            handler: { _, respond in
                clock.schedule(after: .milliseconds(120)) { respond(HTTPResponse(status: 204)) }
            })
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await withoutDates(client.readAll()) == "HTTP/1.1 204 No Content\r\n\r\n")
    }

    @Test("a peer that does not read its answer is closed")
    func stuckReader() async throws {
        let body = [UInt8](repeating: 0, count: 32 << 20)
        let isHandled = Mutex(false)
        let server = try RunningServer(
            limits: limits { $0.writeTimeout = .milliseconds(40) },
            handler: { _, respond in
                respond(HTTPResponse(status: 200, body: body))
                isHandled.withLock { $0 = true }
            })
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while !isHandled.withLock({ $0 }) { await Task.yield() }
        while server.server.connectionCount > 0 { await Task.yield() }
        #expect(await !client.readAll().hasSuffix("<silence>"))
    }

    @Test("one connection too many is answered with 503; when one is gone the next is served")
    func tooManyConnections() async throws {
        let server = try RunningServer(limits: limits { $0.maxConnections = 2 })
        let answer = "GET /\n"
        var clients: [RawClient] = []
        for _ in 0..<2 {
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await client.read(until: answer).hasPrefix("HTTP/1.1 200 OK"))
            clients.append(client)
        }
        #expect(
            try await withoutDates(RawClient(port: server.port).readAll())
                == "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        clients.removeAll()
        while server.server.connectionCount > 0 { await Task.yield() }
        #expect(try await server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hasSuffix(answer))
    }

    @Test("draining ends idle connections, finishes what runs, and refuses new ones")
    func drain() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(
            loops: 2,
            handler: { request, respond in
                if request.path == "/idle" { return respond(HTTPResponse(status: 204)) }
                held.withLock { $0.append(respond) }
            })
        let idle = try RawClient(port: server.port)
        idle.send("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = await idle.read(until: "\r\n\r\n")
        let busy = try RawClient(port: server.port)
        busy.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
        while held.withLock({ $0.isEmpty }) { await Task.yield() }
        let isDrained = Mutex(false)
        async let drained: Void = withCheckedContinuation { continuation in
            server.server.drain(within: .seconds(20)) {
                isDrained.withLock { $0 = true }
                continuation.resume()
            }
        }
        #expect(await idle.readAll() == "")
        #expect(!isDrained.withLock { $0 })
        let responders = held.withLock { held in
            defer { held = [] }
            return held
        }
        for respond in responders { respond(HTTPResponse(status: 200)) }
        #expect(
            await withoutDates(busy.readAll()) == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await drained
        #expect(server.server.connectionCount == 0)
        #expect(throws: HTTPServerError.self) { try RawClient(port: server.port) }
    }

    @Test("draining closes what is left when the time is over")
    func drainTimeout() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(handler: { _, respond in held.withLock { $0.append(respond) } })
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while held.withLock({ $0.isEmpty }) { await Task.yield() }
        await withCheckedContinuation { continuation in
            server.server.drain(within: .milliseconds(20)) { continuation.resume() }
        }
        #expect(await client.readAll() == "")
    }

    @Test("a port that is taken, and a host that is not here, are errors")
    func cannotBind() async throws {
        let group = try EventLoopGroup(count: 1)
        let taken = try CannedServer("")
        let onTaken = try HTTPServer(group: group, host: "127.0.0.1", port: taken.port, handler: RunningServer.echo)
        #expect(throws: HTTPServerError.self) { try onTaken.start() }
        let elsewhere = try HTTPServer(group: group, host: "192.0.2.1", port: 0, handler: RunningServer.echo)
        #expect(throws: HTTPServerError.self) { try elsewhere.start() }
        #expect(throws: HTTPServerError.self) {
            try HTTPServer(group: group, host: "127.0.0.1", port: 65536, handler: RunningServer.echo)
        }
    }
}
