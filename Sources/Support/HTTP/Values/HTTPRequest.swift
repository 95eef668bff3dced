/// A request as a server received it.
public struct HTTPRequest: Sendable {
    /// The method as on the wire, case-sensitive, for example `POST`.
    public var method: String
    /// The target in origin form (`/path?query`) or `*`; an absolute form was reduced to this, its authority to `Host`.
    public var target: String
    /// The header fields; trailer fields of a chunked body are checked and dropped.
    public var headers: HTTPHeaders
    /// The whole body without its transfer coding.
    public var body: [UInt8]
    /// The peer's numeric address without port, empty when unknown.
    public var remoteAddress: String
    /// Whether the request came over TLS.
    public var isTLS: Bool

    /// Makes a request; what is left out is empty.
    public init(
        method: String, target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        remoteAddress: String = "", isTLS: Bool = false
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.isTLS = isTLS
    }

    /// The target up to the first `?`, percent-encoding untouched.
    public var path: String {
        var path = target
        let end = path.withUTF8 { bytes in
            var end = 0
            while end < bytes.count, bytes[end] != UInt8(ascii: "?") { end += 1 }
            return end
        }
        guard end < path.utf8.count else { return target }
        return path.withUTF8 { String(decoding: UnsafeBufferPointer(rebasing: $0[..<end]), as: UTF8.self) }
    }

    /// The target after the first `?`, percent-encoding untouched; nil when there is no `?`.
    public var query: String? {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return String(target[target.utf8.index(after: mark)...])
    }
}
