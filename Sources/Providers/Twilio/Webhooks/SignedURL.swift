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
        guard let mark = url.firstRange(of: "://"), mark.lowerBound > url.startIndex else { return nil }
        scheme = String(url[..<mark.upperBound])
        let rest = url[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        target = String(rest[end...].prefix { $0 != "#" })
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            userInfo = String(authority[...at])
            authority = authority[authority.index(after: at)...]
        } else {
            userInfo = ""
        }
        // The colon of a port stands behind the bracket of an IPv6 address.
        let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
        let colon = authority[afterBracket...].lastIndex(of: ":") ?? authority.endIndex
        host = String(authority[..<colon])
        port = String(authority[colon...])
        guard !host.isEmpty else { return nil }
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
                forms.append(url.withoutPort)
                forms.append(url.withPort)
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
