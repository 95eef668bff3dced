import CLinux
import EventLoop
import Glibc
import TLS

/// One connection of a client. Lives on its pool's loop; only that thread touches it.
final class HTTPClientConnection: DescriptorHandler, @unchecked Sendable {
    /// What the connection is doing.
    enum Phase {
        case resolving
        case connecting
        case handshake
        case exchange
        case idle
        case closed
    }

    let pool: HTTPClientPool
    let origin: HTTPURL.Origin
    /// When the last exchange ended, in nanoseconds of the loop's clock.
    var idleSince: UInt64 = 0
    var phase = Phase.resolving
    var stream: SocketStream?
    var call: HTTPClientCall?
    var parser: HTTPResponseParser
    /// Received and not parsed.
    var pending: [UInt8] = []
    /// The request as bytes, sent up to `outStart`.
    var out: [UInt8] = []
    var outStart = 0
    /// Whether bytes of the request may have left.
    var hasWritten = false
    /// Why writing failed; the peer may have answered before.
    var writeFailure: String?
    var readWantsWrite = false
    var writeIsBlocked = false
    /// Nothing is read until the body that came was taken.
    var holdsBack = false
    private var addresses: [SocketAddress] = []
    private var connectTimer: EventLoopTimer?
    private var watched: DescriptorEvents = []

    init(pool: HTTPClientPool, origin: HTTPURL.Origin) {
        self.pool = pool
        self.origin = origin
        parser = HTTPResponseParser(limits: pool.limits, isHead: false)
    }

    // MARK: Opening

    /// Connects, then sends the call's request.
    func open(for call: HTTPClientCall) {
        self.call = call
        call.connection = self
        let loop = pool.loop
        pool.resolver.resolve(origin.host, port: origin.port) { [self] addresses in
            if loop.isOnLoop {
                resolved(addresses)
            } else {
                loop.execute { [self] in resolved(addresses) }
            }
        }
    }

    private func resolved(_ found: [SocketAddress]) {
        guard phase == .resolving else { return }
        guard !found.isEmpty else { return fail(.dns, "the name of the host has no address") }
        addresses = pool.limits.publicAddressesOnly ? found.filter(\.isPublic) : found
        guard !addresses.isEmpty else { return fail(.notPublic, "the address of the host is not public") }
        phase = .connecting
        connectNext("no address")
    }

    // Tries the next address; `reason` is why the last one did not do.
    private func connectNext(_ reason: String) {
        leaveSocket()
        guard !addresses.isEmpty else { return fail(.connect, reason) }
        let address = addresses.removeFirst()
        let kind = Int32(SOCK_STREAM.rawValue) | GW_SOCK_NONBLOCK | GW_SOCK_CLOEXEC
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { return connectNext(SocketStream.text(errno)) }
        stream = SocketStream(descriptor: descriptor)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let result = address.withAddress { connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { return connectNext(SocketStream.text(errno)) }
        do {
            watched = .write
            try pool.loop.watch(descriptor, .write, self)
        } catch {
            return fail(.connect, "the socket cannot be watched")
        }
        connectTimer = pool.loop.schedule(after: pool.limits.connectTimeout) { [weak self] in
            guard let self, phase == .connecting else { return }
            connectNext("no answer to connect")
        }
    }

    private func leaveSocket() {
        connectTimer?.cancel()
        connectTimer = nil
        if let stream {
            pool.loop.unwatch(stream.descriptor)
            stream.close()
        }
        stream = nil
    }

    private func finishConnecting() {
        guard let stream else { return }
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(stream.descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
        guard number == 0 else { return connectNext(SocketStream.text(number)) }
        connectTimer?.cancel()
        connectTimer = nil
        guard origin.isTLS, let tls = pool.tls else { return startExchange() }
        do {
            stream.tls = try tls.session(
                descriptor: stream.descriptor, host: origin.host, port: origin.port,
                isAddress: SocketAddress.isNumeric(origin.host))
        } catch {
            return fail(.tls, error.message)
        }
        phase = .handshake
        handshake()
    }

    private func handshake() {
        guard let tls = stream?.tls else { return }
        readWantsWrite = false
        switch tls.handshake() {
        case .done: startExchange()
        case .wantsRead: break
        case .wantsWrite: readWantsWrite = true
        case .failed(let error): fail(.tls, error.message)
        }
    }

    private func startExchange() {
        guard let call else { return close() }
        begin(call)
    }

    // MARK: Life

    func descriptorReady(_ events: DescriptorEvents) {
        switch phase {
        case .resolving, .closed: return
        case .connecting: finishConnecting()
        case .handshake: handshake()
        case .idle:
            if !isAlive() { return close() }
        case .exchange: exchangeReady(events)
        }
        settle()
    }

    /// Whether the peer keeps an idle connection open: nothing may have come but what TLS itself sends.
    func isAlive() -> Bool {
        guard phase == .idle, let stream else { return false }
        if case .wantsRead = stream.read(into: pool.scratch.bytes) { return true }
        return false
    }

    /// Ends the call with an error and closes.
    func fail(_ code: HTTPClientError.Code, _ message: String) {
        let ended = call
        let error = HTTPClientError(code: code, requestBytesWritten: hasWritten, message: message)
        call = nil
        close()
        ended?.finish(.failure(error))
    }

    /// Closes; the pool opens another one when calls wait.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        leaveSocket()
        pending = []
        out = []
        pool.closed(self)
    }

    /// Sets what epoll watches to what the connection is doing now.
    func settle() {
        guard let stream, phase != .closed else { return }
        var wanted: DescriptorEvents = phase == .connecting ? .write : .read
        if writeIsBlocked || readWantsWrite { wanted.insert(.write) }
        // Without a watch: epoll would tell of a peer that hung up again and again.
        if holdsBack { wanted = [] }
        guard wanted != watched else { return }
        defer { watched = wanted }
        if wanted.isEmpty { return pool.loop.unwatch(stream.descriptor) }
        guard watched.isEmpty else { return pool.loop.change(stream.descriptor, wanted) }
        do {
            try pool.loop.watch(stream.descriptor, wanted, self)
        } catch {
            fail(.connectionClosed, "the socket cannot be watched")
        }
    }
}
