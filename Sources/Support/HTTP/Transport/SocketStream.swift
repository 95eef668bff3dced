import CLinux
import Glibc
import TLS

/// One connected, non-blocking socket, plain or with TLS. Owns the descriptor and closes it at the end.
final class SocketStream {
    /// What came of reading or writing.
    enum Outcome {
        /// So many bytes, at least one.
        case bytes(Int)
        /// Call again when the socket can be read.
        case wantsRead
        /// Call again when the socket can be written.
        case wantsWrite
        /// The peer ended its side.
        case ended
        /// The connection broke; the words are for a log.
        case failed(String)
    }

    let descriptor: Int32
    /// The TLS side, nil for a plain socket.
    var tls: TLSSession?
    private var isOpen = true

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close()
    }

    /// Whether bytes wait inside TLS that epoll will not tell of.
    var hasPending: Bool { tls?.hasPending ?? false }

    /// Reads what is there.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        if let tls { return Self.outcome(tls.read(into: buffer)) }
        return readPlain(into: buffer)
    }

    /// Reads past TLS; for throwing away what a peer still sends.
    func readPlain(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wantsRead
            default: return .failed(Self.text(errno))
            }
        }
    }

    /// Writes some of the bytes, of which there must be one.
    func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        if let tls { return Self.outcome(tls.write(bytes)) }
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, GW_MSG_NOSIGNAL)
            if count >= 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wantsWrite
            default: return .failed(Self.text(errno))
            }
        }
    }

    /// Ends this side: TLS says so, then the socket does; the peer's bytes may still be read.
    func endWriting() {
        tls?.end()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes; a second call does nothing.
    func close() {
        guard isOpen else { return }
        isOpen = false
        tls?.end()
        tls = nil
        Glibc.close(descriptor)
    }

    private static func outcome(_ outcome: TLSSession.Outcome) -> Outcome {
        switch outcome {
        case .bytes(let count): .bytes(count)
        case .wantsRead: .wantsRead
        case .wantsWrite: .wantsWrite
        case .ended: .ended
        case .failed(let error): .failed(error.description)
        }
    }

    static func text(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
