import EventLoop
import TLS

@testable import HTTP

/// A server on loopback with loops of its own, stopped when the value is gone.
final class RunningServer: Sendable {
    let group: EventLoopGroup
    let server: HTTPServer
    let port: Int

    init(
        loops: Int = 1, limits: HTTPServerLimits = HTTPServerLimits(), tls: TLSServerContext? = nil,
        handler: @escaping HTTPHandler = RunningServer.echo
    ) throws {
        group = try EventLoopGroup(count: loops)
        try group.start()
        server = try HTTPServer(group: group, host: "127.0.0.1", port: 0, limits: limits, tls: tls, handler: handler)
        port = try server.start()
    }

    deinit {
        server.stop()
        group.stop()
    }

    func url(_ target: String = "/", host: String = "127.0.0.1", isTLS: Bool = false) throws -> HTTPURL {
        guard let url = HTTPURL(isTLS: isTLS, host: host, port: port, target: target) else {
            throw HTTPClientError(code: .invalidRequest, requestBytesWritten: false, message: "test URL")
        }
        return url
    }

    /// Method, target and body come back as the body.
    static let echo: HTTPHandler = { request, respond in
        let line = "\(request.method) \(request.target)\n"
        respond(HTTPResponse(status: 200, body: Array(line.utf8) + request.body))
    }

    /// Sends bytes on one connection and returns all that comes back, without the Date fields.
    func exchange(_ text: String) async throws -> String {
        let client = try RawClient(port: port)
        client.send(text)
        client.endWriting()
        return withoutDates(await client.readAll())
    }
}

/// Date fields change from second to second.
func withoutDates(_ text: String) -> String {
    text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("Date: ") }
        .joined(separator: "\r\n")
}
