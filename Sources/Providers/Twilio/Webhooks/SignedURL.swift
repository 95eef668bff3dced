/// The forms in which the provider may have signed a webhook's URL.
///
/// It is inconsistent about ports, and proxies about the case of the host; the path and query are taken as they came
/// over the wire.
struct SignedURL: Sendable, Hashable {
    /// With `://`.
    let scheme: String
    /// With `@`, or empty.
    let userInfo: String
    let host: String
    /// With the colon, or empty.
    let port: String
    /// Path and query.
    let target: String

    /// Takes a URL apart; `nil` without a scheme or host.
    init?(_ url: String) {
        // Bytes, not characters: a combining mark must not hide a delimiter.
        let bytes = url.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
            bytes[colon...].starts(with: "://".utf8)
        else { return nil }
        let start = bytes.index(colon, offsetBy: 3)
        let rest = bytes[start...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let fragment = bytes[end...].firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        var authority = bytes[start..<end]
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            authority = authority[authority.index(after: at)...]
        }
        // The colon of a port stands behind the bracket of an IPv6 address.
        let bracket = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        let port = authority[bracket...].lastIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        guard port > authority.startIndex else { return nil }
        scheme = String(url[..<start])
        userInfo = String(url[start..<authority.startIndex])
        host = String(url[authority.startIndex..<port])
        self.port = String(url[port..<end])
        target = String(url[end..<fragment])
    }

    /// Without any port.
    var withoutPort: String { scheme + userInfo + host + target }

    /// With its port, else 443 for https and 80 for everything else.
    var withPort: String {
        let own = port.isEmpty ? (scheme == "https://" ? ":443" : ":80") : port
        return scheme + userInfo + host + own + target
    }

    /// Every form that is accepted, the likeliest first.
    var forms: [String] {
        var forms: [String] = []
        var hosts = [host]
        if host.lowercased() != host { hosts.append(host.lowercased()) }
        for host in hosts {
            for userInfo in userInfo.isEmpty ? [""] : [userInfo, ""] {
                let url = SignedURL(scheme: scheme, userInfo: userInfo, host: host, port: port, target: target)
                // Mostly it signs the URL that it was given.
                forms += port.isEmpty ? [url.withoutPort, url.withPort] : [url.withPort, url.withoutPort]
            }
        }
        return forms
    }

    private init(scheme: String, userInfo: String, host: String, port: String, target: String) {
        self.scheme = scheme
        self.userInfo = userInfo
        self.host = host
        self.port = port
        self.target = target
    }
}
