import Dispatch
import Glibc

@testable import HTTP

/// Gives each connection in turn fixed bytes as soon as something came. For answers no server gives.
final class CannedServer: Sendable {
    let port: Int
    private let descriptor: Int32

    /// One reply per connection. Each is closed after its reply, or all of them after the last when `keepsOpen`.
    init(_ replies: String..., keepsOpen: Bool = false) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let fd = descriptor
        guard let any = SocketAddress.resolve("127.0.0.1", port: 0, numericOnly: true).first,
            any.withAddress({ bind(fd, $0, $1) }) == 0, listen(fd, 8) == 0,
            let bound = SocketAddress(of: fd, isPeer: false)
        else { throw HTTPServerError(code: .bind, message: "canned") }
        port = bound.port
        DispatchQueue.global().async {
            var open: [Int32] = []
            for reply in replies {
                let connection = accept(fd, nil, nil)
                guard connection >= 0 else { break }
                var buffer = [UInt8](repeating: 0, count: 65536)
                _ = recv(connection, &buffer, buffer.count, 0)
                let bytes = Array(reply.utf8)
                _ = send(connection, bytes, bytes.count, Int32(0x4000))
                if keepsOpen { open.append(connection) } else { close(connection) }
            }
            for connection in open { close(connection) }
        }
    }

    deinit {
        // Wakes an accept that still waits.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
