import COpenSSL
import Synchronization

/// A server's certificate and key. ``reload()`` reads the files again; connections that are open keep what they have.
public final class TLSServerContext: Sendable {
    private let certificateFile: String
    private let keyFile: String
    private let current: Mutex<TLSContext>

    /// Reads a PEM file with the certificate and then its chain, and a PEM file with the private key.
    public init(certificateFile: String, keyFile: String) throws(TLSError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        current = Mutex(try Self.load(certificateFile, keyFile))
    }

    /// Reads the files again. When they are not good, this throws and the old certificate stays in use.
    public func reload() throws(TLSError) {
        let fresh = try Self.load(certificateFile, keyFile)
        current.withLock { $0 = fresh }
    }

    /// Makes the server's side of a connection on a connected, non-blocking socket, which the caller keeps open for
    /// longer than the session and closes.
    public func session(descriptor: Int32) throws(TLSError) -> TLSSession {
        let context = current.withLock { $0 }
        let session = try TLSSession(context: context, descriptor: descriptor)
        SSL_set_accept_state(session.pointer)
        return session
    }

    private static func load(_ certificateFile: String, _ keyFile: String) throws(TLSError) -> TLSContext {
        let context = try TLSContext.make(isServer: true)
        guard SSL_CTX_use_certificate_chain_file(context.pointer, certificateFile) == 1 else {
            throw .last(.certificateFile, certificateFile)
        }
        guard SSL_CTX_use_PrivateKey_file(context.pointer, keyFile, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_check_private_key(context.pointer) == 1
        else { throw .last(.keyFile, keyFile) }
        let name = Array("gateway".utf8)
        SSL_CTX_set_session_id_context(context.pointer, name, UInt32(name.count))
        return context
    }
}
