/// An absolute http or https URL without user, query and fragment: `scheme://host[:port][/path]`.
struct BaseURL {
    var isSecure: Bool
    /// Lower case, IPv6 without brackets.
    var host: String
    /// Without a trailing slash.
    var text: String

    /// `nil` for anything else.
    init?(_ source: String) {
        let lower = source.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), source.utf8.count <= 2000,
            source.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !source.contains(where: { "@?#\\".contains($0) })
        else { return nil }
        isSecure = lower.hasPrefix("https://")
        let authority = lower.dropFirst(isSecure ? 8 : 7).prefix { $0 != "/" }
        guard let address = HostAndPort(String(authority), portIsOptional: true) else { return nil }
        host = address.host
        var trimmed = Substring(source)
        while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        text = String(trimmed)
    }

    /// Whether the host is this machine: `localhost`, a name below it, 127.0.0.0/8 or ::1.
    var isLoopback: Bool { HostAndPort.isLoopback(host) }
}

/// `host:port`.
struct HostAndPort {
    var host: String
    var port: UInt16?

    /// Reads `name:80`, `127.0.0.1:80` or `[::1]:80`; `nil` for anything else.
    init?(_ text: String, portIsOptional: Bool = false) {
        var rest = Substring(text)
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            host = String(rest.prefix { $0 != ":" })
            rest = rest.dropFirst(host.count)
            guard Self.isHostName(host) else { return nil }
        }
        guard rest.hasPrefix(":") else {
            guard rest.isEmpty, portIsOptional else { return nil }
            return
        }
        guard let number = ScalarText.integer(rest.dropFirst()), let port = UInt16(exactly: number) else { return nil }
        self.port = port
    }

    private static func isHostName(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_") }
    }

    /// Whether a host is this machine.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in ScalarText.integer(part).map { $0 < 256 } ?? false }
    }
}
