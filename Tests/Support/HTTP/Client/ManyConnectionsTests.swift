import EventLoop
import Glibc
import Synchronization
import Testing

@testable import HTTP

@Suite("many connections")
struct ManyConnectionsTests {
    @Test("a thousand requests are under way at the same time, each on a connection of its own")
    func thousand() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(7), &limit)
        limit.rlim_cur = min(limit.rlim_max, 4096)
        setrlimit(__rlimit_resource_t(7), &limit)
        try #require(limit.rlim_cur >= 2200)

        let held = Mutex<[HTTPResponder]>([])
        let server = try RunningServer(
            loops: 2,
            handler: { _, respond in
                let all = held.withLock { held -> [HTTPResponder] in
                    held.append(respond)
                    guard held.count == 1000 else { return [] }
                    defer { held = [] }
                    return held
                }
                for responder in all { responder(HTTPResponse(status: 204)) }
            })
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 1000
        let client = try RunningClient(loops: 2, limits: limits)
        let url = try server.url()
        let good = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<1000 { tasks.addTask { await client.get(url).summary == "204 " } }
            return await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(good == 1000)
        #expect(server.server.connectionCount == 1000)
    }
}
