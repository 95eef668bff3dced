extension HTTPURL {
    /// Where a reference leads that stands in an answer to a request for this URL, such as `Location` (RFC 9110
    /// §10.2.2): absolute, or relative to it (RFC 3986 §5.2). `nil` when it is not well formed, or neither http nor
    /// https.
    public func resolving(_ reference: String) -> HTTPURL? {
        let text = reference.prefix { $0 != "#" }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        if let end = Self.endOfScheme(text) {
            let scheme = text[..<end].lowercased()
            guard scheme == "http" || scheme == "https", text[end...].hasPrefix("://") else { return nil }
            return HTTPURL(String(text))
        }
        let scheme = origin.isTLS ? "https:" : "http:"
        if text.hasPrefix("//") { return HTTPURL(scheme + text) }
        return HTTPURL(scheme + "//" + hostField + resolvedTarget(text))
    }

    /// Before the colon; `nil` where there is no scheme (RFC 3986 §3.1).
    private static func endOfScheme(_ text: Substring) -> String.Index? {
        guard let first = text.utf8.first, HTTPByte.isLetter(first),
            let end = text.firstIndex(where: { $0 == ":" || $0 == "/" || $0 == "?" }), text[end] == ":"
        else { return nil }
        return end
    }

    private func resolvedTarget(_ reference: Substring) -> String {
        let path = target.prefix { $0 != "?" }
        if reference.isEmpty { return target }
        if reference.hasPrefix("?") { return String(path + reference) }
        let mark = reference.firstIndex(of: "?") ?? reference.endIndex
        let merged: String
        if reference.hasPrefix("/") {
            merged = String(reference[..<mark])
        } else {
            // The path always begins with a slash.
            merged = path[...(path.lastIndex(of: "/") ?? path.startIndex)] + String(reference[..<mark])
        }
        return Self.withoutDots(merged) + reference[mark...]
    }

    /// RFC 3986 §5.2.4.
    private static func withoutDots(_ path: String) -> String {
        var out: [Substring] = []
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { out.append("") }
            case "..":
                _ = out.popLast()
                if isLast { out.append("") }
            default: out.append(part)
            }
        }
        return "/" + out.joined(separator: "/")
    }
}
