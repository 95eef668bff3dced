import EventLoop
import Synchronization
import Testing

@testable import HTTP

@Suite("client")
struct ClientTests {
    @Test("requests follow each other on one connection")
    func reuse() async throws {
        let server = try RunningServer()
        let client = try RunningClient()
        for number in 0..<20 {
            let request = HTTPClientRequest(method: "POST", url: try server.url("/\(number)"), body: [0x61, 0x62])
            #expect(await client.execute(request).summary == "200 POST /\(number)\nab")
        }
        #expect(server.server.connectionCount == 1)
    }

    @Test("a fresh connection is opened when asked for")
    func fresh() async throws {
        let server = try RunningServer()
        let client = try RunningClient()
        let url = try server.url()
        _ = await client.get(url)
        let request = HTTPClientRequest(method: "GET", url: url, freshConnection: true)
        #expect(await client.execute(request).summary == "200 GET /\n")
        #expect(server.server.connectionCount == 2)
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 1
        let single = try RunningClient(limits: limits)
        _ = await single.get(url)
        #expect(await single.execute(request).summary == "200 GET /\n")
    }

    @Test("a connection that was idle for too long is not taken, one that was not is")
    func idleTooLong() async throws {
        // Each connection answers once, so that a second request on the first one would get no answer.
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
        let server = try CannedServer(answer + "1", answer + "2", keepsOpen: true)
        let client = try RunningClient()
        let url = try #require(HTTPURL("http://127.0.0.1:\(server.port)/"))
        #expect(await client.get(url).summary == "200 1")
        let request = HTTPClientRequest(method: "GET", url: url, maxIdleBeforeReuse: .zero)
        #expect(await client.execute(request).summary == "200 2")
    }

    @Test("a pooled connection that the server closed is noticed before a request is sent on it")
    func closedIdle() async throws {
        let server = try RunningServer()
        let client = try RunningClient()
        let url = try server.url()
        #expect(await client.get(url).summary == "200 GET /\n")
        await withCheckedContinuation { continuation in
            server.server.drain(within: .seconds(5)) { continuation.resume() }
        }
        let summary = await client.get(url).summary
        #expect(summary == "connect written=false")
    }

    @Test("a server that closes without an answer: the request may have been processed")
    func cut() async throws {
        let server = try RunningServer(handler: { _, respond in
            respond(HTTPResponse(status: 200, disposition: .cut))
        })
        let client = try RunningClient()
        #expect(await client.get(try server.url()).summary == "connectionClosed written=true")
    }

    @Test("no answer in time: the request was written")
    func timeout() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(handler: { _, respond in held.withLock { $0.append(respond) } })
        let client = try RunningClient()
        let request = HTTPClientRequest(method: "GET", url: try server.url(), timeout: .milliseconds(200))
        #expect(await client.execute(request).summary == "timeout written=true")
    }

    @Test("each call ends at its own time, also one that was sent after calls with more of it")
    func ownDeadlines() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(handler: { _, respond in held.withLock { $0.append(respond) } })
        let client = try RunningClient()
        let url = try server.url()
        let order: [Int] = await withCheckedContinuation { continuation in
            let seen = Mutex<[Int]>([])
            for milliseconds in [600, 50, 300, 1_000_000] {
                let timeout = Duration.milliseconds(milliseconds)
                client.client.execute(HTTPClientRequest(method: "GET", url: url, timeout: timeout)) { result in
                    guard result.summary == "timeout written=true" else { return }
                    let all = seen.withLock { seen in
                        seen.append(milliseconds)
                        return seen
                    }
                    if all.count == 3 { continuation.resume(returning: all) }
                }
            }
        }
        #expect(order == [50, 300, 600])
    }

    @Test("no connection in time, or too many in the row: nothing was written")
    func timeoutInQueue() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(handler: { _, respond in held.withLock { $0.append(respond) } })
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 1
        limits.waitingPerOrigin = 1
        let client = try RunningClient(limits: limits)
        let url = try server.url()
        async let first = client.get(url)
        while held.withLock({ $0.isEmpty }) { await Task.yield() }
        let loop = client.group.loops[0]
        let summaries: [String] = await withCheckedContinuation { continuation in
            let seen = Mutex<[String]>([])
            // Both in one turn of the loop, so that the second finds the first in the row.
            loop.execute {
                for _ in 0..<2 {
                    let short = HTTPClientRequest(method: "GET", url: url, timeout: .milliseconds(30))
                    client.client.execute(short) { result in
                        let all = seen.withLock { seen in
                            seen.append(result.summary)
                            return seen
                        }
                        if all.count == 2 { continuation.resume(returning: all) }
                    }
                }
            }
        }
        #expect(summaries == ["connect written=false", "timeout written=false"])
        for respond in held.withLock({ $0 }) { respond(HTTPResponse(status: 204)) }
        #expect(await first.summary == "204 ")
    }

    @Test("nothing listens on the first address: the next one is tried")
    func nextAddress() async throws {
        let server = try RunningServer()
        let client = try RunningClient(names: { _ in
            SocketAddress.resolve("127.0.0.2", port: 0, numericOnly: true)
                + SocketAddress.resolve("127.0.0.1", port: 0, numericOnly: true)
        })
        let named = try #require(HTTPURL("http://some.test:\(server.port)/x"))
        #expect(await client.get(named).summary == "200 GET /x\n")
        let refused = try #require(HTTPURL("http://127.0.0.2:\(server.port)/x"))
        #expect(await client.get(refused).summary == "connect written=false")
    }

    @Test("a name without address")
    func unknownName() async throws {
        let client = try RunningClient()
        let url = try #require(HTTPURL("http://nowhere.test/"))
        #expect(await client.get(url).summary == "dns written=false")
    }

    @Test("https without TLS context, and a request that cannot be written")
    func invalid() async throws {
        let client = try RunningClient()
        let secure = try #require(HTTPURL("https://127.0.0.1:1/"))
        #expect(await client.get(secure).summary == "tls written=false")
        let url = try #require(HTTPURL("http://127.0.0.1:1/"))
        let header = HTTPClientRequest(method: "GET", url: url, headers: HTTPHeaders([("A", "b\nc")]))
        #expect(await client.execute(header).summary == "invalidRequest written=false")
        let method = HTTPClientRequest(method: "G T", url: url)
        #expect(await client.execute(method).summary == "invalidRequest written=false")
    }

    @Test(
        "answers",
        arguments: [
            ("HTTP/1.1 200 OK\r\n\r\nall of it", "200 all of it"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n", "204 "),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "200 a"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "connectionClosed written=true"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "connectionClosed written=true"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n", "tooLarge written=true"),
            ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", "badResponse written=true"),
            ("SSH-2.0-OpenSSH\r\n", "badResponse written=true"),
        ])
    func canned(reply: String, summary: String) async throws {
        let server = try CannedServer(reply)
        let client = try RunningClient()
        let url = try #require(HTTPURL("http://127.0.0.1:\(server.port)/"))
        #expect(await client.get(url).summary == summary)
    }

    @Test("a server that refuses a large body early is heard")
    func earlyAnswer() async throws {
        let server = try RunningServer()
        let client = try RunningClient()
        let body = [UInt8](repeating: 0, count: 8 << 20)
        let request = HTTPClientRequest(method: "POST", url: try server.url(), body: body)
        #expect(await client.execute(request).summary == "413 ")
    }

    @Test("HEAD has no body, and the connection goes on")
    func head() async throws {
        let server = try RunningServer()
        let client = try RunningClient()
        let answer = try await client.client.execute(HTTPClientRequest(method: "HEAD", url: try server.url()))
        #expect(answer.body.isEmpty)
        #expect(answer.headers[first: "content-length"] == "7")
        #expect(await client.get(try server.url()).summary == "200 GET /\n")
        #expect(server.server.connectionCount == 1)
    }

    @Test("cancelling the task cancels the exchange, before and while it runs")
    func cancellation() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(handler: { _, respond in held.withLock { $0.append(respond) } })
        let client = try RunningClient()
        let url = try server.url()
        let task = Task(executorPreference: client.group.loops[0]) { await client.get(url).summary }
        while held.withLock({ $0.isEmpty }) { await Task.yield() }
        task.cancel()
        #expect(await task.value == "cancelled written=true")
        let early = Task(executorPreference: client.group.loops[0]) {
            while !Task.isCancelled { await Task.yield() }
            return await client.get(url).summary
        }
        early.cancel()
        #expect(await early.value.hasPrefix("cancelled"))
    }

    @Test("shutdown ends what is under way and refuses what comes later; a stopped loop leaves nobody waiting")
    func shutdown() async throws {
        let held = Mutex<[HTTPResponder]>([])
        defer { held.withLock { $0 = [] } }
        let server = try RunningServer(handler: { _, respond in held.withLock { $0.append(respond) } })
        let client = try RunningClient()
        let url = try server.url()
        async let running = client.get(url)
        while held.withLock({ $0.isEmpty }) { await Task.yield() }
        client.client.shutdown()
        #expect(await running.summary == "cancelled written=true")
        #expect(await client.get(url).summary == "cancelled written=false")
        client.group.stop()
        #expect(await client.get(url).summary == "cancelled written=false")
    }

    @Test("a call from a loop stays on that loop, and may be made in the completion of another")
    func onLoop() async throws {
        let server = try RunningServer()
        let client = try RunningClient(loops: 2)
        let url = try server.url()
        let loop = client.group.loops[1]
        let stayed: Bool = await withCheckedContinuation { continuation in
            loop.execute {
                client.client.execute(HTTPClientRequest(method: "GET", url: url)) { _ in
                    client.client.execute(HTTPClientRequest(method: "GET", url: url)) { _ in
                        continuation.resume(returning: loop.isOnLoop)
                    }
                }
            }
        }
        #expect(stayed)
        #expect(server.server.connectionCount == 1)
    }
}
