import Synchronization
import Testing

@testable import HTTP

@Suite("name look-up")
struct ResolverTests {
    private static func resolve(_ resolver: HTTPNameResolver, _ host: String, _ port: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            resolver.resolve(host, port: port) { found in
                continuation.resume(returning: found.map { "\($0.host) \($0.port)" })
            }
        }
    }

    @Test("a name is looked up once in its lifetime, failures are not kept, numeric addresses are not looked up")
    func cache() async {
        let asked = Mutex<[String]>([])
        let now = Mutex<UInt64>(0)
        let resolver = HTTPNameResolver(
            lifetime: .seconds(10),
            lookUp: { name in
                asked.withLock { $0.append(name) }
                return name == "a.test" ? SocketAddress.resolve("192.0.2.1", port: 0, numericOnly: true) : []
            }, now: { now.withLock { $0 } })
        #expect(await Self.resolve(resolver, "a.test", 80) == ["192.0.2.1 80"])
        #expect(await Self.resolve(resolver, "a.test", 65535) == ["192.0.2.1 65535"])
        #expect(await Self.resolve(resolver, "b.test", 80) == [])
        #expect(await Self.resolve(resolver, "b.test", 80) == [])
        #expect(await Self.resolve(resolver, "::1", 443) == ["::1 443"])
        #expect(asked.withLock { $0 } == ["a.test", "b.test", "b.test"])
        now.withLock { $0 = 10_000_000_001 }
        #expect(await Self.resolve(resolver, "a.test", 80) == ["192.0.2.1 80"])
        #expect(asked.withLock { $0.count } == 4)
    }
}
