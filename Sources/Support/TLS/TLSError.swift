import COpenSSL

/// Why TLS could not be set up or a connection failed.
public struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The stable kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// OpenSSL could not make an object.
        case internalFailure
        /// The certificate file is missing or is not PEM.
        case certificateFile
        /// The key file is missing, is not PEM or does not belong to the certificate.
        case keyFile
        /// The file of trusted certificates is missing or is not PEM.
        case trustFile
        /// The peer's certificate is expired, of an unknown issuer, or of another host.
        case untrusted
        /// The handshake failed for another reason.
        case handshake
        /// The connection broke, or ended without TLS saying so (a cut that an attacker could have made).
        case connection
    }

    /// The kind of failure.
    public let code: Code
    /// OpenSSL's words, or the file's path; never key material.
    public let message: String

    /// Makes an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Makes an error with the reason that OpenSSL noted last on this thread, and forgets the notes.
    static func last(_ code: Code, _ context: String) -> TLSError {
        let number = ERR_peek_last_error()
        ERR_clear_error()
        guard number != 0, let reason = ERR_reason_error_string(number) else {
            return TLSError(code: code, message: context)
        }
        return TLSError(code: code, message: "\(context): \(String(cString: reason))")
    }

    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }
}
