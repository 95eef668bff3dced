import CLinux
import EventLoop
import Glibc

/// A listening socket of one loop. Several loops listen on one port (SO_REUSEPORT) and the kernel deals connections out.
final class HTTPListener: DescriptorHandler {
    private static let acceptsPerTurn = 64
    private static let pauseAfterFailure = Duration.milliseconds(100)

    /// The port in use.
    let port: Int
    /// Called on the loop with each accepted descriptor, which is non-blocking.
    var accepted: ((Int32) -> Void)?
    private let descriptor: Int32
    private weak var loop: EventLoop?
    private var isOpen = true

    /// Binds and listens; connections wait in the kernel until ``open(on:)``.
    init(_ address: SocketAddress) throws(HTTPServerError) {
        let kind = Int32(SOCK_STREAM.rawValue) | GW_SOCK_NONBLOCK | GW_SOCK_CLOEXEC
        descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw Self.failure("socket", address) }
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, size)
        if address.family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, size) }
        let fd = descriptor
        guard address.withAddress({ bind(fd, $0, $1) }) == 0, listen(fd, 1024) == 0,
            let bound = SocketAddress(of: fd, isPeer: false)
        else {
            let error = Self.failure("bind", address)
            Glibc.close(fd)
            throw error
        }
        port = bound.port
    }

    deinit {
        if isOpen { Glibc.close(descriptor) }
    }

    /// Starts to accept; on the loop.
    func open(on loop: EventLoop) throws {
        self.loop = loop
        try loop.watch(descriptor, .read, self)
    }

    /// Stops to accept; on the loop.
    func close() {
        guard isOpen else { return }
        isOpen = false
        accepted = nil
        loop?.unwatch(descriptor)
        Glibc.close(descriptor)
    }

    func descriptorReady(_ events: DescriptorEvents) {
        for _ in 0..<Self.acceptsPerTurn where isOpen {
            let connection = accept4(descriptor, nil, nil, GW_SOCK_NONBLOCK | GW_SOCK_CLOEXEC)
            if connection >= 0 {
                accepted?(connection)
                continue
            }
            switch errno {
            case EAGAIN: return
            case EINTR, ECONNABORTED, EPROTO, EPERM: continue
            default: return pause()
            }
        }
    }

    // Out of descriptors or memory: the queue stays readable, so waiting on it would spin.
    private func pause() {
        guard let loop else { return }
        loop.change(descriptor, [])
        let resume = LoopReference(self)
        loop.schedule(after: Self.pauseAfterFailure) {
            guard let listener = resume.value, listener.isOpen else { return }
            listener.loop?.change(listener.descriptor, .read)
        }
    }

    private static func failure(_ call: String, _ address: SocketAddress) -> HTTPServerError {
        let text = SocketStream.text(errno)
        return HTTPServerError(code: .bind, message: "\(call) \(address.host) port \(address.port): \(text)")
    }
}
