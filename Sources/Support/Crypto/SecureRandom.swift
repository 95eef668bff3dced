import COpenSSL

/// Random bytes that nobody can predict.
public enum SecureRandom {
    /// Bytes of OpenSSL's generator.
    /// - Returns: `nil` when the system has no entropy, or for a count below 0 or above 2 GB; a caller must not go on
    ///   with a guess.
    public static func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, let length = Int32(exactly: count) else { return nil }
        var out = [UInt8](repeating: 0, count: count)
        return RAND_bytes(&out, length) == 1 ? out : nil
    }
}
