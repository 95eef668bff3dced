/// `host [":" port]` of a URL or a `Host` field (RFC 3986 §3.2.2, RFC 9110 §7.2).
struct HTTPAuthority: Equatable {
    /// The host as given; IPv6 without its brackets.
    let host: String
    /// 1 to 65535, nil when left out or empty.
    let port: Int?

    /// Reads an authority, nil when it is empty, has user information or any byte a host cannot have.
    init?<Bytes: RandomAccessCollection<UInt8>>(_ bytes: Bytes) where Bytes.Index == Int {
        let hostEnd: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > bytes.startIndex + 2 else { return nil }
            let inner = bytes[(bytes.startIndex + 1)..<close]
            let isAddress = inner.allSatisfy {
                HTTPByte.hexValue($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }
            guard isAddress, inner.contains(UInt8(ascii: ":")) else { return nil }
            host = String(decoding: inner, as: UTF8.self)
            hostEnd = close + 1
        } else {
            hostEnd = bytes.firstIndex(of: HTTPByte.colon) ?? bytes.endIndex
            let name = bytes[..<hostEnd]
            guard !name.isEmpty, name.allSatisfy(Self.isNameByte) else { return nil }
            host = String(decoding: name, as: UTF8.self)
        }
        guard let port = Self.port(bytes[hostEnd...]) else { return nil }
        self.port = port == 0 ? nil : port
    }

    /// The scheme at the start and the place where the authority begins, nil unless it is `http://` or `https://`.
    static func scheme(of bytes: ArraySlice<UInt8>) -> (isTLS: Bool, end: Int)? {
        if HTTPByte.matches(bytes.prefix(7), "http://") { return (false, bytes.startIndex + 7) }
        if HTTPByte.matches(bytes.prefix(8), "https://") { return (true, bytes.startIndex + 8) }
        return nil
    }

    // 0 when there is none, nil when it is wrong.
    private static func port(_ bytes: some RandomAccessCollection<UInt8>) -> Int? {
        guard let first = bytes.first else { return 0 }
        let digits = bytes.dropFirst()
        guard first == HTTPByte.colon, digits.count <= 5, digits.allSatisfy(HTTPByte.isDigit) else { return nil }
        if digits.isEmpty { return 0 }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (1...65535).contains(value) ? value : nil
    }

    // unreserved, sub-delims and percent-encoding of RFC 3986; a strict name check is the caller's business.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        if HTTPByte.isLetter(byte) || HTTPByte.isDigit(byte) { return true }
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"),
            UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="):
            return true
        default:
            return false
        }
    }
}
