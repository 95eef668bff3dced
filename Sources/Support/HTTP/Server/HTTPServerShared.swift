import Synchronization
import TLS

/// What the workers of one server share.
final class HTTPServerShared: Sendable {
    let limits: HTTPServerLimits
    let tls: TLSServerContext?
    let handler: HTTPHandler
    private let open = Atomic<Int>(0)

    init(limits: HTTPServerLimits, tls: TLSServerContext?, handler: @escaping HTTPHandler) {
        self.limits = limits
        self.tls = tls
        self.handler = handler
    }

    /// Counts one more connection and returns how many are open with it.
    func connectionOpened() -> Int {
        open.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func connectionClosed() {
        open.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Connections that are open now.
    var connectionCount: Int { open.load(ordering: .relaxed) }
}
