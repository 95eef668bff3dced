import COpenSSL

/// The digest of a message that comes in pieces (OpenSSL's EVP). One thread at a time uses it.
public final class StreamingDigest {
    private let context: OpaquePointer?
    private let length: Int

    /// The digest of nothing so far.
    public init(_ algorithm: HashAlgorithm) {
        length = algorithm.length
        context = EVP_MD_CTX_new()
        // Both fail for lack of memory only, where Swift ends the process too.
        let isBegun =
            context != nil && EVP_DigestInit_ex(context, algorithm == .sha1 ? EVP_sha1() : EVP_sha256(), nil) == 1
        precondition(isBegun, "the digest failed")
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to the message.
    public func update(_ bytes: [UInt8]) {
        let isAdded = EVP_DigestUpdate(context, bytes, bytes.count)
        precondition(isAdded == 1, "the digest failed")
    }

    /// The digest of all that was added; once, at the end.
    public func finish() -> [UInt8] {
        var out = [UInt8](repeating: 0, count: length)
        let isFinished = EVP_DigestFinal_ex(context, &out, nil)
        precondition(isFinished == 1, "the digest failed")
        return out
    }
}
