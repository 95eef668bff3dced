import EventLoop
import Synchronization
import TLS

/// An HTTP/1.1 server on the loops of a group (RFC 9110, RFC 9112), plain or with TLS.
///
/// One request at a time is handled on a connection; what the peer sends meanwhile waits. Everything that two
/// recipients could read differently is refused and ends the connection. Call ``stop()`` before the group is stopped.
public final class HTTPServer: Sendable {
    private let group: EventLoopGroup
    private let host: String
    private let port: Int
    private let shared: HTTPServerShared
    private let workers = Mutex<[HTTPServerWorker]>([])

    /// Makes a server; it listens after ``start()``.
    /// - Parameters:
    ///   - group: The loops, which have to be started by the caller.
    ///   - host: A numeric address or a name of this machine; the first address is used.
    ///   - port: 0 takes a free one.
    ///   - tls: The certificate; nil serves without TLS.
    ///   - handler: Called on a loop for each request.
    public init(
        group: EventLoopGroup, host: String, port: Int, limits: HTTPServerLimits = HTTPServerLimits(),
        tls: TLSServerContext? = nil, handler: @escaping HTTPHandler
    ) throws(HTTPServerError) {
        guard (0...65535).contains(port) else {
            throw HTTPServerError(code: .address, message: "the port \(port) is out of range")
        }
        self.group = group
        self.host = host
        self.port = port
        shared = HTTPServerShared(limits: limits, tls: tls, handler: handler)
    }

    /// Binds and listens on every loop. Returns the port in use.
    public func start() throws(HTTPServerError) -> Int {
        guard let address = SocketAddress.resolve(host, port: port).first else {
            throw HTTPServerError(code: .address, message: "\(host) has no address")
        }
        let listeners = try Self.listeners(address, count: group.loops.count)
        let fresh = zip(group.loops, listeners).map { loop, listener in
            HTTPServerWorker(loop: loop, shared: shared, listener: listener)
        }
        let isFirst = workers.withLock { workers in
            guard workers.isEmpty else { return false }
            workers = fresh
            return true
        }
        guard isFirst, let bound = listeners.first?.port else {
            throw HTTPServerError(code: .state, message: "the server was started before")
        }
        for worker in fresh { worker.start() }
        return bound
    }

    /// Stops to accept, ends idle connections, lets requests that are under way finish with `Connection: close`, and
    /// calls `completion` once, on a loop, when no connection is left; after the time the rest is closed.
    public func drain(within time: Duration, completion: @escaping @Sendable () -> Void) {
        let all = workers.withLock { $0 }
        guard !all.isEmpty else { return completion() }
        let left = Countdown(all.count, completion)
        for worker in all { worker.drain(within: time) { left.step() } }
    }

    /// Closes the listeners and every connection soon after; any thread.
    public func stop() {
        for worker in workers.withLock({ $0 }) { worker.stop() }
    }

    /// Connections that are open now.
    public var connectionCount: Int { shared.connectionCount }

    private static func listeners(_ address: SocketAddress, count: Int) throws(HTTPServerError) -> [HTTPListener] {
        let first = try HTTPListener(address)
        var all = [first]
        let bound = address.with(port: first.port)
        while all.count < count { all.append(try HTTPListener(bound)) }
        return all
    }
}

/// Calls once when everyone has stepped.
private final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let completion: @Sendable () -> Void

    init(_ count: Int, _ completion: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.completion = completion
    }

    func step() {
        if left.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { completion() }
    }
}
