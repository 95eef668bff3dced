import Glibc
import HTTP

/// Reads a stream of events from a running gateway: over HTTP/1.0, so that the body comes bare.
final class StreamReader {
    private let descriptor: Int32

    /// Connects and asks for the stream.
    init(_ gateway: RunningGateway, _ headers: [(String, String)] = []) throws {
        guard let url = HTTPURL(gateway.privateURL + "/v1/events") else { throw Failure("no URL") }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(url.origin.port).bigEndian
        address.sin_addr.s_addr = inet_addr(url.origin.host)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { [descriptor] in
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure("no connection") }
        let fields = [("Authorization", "Bearer " + gateway.key), ("Accept", "text/event-stream")] + headers
        let head = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        let request = Array("GET /v1/events HTTP/1.0\r\n\(head)\r\n".utf8)
        guard send(descriptor, request, request.count, 0) == request.count else { throw Failure("nothing was sent") }
    }

    deinit { close(descriptor) }

    /// What comes until so many events have ended.
    func read(events count: Int) throws -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while text.components(of: "\ndata: ") < count || !text.hasSuffix("\n\n") {
            let received = recv(descriptor, &buffer, buffer.count, 0)
            guard received > 0 else { throw Failure("the stream ended: " + text) }
            text += String(decoding: buffer.prefix(received), as: UTF8.self)
        }
        return text
    }
}

extension String {
    /// How often other words occur.
    fileprivate func components(of words: String) -> Int { ranges(of: words).count }
}
