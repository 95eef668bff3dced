import COpenSSL

/// Hash functions of OpenSSL.
public enum HashAlgorithm: String, Sendable, Hashable, CaseIterable {
    case sha1 = "SHA1"
    case sha256 = "SHA256"

    /// Bytes of the digest.
    public var length: Int { self == .sha1 ? 20 : 32 }

    /// The digest of a message.
    public func digest(_ message: some Collection<UInt8>) -> [UInt8] {
        let message = Array(message)
        var out = [UInt8](repeating: 0, count: length)
        switch self {
        case .sha1: SHA1(message, message.count, &out)
        case .sha256: SHA256(message, message.count, &out)
        }
        return out
    }
}

/// Keyed hashes (RFC 2104).
public enum MessageCode {
    /// The code of `message` under `key`.
    public static func hmac(_ algorithm: HashAlgorithm, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: algorithm.length)
        var length: UInt32 = 0
        let digest = algorithm == .sha1 ? EVP_sha1() : EVP_sha256()
        HMAC(digest, key, Int32(clamping: key.count), message, message.count, &out, &length)
        return out
    }
}

/// Whether two byte strings are equal, in a time that depends on their length alone.
public func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
