import COpenSSL

/// A key that is hashed ahead: a code starts from what the hash holds after the key's block, inside and outside
/// (RFC 2104 section 4), and costs the blocks of its message and one more.
///
/// A value without memory of its own, so that threads share it without a lock. It uses the hash's own functions, because a
/// context of OpenSSL's EVP costs nearly as much as the hash of a short message.
public struct HMACKey: Sendable {
    private enum Start {
        case sha1(inner: SHA_CTX, outer: SHA_CTX)
        case sha256(inner: SHA256_CTX, outer: SHA256_CTX)
    }

    /// Bytes that both hashes take at a time.
    private static let block = 64

    private let start: Start

    /// A key of any length.
    public init(_ algorithm: HashAlgorithm, key: [UInt8]) {
        let short = key.count > Self.block ? algorithm.digest(key) : key
        let full = short + repeatElement(0, count: Self.block - short.count)
        let (inner, outer) = (full.map { $0 ^ 0x36 }, full.map { $0 ^ 0x5C })
        switch algorithm {
        case .sha1: start = .sha1(inner: gw_sha1_start(inner, inner.count), outer: gw_sha1_start(outer, outer.count))
        case .sha256:
            start = .sha256(inner: gw_sha256_start(inner, inner.count), outer: gw_sha256_start(outer, outer.count))
        }
    }

    /// The code of a message.
    public func code(_ message: [UInt8]) -> [UInt8] {
        switch start {
        case .sha1(let inner, let outer):
            var code = [UInt8](repeating: 0, count: HashAlgorithm.sha1.length)
            gw_hmac_sha1(inner, outer, message, message.count, &code)
            return code
        case .sha256(let inner, let outer):
            var code = [UInt8](repeating: 0, count: HashAlgorithm.sha256.length)
            gw_hmac_sha256(inner, outer, message, message.count, &code)
            return code
        }
    }
}
