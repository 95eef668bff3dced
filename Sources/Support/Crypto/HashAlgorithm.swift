import COpenSSL

/// Hash functions of OpenSSL (FIPS 180-4).
public enum HashAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// 20 bytes; broken for signatures, still good inside HMAC.
    case sha1 = "SHA1"
    /// 32 bytes.
    case sha256 = "SHA256"

    /// Bytes of the digest.
    public var length: Int { self == .sha1 ? 20 : 32 }

    /// The digest of a message.
    public func digest(_ message: some Collection<UInt8>) -> [UInt8] {
        let message = Array(message)
        var out = [UInt8](repeating: 0, count: length)
        let result =
            switch self {
            case .sha1: SHA1(message, message.count, &out)
            case .sha256: SHA256(message, message.count, &out)
            }
        // It fails for lack of memory only, where Swift ends the process too; zeros would be nobody's digest.
        precondition(result != nil, "the digest failed")
        return out
    }
}
