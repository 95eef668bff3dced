import COpenSSL
import Synchronization

/// Sessions that a client may resume, by peer. Bounded: some per peer, some peers; the oldest peer is forgotten first.
final class TLSSessionStore: Sendable {
    /// Owns one reference to an `SSL_SESSION`, which OpenSSL allows to be shared by threads.
    private final class Saved: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) { self.pointer = pointer }

        deinit { SSL_SESSION_free(pointer) }
    }

    private struct State {
        var sessions: [String: [Saved]] = [:]
        var peers: [String] = []
    }

    private static let peerLimit = 256
    private static let perPeer = 8
    private let state = Mutex(State())

    /// Takes over one reference to a session.
    func add(_ session: OpaquePointer, for peer: String) {
        let saved = Saved(session)
        state.withLock { state in
            if state.sessions[peer] == nil {
                state.peers.append(peer)
                if state.peers.count > Self.peerLimit { state.sessions[state.peers.removeFirst()] = nil }
            }
            var list = state.sessions[peer] ?? []
            if list.count >= Self.perPeer { list.removeFirst() }
            list.append(saved)
            state.sessions[peer] = list
        }
    }

    /// Offers the newest session to a connection that is not yet begun. A TLS 1.3 ticket is used once
    /// (RFC 8446 §C.4); an older session may serve again.
    func offer(to connection: OpaquePointer, for peer: String) {
        let saved = state.withLock { state in
            guard let newest = state.sessions[peer]?.last else { return nil as Saved? }
            if SSL_SESSION_get_protocol_version(newest.pointer) >= TLS1_3_VERSION {
                state.sessions[peer]?.removeLast()
            }
            return newest
        }
        if let saved { SSL_set_session(connection, saved.pointer) }
    }
}
