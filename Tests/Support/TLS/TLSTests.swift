import EventLoop
import Foundation
import HTTP
import TLS
import Testing

@Suite("TLS")
struct TLSTests {
    let certificates: TestCertificates

    init() throws {
        certificates = try TestCertificates()
    }

    @Test("a trusted certificate for the address or the name: requests and large bodies pass, connections are reused")
    func trusted() async throws {
        try certificates.issue("good", names: "IP:127.0.0.1,DNS:localhost")
        let pair = try SecurePair(certificates, server: "good", trusted: "ca")
        let body = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for _ in 0..<5 {
            let request = HTTPClientRequest(method: "POST", url: try pair.url("127.0.0.1"), body: body)
            let answer = try await pair.client.execute(request)
            #expect(answer.status == 200)
            #expect(answer.body == body)
            #expect(answer.headers[first: "X-TLS"] == "true")
        }
        #expect(pair.server.connectionCount == 1)
        #expect(await pair.get("localhost") == "200")
    }

    @Test("a body that is taken while it arrives, slower than it comes, is whole")
    func intake() throws {
        try certificates.issue("good", names: "IP:127.0.0.1")
        let pair = try SecurePair(certificates, server: "good", trusted: "ca")
        let body = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        // So little may wait that the connection holds back again and again, also with bytes inside of TLS.
        for limit in [1, 20_000, 300_000] {
            let arrived = DispatchSemaphore(value: 0)
            let intake = HTTPBodyIntake(bodyBytes: body.count, limit: limit) { arrived.signal() }
            let request = HTTPClientRequest(method: "POST", url: try pair.url("127.0.0.1"), body: body)
            let call = pair.client.receive(request, into: intake)
            defer { call.cancel() }
            var (taken, isDone) = ([UInt8](), false)
            while !isDone {
                switch intake.take() {
                case .head(let head): #expect(head.status == 200)
                case .bytes(let bytes): taken += bytes
                case .nothing: arrived.wait()
                case .end: isDone = true
                case .failed(let error): throw error
                }
            }
            #expect(taken == body)
        }
        #expect(pair.server.connectionCount == 1)
    }

    @Test("an expired certificate is refused before a byte of the request is sent")
    func expired() async throws {
        try certificates.issue("old", names: "IP:127.0.0.1", days: -1)
        let pair = try SecurePair(certificates, server: "old", trusted: "ca")
        #expect(await pair.get("127.0.0.1") == "tls written=false certificate has expired")
    }

    @Test("a certificate for another host is refused, by name and by address")
    func wrongHost() async throws {
        try certificates.issue("elsewhere", names: "DNS:example.test,IP:127.0.0.9")
        let pair = try SecurePair(certificates, server: "elsewhere", trusted: "ca")
        #expect(await pair.get("127.0.0.1") == "tls written=false IP address mismatch")
        #expect(await pair.get("localhost") == "tls written=false hostname mismatch")
    }

    @Test("a certificate of an unknown authority is refused")
    func unknownAuthority() async throws {
        try certificates.issue("good", names: "IP:127.0.0.1")
        let pair = try SecurePair(certificates, server: "good", trusted: "other")
        #expect(await pair.get("127.0.0.1") == "tls written=false unable to get local issuer certificate")
    }

    @Test("a server that does not speak TLS fails the handshake")
    func plainServer() async throws {
        let pair = try SecurePair(certificates, server: nil, trusted: "ca")
        #expect(await pair.get("127.0.0.1").hasPrefix("tls written=false the TLS handshake failed"))
    }

    @Test("a plain request to a TLS port is closed, and the server lives on")
    func plainClient() async throws {
        try certificates.issue("good", names: "IP:127.0.0.1")
        let pair = try SecurePair(certificates, server: "good", trusted: "ca")
        let url = try #require(HTTPURL("http://127.0.0.1:\(pair.port)/"))
        await #expect(throws: HTTPClientError.self) {
            try await pair.client.execute(HTTPClientRequest(method: "GET", url: url))
        }
        #expect(await pair.get("127.0.0.1") == "200")
    }

    @Test("a reload serves the new certificate; a bad file leaves the old one in use")
    func reload() async throws {
        try certificates.issue("good", names: "IP:127.0.0.1")
        try certificates.issue("next", names: "IP:127.0.0.1", authority: "other")
        let context = try TLSServerContext(
            certificateFile: certificates.path("good.pem"), keyFile: certificates.path("good.key"))
        let pair = try SecurePair(certificates, context: context, trusted: "ca")
        let newer = try SecurePair(certificates, context: context, trusted: "other")
        #expect(await pair.get("127.0.0.1") == "200")
        #expect(await newer.get("127.0.0.1").hasPrefix("tls"))
        for suffix in ["pem", "key"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: certificates.path("next.\(suffix)")))
            try bytes.write(to: URL(fileURLWithPath: certificates.path("good.\(suffix)")))
            if suffix == "pem" {
                // The certificate without its key.
                let error = #expect(throws: TLSError.self) { try context.reload() }
                #expect(error?.code == .keyFile)
                #expect(await newer.get("127.0.0.1").hasPrefix("tls"))
            }
        }
        try context.reload()
        #expect(await newer.get("127.0.0.1") == "200")
    }

    @Test("a second connection resumes the session of the first")
    func resumption() throws {
        try certificates.issue("good", names: "DNS:host.test")
        let server = try TLSServerContext(
            certificateFile: certificates.path("good.pem"), keyFile: certificates.path("good.key"))
        let client = try TLSClientContext(caFile: certificates.path("ca.pem"), includesSystemTrust: false)
        let resumed = try (0..<3).map { _ in try SocketPair(server, client, host: "host.test").exchange() }
        #expect(resumed == [false, true, true])
    }

    @Test("an end without close_notify is not a proper end")
    func truncation() throws {
        try certificates.issue("good", names: "DNS:host.test")
        let server = try TLSServerContext(
            certificateFile: certificates.path("good.pem"), keyFile: certificates.path("good.key"))
        let client = try TLSClientContext(caFile: certificates.path("ca.pem"), includesSystemTrust: false)
        let proper = try SocketPair(server, client, host: "host.test")
        _ = try proper.exchange()
        #expect(proper.readAfterEnd(withNotice: true) == .ended)
        let cut = try SocketPair(server, client, host: "host.test")
        _ = try cut.exchange()
        guard case .failed(let error) = cut.readAfterEnd(withNotice: false) else {
            Issue.record("a cut was taken for the end")
            return
        }
        #expect(error.code == .connection)
    }

    @Test("missing files are errors that name the file")
    func missingFiles() throws {
        let server = #expect(throws: TLSError.self) {
            try TLSServerContext(certificateFile: "/nowhere/cert.pem", keyFile: "/nowhere/key.pem")
        }
        #expect(server?.code == .certificateFile)
        #expect(server?.message.hasPrefix("/nowhere/cert.pem") == true)
        let client = #expect(throws: TLSError.self) { try TLSClientContext(caFile: "/nowhere/ca.pem") }
        #expect(client?.code == .trustFile)
    }
}
