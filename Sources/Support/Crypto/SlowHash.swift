import COpenSSL

/// Hashes of secrets so short that they can be tried out: each costs memory and time (scrypt, RFC 7914).
public enum SlowHash {
    /// 16 MiB and some 40 ms of a core: what OWASP's password storage cheat sheet gives as 2^14, 8, 5 with a third of the
    /// time, for who may try only a few times an hour anyway.
    private static let cost: UInt64 = 1 << 14
    private static let blockSize: UInt64 = 8
    private static let parallelism: UInt64 = 1
    private static let length = 32

    /// The hash with its salt and parameters, as text: `scrypt$14$8$1$SALT$HASH`, both as lower-case hex.
    /// - Returns: `nil` when the system has no entropy or no memory.
    public static func text(of secret: String) -> String? {
        guard let salt = SecureRandom.bytes(16),
            let hash = derive(secret, salt, (cost, blockSize, parallelism), length)
        else { return nil }
        let power = cost.trailingZeroBitCount
        return "scrypt$\(power)$\(blockSize)$\(parallelism)$\(Hex.encode(salt))$\(Hex.encode(hash))"
    }

    /// Whether a text was made of this secret; `false` also for what is no such text. Its time does not tell where they
    /// differ.
    public static func matches(_ secret: String, _ text: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let power = UInt64(parts[1]), 1...20 ~= power,
            let blockSize = UInt64(parts[2]), 1...32 ~= blockSize, let parallelism = UInt64(parts[3]),
            1...16 ~= parallelism, let salt = Hex.decode(String(parts[4])), let hash = Hex.decode(String(parts[5])),
            hash.count >= 16, let found = derive(secret, salt, (1 << power, blockSize, parallelism), hash.count)
        else { return false }
        return constantTimeEquals(found, hash)
    }

    /// The key that RFC 7914 derives; `nil` for parameters that it does not allow, or more than 64 MiB.
    static func derive(
        _ secret: String, _ salt: [UInt8], _ parameters: (cost: UInt64, blockSize: UInt64, parallelism: UInt64),
        _ length: Int
    ) -> [UInt8]? {
        var out = [UInt8](repeating: 0, count: length)
        let result = EVP_PBE_scrypt(
            secret, secret.utf8.count, salt, salt.count, parameters.cost, parameters.blockSize,
            parameters.parallelism, 64 << 20, &out, length)
        return result == 1 ? out : nil
    }
}
