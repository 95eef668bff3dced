import COpenSSL

/// Keyed hashes (RFC 2104).
public enum MessageCode {
    /// The code of `message` under `key`. Where a key is used again and again, `HMACKey` costs less.
    public static func hmac(_ algorithm: HashAlgorithm, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: algorithm.length)
        var length: UInt32 = 0
        let digest = algorithm == .sha1 ? EVP_sha1() : EVP_sha256()
        let code = HMAC(digest, key, Int32(clamping: key.count), message, message.count, &out, &length)
        // It fails for lack of memory only, where Swift ends the process too; zeros would be a code anyone can write.
        precondition(code != nil, "HMAC failed")
        return out
    }
}
