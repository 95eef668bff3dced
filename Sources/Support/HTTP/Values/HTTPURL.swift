/// An absolute `http` or `https` URL, reduced to what a client needs (RFC 9110 §4.2).
public struct HTTPURL: Sendable, Hashable {
    /// Where a connection leads to. Requests of one origin share connections.
    public struct Origin: Sendable, Hashable {
        /// Whether TLS is spoken.
        public let isTLS: Bool
        /// The host name in lower case, or a numeric address; IPv6 without brackets.
        public let host: String
        /// 1 to 65535.
        public let port: Int
    }

    /// Scheme, host and port.
    public let origin: Origin
    /// Path and query as sent, always beginning with `/`; a fragment is dropped.
    public let target: String
    /// The value of `Host`: the port is left out when it is the scheme's own.
    public let hostField: String

    /// Makes a URL of its parts, nil when the host, port or target is not well formed.
    public init?(isTLS: Bool, host: String, port: Int, target: String = "/") {
        let isAddress = host.utf8.contains(UInt8(ascii: ":"))
        guard (1...65535).contains(port), !host.isEmpty, host.utf8.count <= 255,
            host.utf8.allSatisfy(isAddress ? Self.isAddressByte : Self.isNameByte),
            target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy(HTTPByte.isTargetByte)
        else { return nil }
        let lower = host.utf8.map(HTTPByte.lowercased)
        let name = String(decoding: lower, as: UTF8.self)
        origin = Origin(isTLS: isTLS, host: name, port: port)
        self.target = target
        let bracketed = isAddress ? "[\(name)]" : name
        hostField = port == (isTLS ? 443 : 80) ? bracketed : bracketed + ":" + String(port)
    }

    /// Reads a URL, nil when it is not an absolute http or https URL. User information is refused (RFC 9110 §4.2.4),
    /// so is anything that is not visible ASCII.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let scheme = HTTPAuthority.scheme(of: bytes[...]) else { return nil }
        let rest = bytes[scheme.end...]
        let authorityEnd = rest.firstIndex {
            $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
        }
        let end = authorityEnd ?? rest.endIndex
        guard let authority = HTTPAuthority(rest[..<end]) else { return nil }
        let fragment = rest[end...].firstIndex(of: UInt8(ascii: "#")) ?? rest.endIndex
        var target = Array(rest[end..<fragment])
        if target.first != UInt8(ascii: "/") { target.insert(UInt8(ascii: "/"), at: 0) }
        self.init(
            isTLS: scheme.isTLS, host: authority.host, port: authority.port ?? (scheme.isTLS ? 443 : 80),
            target: String(decoding: target, as: UTF8.self))
    }

    /// The URL as text.
    public var text: String {
        "\(origin.isTLS ? "https" : "http")://\(hostField)\(target)"
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        HTTPByte.isDigit(byte) || HTTPByte.isLetter(byte)
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        HTTPByte.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
