/// Why an exchange of the client failed.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The stable kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// The request itself cannot be sent: a field or the method is not well formed.
        case invalidRequest
        /// The host name did not resolve.
        case dns
        /// No connection to any address of the host, or too many requests wait for one.
        case connect
        /// The host has no address that the whole internet reaches, and the client connects to no other.
        case notPublic
        /// The TLS handshake failed, for example because the certificate was not trusted.
        case tls
        /// The connection broke while the request was sent.
        case writeFailed
        /// The request's time was over.
        case timeout
        /// The peer closed before the answer was complete.
        case connectionClosed
        /// The answer is not well-formed HTTP/1.1.
        case badResponse
        /// The answer is larger than the client allows.
        case tooLarge
        /// The caller cancelled, or the client was shut down.
        case cancelled
    }

    /// The kind of failure.
    public let code: Code
    /// Whether bytes of the request may have reached the peer; false means that it was surely not processed.
    public let requestBytesWritten: Bool
    /// For a person; holds no header, no body, no query.
    public let message: String

    /// Makes an error.
    public init(code: Code, requestBytesWritten: Bool, message: String) {
        self.code = code
        self.requestBytesWritten = requestBytesWritten
        self.message = message
    }

    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }
}
