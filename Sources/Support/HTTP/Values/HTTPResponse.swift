/// An answer: what a handler gives to the server, and what a client receives.
public struct HTTPResponse: Sendable {
    /// The status code, 100 to 599.
    public var status: Int
    /// The header fields. A server adds `Date`, `Content-Length` and `Connection` itself.
    public var headers: HTTPHeaders
    /// The whole body without transfer coding. For HEAD give the body GET would have: only its length is sent.
    public var body: [UInt8]
    /// What the connection does with the answer; a client always sees `.normal`.
    public var disposition: HTTPDisposition
    /// Sent instead of the body, as it comes: by its length where that is known, else chunked (RFC 9112 §7.1), or up to
    /// the connection's end for a peer that does not keep it. Only a server has use for it.
    public var stream: HTTPBodyStream?

    /// Makes an answer; what is left out is empty.
    public init(
        status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], disposition: HTTPDisposition = .normal
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.disposition = disposition
    }

    /// An answer with a text body.
    public static func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders([("Content-Type", "text/plain; charset=utf-8")]),
            body: Array(text.utf8))
    }
}
