import EventLoop
import Glibc

/// A server's part on one loop: the listener, the connections, their clocks. Everything runs on the loop's thread.
final class HTTPServerWorker: @unchecked Sendable {
    let loop: EventLoop
    let shared: HTTPServerShared
    let scratch = ScratchBuffer()
    /// Whether answers end their connections.
    private(set) var isDraining = false
    /// Whether a connection is reading into the scratch buffer at this moment.
    var isReading = false
    private let listener: HTTPListener
    private var connections: [Int32: HTTPServerConnection] = [:]
    private var sweeper: EventLoopTimer?
    private var drained: (@Sendable () -> Void)?
    private var dateSecond = -1
    private var dateText: [UInt8] = []

    init(loop: EventLoop, shared: HTTPServerShared, listener: HTTPListener) {
        self.loop = loop
        self.shared = shared
        self.listener = listener
    }

    /// Starts to accept; any thread.
    func start() {
        loop.execute { [self] in
            listener.accepted = { [weak self] in self?.accept($0) }
            do {
                try listener.open(on: loop)
            } catch {
                // Without a place in epoll the listener is of no use; the other loops' listeners take over.
                listener.close()
            }
        }
    }

    /// Stops to accept, lets running requests finish for a time, then closes; any thread.
    func drain(within time: Duration, completion: @escaping @Sendable () -> Void) {
        loop.execute { [self] in
            isDraining = true
            listener.close()
            drained = completion
            for connection in Array(connections.values) { connection.drain() }
            finishDraining()
            if drained != nil { loop.schedule(after: time) { [self] in closeAll() } }
        }
    }

    /// Closes everything; any thread.
    func stop() {
        loop.execute { [self] in
            isDraining = true
            listener.close()
            closeAll()
        }
    }

    /// The value of `Date` for this second.
    func date() -> [UInt8] {
        let second = time(nil)
        if second != dateSecond {
            dateSecond = second
            dateText = Array(HTTPDate.text(Int64(second)).utf8)
        }
        return dateText
    }

    /// A connection is closed.
    func remove(_ connection: HTTPServerConnection) {
        guard connections.removeValue(forKey: connection.descriptor) != nil else { return }
        shared.connectionClosed()
        finishDraining()
    }

    private func accept(_ descriptor: Int32) {
        let count = shared.connectionOpened()
        // Those beyond the limit are told so, but not without a limit either.
        guard count <= shared.limits.maxConnections + 256 else {
            shared.connectionClosed()
            close(descriptor)
            return
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let connection = HTTPServerConnection(worker: self, descriptor: descriptor)
        connections[descriptor] = connection
        connection.begin(isRefused: count > shared.limits.maxConnections)
        sweepLater()
    }

    // One timer for all connections: a deadline that moves with every request costs an assignment.
    private func sweepLater() {
        guard sweeper == nil, !connections.isEmpty else { return }
        sweeper = loop.schedule(after: interval) { [weak self] in
            guard let self else { return }
            sweeper = nil
            for connection in Array(connections.values) { connection.checkDeadline(loop.now) }
            sweepLater()
        }
    }

    private var interval: Duration {
        let limits = shared.limits
        let shortest = min(limits.headerTimeout, limits.bodyTimeout, limits.idleTimeout, limits.writeTimeout)
        return max(.milliseconds(5), min(shortest / 8, .milliseconds(500)))
    }

    private func closeAll() {
        for connection in Array(connections.values) { connection.close() }
        finishDraining()
    }

    private func finishDraining() {
        guard connections.isEmpty, let completion = drained else { return }
        drained = nil
        completion()
    }
}
