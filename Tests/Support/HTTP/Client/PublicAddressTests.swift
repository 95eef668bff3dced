import EventLoop
import Testing

@testable import HTTP

@Suite("addresses that the whole internet reaches")
struct PublicAddressTests {
    @Test(
        "special ones are told from public ones at the edges of their networks",
        arguments: [
            ("1.1.1.1", true), ("9.255.255.255", true), ("10.0.0.0", false), ("11.0.0.0", true), ("100.63.0.1", true),
            ("100.64.0.1", false), ("100.127.255.255", false), ("100.128.0.0", true), ("127.0.0.1", false),
            ("169.254.169.254", false), ("172.15.0.1", true), ("172.16.0.1", false), ("172.31.255.255", false),
            ("172.32.0.0", true), ("192.168.0.1", false), ("192.169.0.1", true), ("198.17.0.1", true),
            ("198.18.0.1", false), ("198.19.255.255", false), ("203.0.113.9", false), ("223.255.255.255", true),
            ("224.0.0.1", false), ("255.255.255.255", false), ("0.0.0.0", false), ("::", false), ("::1", false),
            ("fe80::1", false), ("fc00::1", false), ("fd12::1", false), ("ff02::1", false), ("::ffff:1.1.1.1", false),
            ("64:ff9b::101:101", false), ("2001:db8::1", false), ("2001::1", false), ("2002:7f00:1::", false),
            ("2001:4860:4860::8888", true), ("2606:4700::1111", true),
        ])
    func edges(_ text: String, _ isPublic: Bool) throws {
        let address = try #require(SocketAddress.resolve(text, port: 443, numericOnly: true).first)
        #expect(address.isPublic == isPublic)
        let host = text.contains(":") ? "[\(text)]" : text
        #expect(try #require(HTTPURL("http://\(host)/")).namesPrivateHost == !isPublic)
    }

    @Test("a client that is held to public addresses connects to no other, whatever name leads there")
    func client() async throws {
        let server = try RunningServer()
        var limits = HTTPClientLimits()
        limits.publicAddressesOnly = true
        for host in ["127.0.0.1", "hooks.example.com"] {
            let resolver = HTTPNameResolver(
                lifetime: .seconds(1),
                lookUp: { _ in
                    SocketAddress.resolve("127.0.0.1", port: server.port, numericOnly: true)
                })
            let client = HTTPClient(group: server.group, limits: limits, tls: nil, resolver: resolver)
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.execute(HTTPClientRequest(method: "GET", url: try server.url(host: host)))
            }
            #expect(error?.code == .notPublic && error?.requestBytesWritten == false)
            client.shutdown()
        }
    }
}
