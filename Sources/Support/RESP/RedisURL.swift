import Forms

/// `redis://[USER][:PASSWORD]@HOST[:PORT][/DATABASE]`, or `rediss:` with TLS
/// (https://www.iana.org/assignments/uri-schemes/prov/redis).
public struct RedisURL: Sendable, Hashable {
    /// `rediss:`
    public var isTLS: Bool
    /// A name, or a numeric address without brackets.
    public var host: String
    /// 1...65535; 6379 when absent.
    public var port: Int
    /// `nil` for the default user.
    public var user: String?
    /// `nil` for no authentication.
    public var password: String?
    /// 0 when absent.
    public var database: Int

    /// Reads a URL; `nil` for anything else. User and password are percent-decoded.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let rest: Substring
        if text.hasPrefix("redis://") {
            (isTLS, rest) = (false, text.dropFirst(8))
        } else if text.hasPrefix("rediss://") {
            (isTLS, rest) = (true, text.dropFirst(9))
        } else {
            return nil
        }
        guard !rest.contains("?"), !rest.contains("#") else { return nil }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = rest[slash...].dropFirst()
        guard let database = path.isEmpty ? 0 : Self.number(path, 0...1_000_000) else { return nil }
        self.database = database
        var authority = rest[..<slash]
        if let at = authority.lastIndex(of: "@") {
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = parts.first.map(Self.decoded).flatMap { $0.isEmpty ? nil : $0 }
            password = parts.count > 1 ? Self.decoded(parts[1]) : nil
            // A name alone says nothing.
            guard password != nil, !authority[..<at].contains("@") else { return nil }
            authority = authority[authority.index(after: at)...]
        }
        guard let (host, port) = Self.place(authority) else { return nil }
        (self.host, self.port) = (host, port)
    }

    private static func place(_ authority: Substring) -> (String, Int)? {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard host.utf8.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
                return nil
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                port = authority[authority.index(after: colon)...]
            }
            guard host.utf8.allSatisfy(isNameByte) else { return nil }
        }
        guard !host.isEmpty, host.utf8.count <= 253,
            let number = port.map({ number($0, 1...65_535) }) ?? 6_379
        else { return nil }
        return (String(host), number)
    }

    private static func decoded(_ text: Substring) -> String { PercentCoding.decode(String(text)) }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 7, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    /// Without user and password, as logs and errors may show it.
    public var shown: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return (isTLS ? "rediss://" : "redis://") + "\(name):\(port)/\(database)"
    }
}
