import EventLoop
import Foundation
import HTTP
import JSON

/// Somebody else's HTTP server: keeps what it is told, and answers as it is set.
final class HookReceiver: @unchecked Sendable {
    let url: String
    private let group: EventLoopGroup
    private let server: HTTPServer
    private let lock = NSLock()
    private var kept: [HTTPRequest] = []
    private var status = 200

    init() throws {
        group = try EventLoopGroup(count: 1)
        try group.start()
        let box = HookBox()
        server = try HTTPServer(group: group, host: "127.0.0.1", port: 0) { box.receiver?.take($0, $1) }
        url = "http://127.0.0.1:\(try server.start())/ended"
        box.receiver = self
    }

    deinit {
        server.stop()
        group.stop()
    }

    func answer(_ status: Int) { lock.withLock { self.status = status } }

    var requests: [HTTPRequest] { lock.withLock { kept } }

    private func take(_ request: HTTPRequest, _ respond: HTTPResponder) {
        let status = lock.withLock {
            kept.append(request)
            return self.status
        }
        respond(HTTPResponse(status: status))
    }
}

private final class HookBox: @unchecked Sendable {
    weak var receiver: HookReceiver?
}
