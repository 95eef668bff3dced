import EventLoop
import Foundation
import HTTP
import TLS

/// A server that echoes over TLS, and a client that trusts one authority; both stopped when the value is gone.
final class SecurePair: Sendable {
    let server: HTTPServer
    let client: HTTPClient
    let port: Int
    private let group: EventLoopGroup

    /// `server` names the certificate, nil serves without TLS.
    convenience init(_ certificates: TestCertificates, server name: String?, trusted: String) throws {
        let context = try name.map {
            try TLSServerContext(
                certificateFile: certificates.path("\($0).pem"), keyFile: certificates.path("\($0).key"))
        }
        try self.init(certificates, context: context, trusted: trusted)
    }

    init(_ certificates: TestCertificates, context: TLSServerContext?, trusted: String) throws {
        group = try EventLoopGroup(count: 1)
        try group.start()
        server = try HTTPServer(
            group: group, host: "127.0.0.1", port: 0, tls: context,
            handler: { request, respond in
                let headers = HTTPHeaders([("X-TLS", "\(request.isTLS)")])
                respond(HTTPResponse(status: 200, headers: headers, body: request.body))
            })
        port = try server.start()
        let trust = try TLSClientContext(caFile: certificates.path("\(trusted).pem"), includesSystemTrust: false)
        client = HTTPClient(group: group, tls: trust)
    }

    deinit {
        client.shutdown()
        server.stop()
        group.stop()
    }

    func url(_ host: String) throws -> HTTPURL {
        guard let url = HTTPURL(isTLS: true, host: host, port: port, target: "/") else {
            throw TLSError(code: .handshake, message: "test URL")
        }
        return url
    }

    /// The status, or the error with what is known of the bytes.
    func get(_ host: String) async -> String {
        do {
            return
                "\(try await client.execute(HTTPClientRequest(method: "GET", url: try url(host), freshConnection: true)).status)"
        } catch let error as HTTPClientError {
            return "\(error.code.rawValue) written=\(error.requestBytesWritten) \(error.message)"
        } catch {
            return "\(error)"
        }
    }
}
