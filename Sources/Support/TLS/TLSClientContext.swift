import COpenSSL

/// What a client trusts. The peer's chain and name are always verified; there is no way to turn that off.
public final class TLSClientContext: Sendable {
    private let context: TLSContext
    private let sessions = TLSSessionStore()

    /// Trusts the system's certificates and those of a PEM file when one is named; without the system's when
    /// `includesSystemTrust` is false.
    public init(caFile: String? = nil, includesSystemTrust: Bool = true) throws(TLSError) {
        context = try TLSContext.make(isServer: false)
        let pointer = context.pointer
        if includesSystemTrust, SSL_CTX_set_default_verify_paths(pointer) != 1 {
            throw .last(.trustFile, "the system's certificates")
        }
        if let caFile, SSL_CTX_load_verify_locations(pointer, caFile, nil) != 1 {
            throw .last(.trustFile, caFile)
        }
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        let protocols = [8] + Array("http/1.1".utf8)
        // This one returns 0 for success.
        guard SSL_CTX_set_alpn_protos(pointer, protocols, UInt32(protocols.count)) == 0 else {
            throw .last(.internalFailure, "ALPN")
        }
        gw_ssl_ctx_client_cache(pointer)
        SSL_CTX_sess_set_new_cb(pointer, tlsSessionCreated)
    }

    /// Makes the client's side of a connection on a connected, non-blocking socket, which the caller keeps open for
    /// longer than the session and closes. `host` is the name or numeric address that the certificate must be for;
    /// with `port` it keys the sessions that may be resumed.
    public func session(descriptor: Int32, host: String, port: Int, isAddress: Bool) throws(TLSError) -> TLSSession {
        let session = try TLSSession(context: context, descriptor: descriptor)
        let pointer = session.pointer
        if isAddress {
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), host) == 1 else {
                throw .last(.internalFailure, "the address cannot be verified")
            }
        } else {
            SSL_set_hostflags(pointer, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            let name = host.utf8.last == UInt8(ascii: ".") ? String(host.dropLast()) : host
            guard SSL_set1_host(pointer, name) == 1, gw_ssl_set_server_name(pointer, name) == 1 else {
                throw .last(.internalFailure, "the name cannot be verified")
            }
        }
        SSL_set_connect_state(pointer)
        session.resume(from: sessions, key: "\(host) \(port)")
        return session
    }
}

// OpenSSL calls this with each ticket; 1 means that the reference is kept here.
private func tlsSessionCreated(_ connection: OpaquePointer?, _ saved: OpaquePointer?) -> Int32 {
    guard let connection, let saved, let data = SSL_get_ex_data(connection, 0) else { return 0 }
    return Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue().keep(saved) ? 1 : 0
}
