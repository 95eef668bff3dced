/// A request that a client sends.
public struct HTTPClientRequest: Sendable {
    /// The method, for example `POST`.
    public var method: String
    /// Where to.
    public var url: HTTPURL
    /// The header fields. The client adds `Host`, `Content-Length` and `Connection` itself.
    public var headers: HTTPHeaders
    /// The whole body.
    public var body: [UInt8]
    /// From the call to the last byte of the answer: waiting for a connection, name look-up, connect, TLS and exchange.
    public var timeout: Duration
    /// Opens a connection for this request instead of taking one from the pool; for requests that must not fail
    /// because a pooled connection was closed at that moment.
    public var freshConnection: Bool
    /// How long a pooled connection may have been idle to be taken.
    public var maxIdleBeforeReuse: Duration

    /// Makes a request with the timeout 30 s, pooled connections idle for at most 4 s.
    public init(
        method: String, url: HTTPURL, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        timeout: Duration = .seconds(30), freshConnection: Bool = false, maxIdleBeforeReuse: Duration = .seconds(4)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.freshConnection = freshConnection
        self.maxIdleBeforeReuse = maxIdleBeforeReuse
    }
}
