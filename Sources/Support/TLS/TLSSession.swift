import COpenSSL

/// One side of a TLS connection over a non-blocking socket. It is used by one thread at a time (the socket's loop).
public final class TLSSession {
    /// How far a handshake is.
    public enum Handshake: Equatable {
        /// Done; bytes may be exchanged.
        case done
        /// Call again when the socket can be read.
        case wantsRead
        /// Call again when the socket can be written.
        case wantsWrite
        /// Not possible; close.
        case failed(TLSError)
    }

    /// What came of reading or writing.
    public enum Outcome: Equatable {
        /// So many bytes, at least one.
        case bytes(Int)
        /// Call again when the socket can be read.
        case wantsRead
        /// Call again when the socket can be written.
        case wantsWrite
        /// The peer ended its side properly (close_notify).
        case ended
        /// The connection broke; close.
        case failed(TLSError)
    }

    let pointer: OpaquePointer
    private let context: TLSContext
    private var isBroken = false
    private var store: TLSSessionStore?
    private var peer = ""

    init(context: TLSContext, descriptor: Int32) throws(TLSError) {
        ERR_clear_error()
        guard let pointer = SSL_new(context.pointer) else { throw .last(.internalFailure, "no TLS connection") }
        self.pointer = pointer
        self.context = context
        guard SSL_set_fd(pointer, descriptor) == 1 else { throw .last(.internalFailure, "no TLS descriptor") }
        SSL_set_ex_data(pointer, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        // Without this OpenSSL marks the session as not resumable.
        if !isBroken { SSL_set_shutdown(pointer, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
        SSL_set_ex_data(pointer, 0, nil)
        SSL_free(pointer)
    }

    /// Whether an earlier session was resumed; meaningful after the handshake.
    public var isResumed: Bool { SSL_session_reused(pointer) == 1 }

    /// The protocol's name, for example `TLSv1.3`.
    public var version: String { SSL_get_version(pointer).map { String(cString: $0) } ?? "" }

    /// Whether bytes wait inside that epoll will not tell of.
    public var hasPending: Bool { SSL_has_pending(pointer) == 1 }

    /// Goes on with the handshake.
    public func handshake() -> Handshake {
        ERR_clear_error()
        let result = SSL_do_handshake(pointer)
        if result == 1 { return .done }
        switch SSL_get_error(pointer, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default:
            isBroken = true
            return .failed(handshakeError())
        }
    }

    /// Reads what is there.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        ERR_clear_error()
        let result = SSL_read(pointer, buffer.baseAddress, Int32(clamping: buffer.count))
        return result > 0 ? .bytes(Int(result)) : outcome(result)
    }

    /// Writes some of the bytes. After `wantsWrite` the same bytes must be given again.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        ERR_clear_error()
        let result = SSL_write(pointer, bytes.baseAddress, Int32(clamping: bytes.count))
        return result > 0 ? .bytes(Int(result)) : outcome(result)
    }

    /// Tells the peer that nothing follows (close_notify), as far as the socket takes it without waiting.
    public func end() {
        guard !isBroken, SSL_is_init_finished(pointer) == 1 else { return }
        ERR_clear_error()
        _ = SSL_shutdown(pointer)
        ERR_clear_error()
    }

    func resume(from store: TLSSessionStore, key: String) {
        self.store = store
        peer = key
        store.offer(to: pointer, for: key)
    }

    func keep(_ session: OpaquePointer) -> Bool {
        guard let store, SSL_SESSION_is_resumable(session) == 1 else { return false }
        store.add(session, for: peer)
        return true
    }

    private func outcome(_ result: Int32) -> Outcome {
        switch SSL_get_error(pointer, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            isBroken = true
            return .failed(.last(.connection, "the TLS connection broke"))
        }
    }

    private func handshakeError() -> TLSError {
        let result = SSL_get_verify_result(pointer)
        guard result == Int(X509_V_OK) else {
            ERR_clear_error()
            let reason = X509_verify_cert_error_string(result).map { String(cString: $0) } ?? "code \(result)"
            return TLSError(code: .untrusted, message: reason)
        }
        return .last(.handshake, "the TLS handshake failed")
    }
}
