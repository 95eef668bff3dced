import COpenSSL

/// Owns one `SSL_CTX`. OpenSSL counts references to it with atomics, and it is not changed after it was set up, so it
/// may be shared by threads.
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// A context for one side: at least TLS 1.2, partial writes, no renegotiation, no compression.
    static func make(isServer: Bool) throws(TLSError) -> TLSContext {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw .last(.internalFailure, "no TLS context")
        }
        let context = TLSContext(pointer)
        guard gw_ssl_ctx_min_version(pointer, TLS1_2_VERSION) == 1 else {
            throw .last(.internalFailure, "TLS 1.2 cannot be required")
        }
        gw_ssl_ctx_modes(pointer)
        return context
    }
}
