/// `method SP request-target SP HTTP-version` (RFC 9112 §3).
struct HTTPRequestLine {
    let method: String
    /// Origin form or `*`.
    let target: String
    /// The authority of an absolute form, which replaces `Host` (RFC 9112 §3.2.2).
    let authority: String?
    let isVersion10: Bool

    /// Longest method; a longer one is surely not known (501, RFC 9112 §3).
    static let methodLimit = 32

    init(_ line: UnsafeBufferPointer<UInt8>) throws(HTTPParseFailure) {
        guard let first = line.firstIndex(of: HTTPByte.space),
            let second = line.lastIndex(of: HTTPByte.space), first < second
        else { throw .bad("the request line has not three parts") }
        let method = UnsafeBufferPointer(rebasing: line[..<first])
        guard !method.isEmpty, method.allSatisfy(HTTPByte.isToken) else { throw .bad("the method is not a token") }
        let target = UnsafeBufferPointer(rebasing: line[(first + 1)..<second])
        guard !target.isEmpty, target.allSatisfy(HTTPByte.isTargetByte) else {
            throw .bad("the target is not well formed")
        }
        isVersion10 = try Self.isVersion10(UnsafeBufferPointer(rebasing: line[(second + 1)...]))
        guard method.count <= Self.methodLimit, !HTTPByte.equal(method, "CONNECT") else {
            throw HTTPParseFailure(501, "the method is not supported")
        }
        self.method = String(decoding: method, as: UTF8.self)
        (self.target, authority) = try Self.reduced(target, isOptions: HTTPByte.equal(method, "OPTIONS"))
    }

    private static func isVersion10(_ version: UnsafeBufferPointer<UInt8>) throws(HTTPParseFailure) -> Bool {
        if HTTPByte.equal(version, "HTTP/1.1") { return false }
        if HTTPByte.equal(version, "HTTP/1.0") { return true }
        let bytes = Array(version)
        guard bytes.count == 8, bytes[..<5].elementsEqual("HTTP/".utf8), HTTPByte.isDigit(bytes[5]),
            bytes[6] == UInt8(ascii: "."), HTTPByte.isDigit(bytes[7])
        else { throw .bad("the version is not well formed") }
        // A higher minor version is answered like 1.1 (RFC 9110 §2.5).
        guard bytes[5] == UInt8(ascii: "1") else { throw HTTPParseFailure(505, "the version is not supported") }
        return false
    }

    private static func reduced(
        _ target: UnsafeBufferPointer<UInt8>, isOptions: Bool
    ) throws(HTTPParseFailure) -> (String, String?) {
        if target.first == UInt8(ascii: "/") { return (String(decoding: target, as: UTF8.self), nil) }
        if HTTPByte.equal(target, "*"), isOptions { return ("*", nil) }
        let bytes = Array(target)
        guard let scheme = HTTPAuthority.scheme(of: bytes[...]) else { throw .bad("the target has an unknown form") }
        let rest = bytes[scheme.end...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard HTTPAuthority(rest[..<end]) != nil else { throw .bad("the target's authority is not well formed") }
        let authority = String(decoding: rest[..<end], as: UTF8.self)
        if end == rest.endIndex { return (isOptions ? "*" : "/", authority) }
        let path = String(decoding: rest[end...], as: UTF8.self)
        return (rest[end] == UInt8(ascii: "/") ? path : "/" + path, authority)
    }
}
