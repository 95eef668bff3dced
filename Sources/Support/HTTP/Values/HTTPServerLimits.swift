/// What a server allows a peer; beyond it the connection answers with the status named and closes.
public struct HTTPServerLimits: Sendable {
    /// Longest request line in bytes without its line end (414).
    public var requestLineBytes = 8 * 1024
    /// All header (or all trailer) lines together in bytes (431).
    public var headerBytes = 32 * 1024
    /// Number of header (or trailer) fields (431).
    public var headerFields = 100
    /// Longest body in bytes after transfer decoding (413).
    public var bodyBytes = 1024 * 1024
    /// The same for requests to some paths, by the path.
    public var longBodies: [String: Int] = [:]
    /// Open connections of the whole server; one more is answered with 503 (over TLS: closed).
    public var maxConnections = 10_000
    /// Bytes that may wait behind a request in flight before reading pauses.
    public var maxPipelinedBytes = 64 * 1024
    /// From the first byte of a request (or from the accept) to the end of its header (408); also a TLS handshake.
    public var headerTimeout = Duration.seconds(10)
    /// From the end of the header to the end of the body (408).
    public var bodyTimeout = Duration.seconds(30)
    /// Between two requests on one connection (closed without an answer).
    public var idleTimeout = Duration.seconds(60)
    /// Without any progress while an answer is sent (closed).
    public var writeTimeout = Duration.seconds(30)

    /// The defaults above.
    public init() {}
}
