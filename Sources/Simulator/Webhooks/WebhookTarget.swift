import HTTP

/// Where a webhook goes: the URL without its fragment, and what the fragment overrides.
struct WebhookTarget: Equatable {
    /// The URL as it is called and signed.
    var url: String
    /// The whole exchange may take so many milliseconds.
    var timeout: Int64 = 15_000
    /// How often it is tried again.
    var retries = 1
    /// When it is tried again: `ct` (no connection), `rt` (no answer in time), `4xx`, `5xx`, `all`.
    var retryOn: Set<String> = ["ct"]

    /// Reads `ct`, `rt`, `tt`, `rc` and `rp` of the fragment; what is out of range is ignored.
    init(_ text: String) {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "#")) else {
            url = text
            return
        }
        url = String(text[..<mark])
        for pair in text[text.utf8.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "tt", "rt":
                if let value = Int64(parts[1]), (100...15_000).contains(value) { timeout = min(timeout, value) }
            case "rc":
                if let value = Int(parts[1]), (0...5).contains(value) { retries = value }
            case "rp":
                retryOn = Set(parts[1].split(separator: ",").map(String.init))
            default: continue
            }
        }
    }

    /// Whether a result is one to try again after.
    func retries(after result: Result<HTTPResponse, WebhookFailure>) -> Bool {
        if retryOn.contains("all") { return !Self.isGood(result) }
        switch result {
        case .failure(.connect): return retryOn.contains("ct")
        case .failure: return retryOn.contains("rt")
        case .success(let response):
            return (400...499).contains(response.status) && retryOn.contains("4xx")
                || response.status >= 500 && retryOn.contains("5xx")
        }
    }

    private static func isGood(_ result: Result<HTTPResponse, WebhookFailure>) -> Bool {
        if case .success(let response) = result { response.status < 400 } else { false }
    }

    /// Whether a text can be a webhook's URL: http or https, a host without underscores.
    static func isURL(_ text: String) -> Bool {
        guard let url = HTTPURL(WebhookTarget(text).url) else { return false }
        return !url.origin.host.utf8.contains(UInt8(ascii: "_"))
    }

    /// Resolves a reference against the URL of the document it stands in (RFC 3986 §5.2, without fragments).
    static func resolve(_ reference: String, against base: String) -> String {
        let base = WebhookTarget(base).url
        if reference.isEmpty { return base }
        if reference.hasPrefix("http://") || reference.hasPrefix("https://") { return reference }
        guard let colon = base.firstIndex(of: ":"), base[colon...].hasPrefix("://") else { return reference }
        if reference.hasPrefix("//") { return base[...colon] + reference }
        let rest = base[base.index(colon, offsetBy: 3)...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let origin = base[..<end]
        if reference.hasPrefix("/") { return origin + normalized(reference) }
        let path = base[end...].prefix { $0 != "?" }
        if reference.hasPrefix("?") { return origin + path + reference }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return origin + normalized(folder + reference)
    }

    /// Removes `.` and `..` from the path (RFC 3986 §5.2.4); the query stays.
    private static func normalized(_ target: String) -> String {
        let mark = target.firstIndex { $0 == "?" || $0 == "#" } ?? target.endIndex
        var kept: [Substring] = []
        let pieces = target[..<mark].split(separator: "/", omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            if piece == "." || piece == ".." {
                if piece == "..", kept.count > 1 { kept.removeLast() }
                if index == pieces.count - 1 { kept.append("") }
            } else {
                kept.append(piece)
            }
        }
        return kept.joined(separator: "/") + target[mark...]
    }
}
