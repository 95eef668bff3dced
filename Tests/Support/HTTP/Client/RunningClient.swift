import EventLoop
import TLS

@testable import HTTP

/// A client with loops of its own, stopped when the value is gone.
final class RunningClient: Sendable {
    let group: EventLoopGroup
    let client: HTTPClient

    init(
        loops: Int = 1, limits: HTTPClientLimits = HTTPClientLimits(),
        names: @escaping @Sendable (String) -> [SocketAddress] = { _ in [] }
    ) throws {
        group = try EventLoopGroup(count: loops)
        try group.start()
        let resolver = HTTPNameResolver(lifetime: .seconds(30), lookUp: names)
        client = HTTPClient(group: group, limits: limits, tls: nil, resolver: resolver)
    }

    deinit {
        client.shutdown()
        group.stop()
    }

    func execute(_ request: HTTPClientRequest) async -> Result<HTTPResponse, HTTPClientError> {
        do {
            return .success(try await client.execute(request))
        } catch {
            return .failure(error)
        }
    }

    func get(_ url: HTTPURL) async -> Result<HTTPResponse, HTTPClientError> {
        await execute(HTTPClientRequest(method: "GET", url: url))
    }
}

extension Result where Success == HTTPResponse, Failure == HTTPClientError {
    /// The status and body, or the error's code and whether bytes were written.
    var summary: String {
        switch self {
        case .success(let response): "\(response.status) \(String(decoding: response.body, as: UTF8.self))"
        case .failure(let error): "\(error.code.rawValue) written=\(error.requestBytesWritten)"
        }
    }
}
