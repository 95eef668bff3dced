import Glibc
import TLS

/// Both sides of a TLS connection over a socket pair, driven by turns on one thread.
final class SocketPair {
    private let descriptors: [Int32]
    private let server: TLSSession
    private let client: TLSSession

    init(_ server: TLSServerContext, _ client: TLSClientContext, host: String) throws {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | 0o4000, 0, &pair) == 0 else {
            throw TLSError(code: .connection, message: "socketpair")
        }
        descriptors = pair
        self.server = try server.session(descriptor: pair[0])
        self.client = try client.session(descriptor: pair[1], host: host, port: 443, isAddress: false)
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    /// Handshake, then one byte each way, which also carries the server's tickets. Returns whether it was resumed.
    func exchange() throws -> Bool {
        var isDone = false
        for _ in 0..<20 where !isDone {
            let first = client.handshake()
            let second = server.handshake()
            if case .failed(let error) = first { throw error }
            if case .failed(let error) = second { throw error }
            isDone = first == .done && second == .done
        }
        guard isDone, send(client, to: server), send(server, to: client), client.isResumed == server.isResumed else {
            throw TLSError(code: .handshake, message: "no end")
        }
        return client.isResumed
    }

    /// What the client reads when the server ended its side, with or without close_notify.
    func readAfterEnd(withNotice: Bool) -> TLSSession.Outcome {
        if withNotice { server.end() }
        shutdown(descriptors[0], Int32(SHUT_WR))
        return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { client.read(into: $0) }
    }

    private func send(_ from: TLSSession, to other: TLSSession) -> Bool {
        let sent = [UInt8(7)].withUnsafeBytes { from.write($0) }
        let received = withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { other.read(into: $0) }
        return sent == .bytes(1) && received == .bytes(1)
    }
}
