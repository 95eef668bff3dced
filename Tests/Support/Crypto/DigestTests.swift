import Crypto
import Testing

@Suite("Hashes and keyed hashes")
struct DigestTests {
    static let digests: [(HashAlgorithm, String, String)] = [
        (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            .sha1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ), (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("digests match the examples of FIPS 180", arguments: digests)
    func digest(algorithm: HashAlgorithm, message: String, expected: String) {
        #expect(Hex.encode(algorithm.digest(message.utf8)) == expected)
        #expect(algorithm.digest(Array(message.utf8)).count == algorithm.length)
    }

    @Test("a million letters match the long examples of FIPS 180")
    func longMessage() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(Hex.encode(HashAlgorithm.sha1.digest(message)) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Hex.encode(HashAlgorithm.sha256.digest(message)) == expected)
    }

    struct Vector: Sendable, CustomTestStringConvertible {
        let algorithm: HashAlgorithm
        let key: [UInt8]
        let message: [UInt8]
        let code: String
        var testDescription: String { "\(algorithm) \(code)" }

        init(_ algorithm: HashAlgorithm, _ key: [UInt8], _ message: [UInt8], _ code: String) {
            (self.algorithm, self.key, self.message, self.code) = (algorithm, key, message, code)
        }
    }

    static func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
    static let largeKey = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
    static let largeBoth =
        "This is a test using a larger than block-size key and a larger than block-size data. "
        + "The key needs to be hashed before being used by the HMAC algorithm."

    // RFC 2202 section 3 (SHA-1) and RFC 4231 section 4 (SHA-256).
    static let codes: [Vector] = [
        Vector(.sha1, bytes(0x0B, 20), Array("Hi There".utf8), "b617318655057264e28bc0b6fb378c8ef146be00"),
        Vector(
            .sha1, Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        Vector(.sha1, bytes(0xAA, 20), bytes(0xDD, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
        Vector(.sha1, Array(1...25), bytes(0xCD, 50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
        Vector(.sha1, bytes(0xAA, 80), largeKey, "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        Vector(
            .sha256, bytes(0x0B, 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            .sha256, Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            .sha256, bytes(0xAA, 20), bytes(0xDD, 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            .sha256, Array(1...25), bytes(0xCD, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            .sha256, bytes(0xAA, 131), largeKey, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            .sha256, bytes(0xAA, 131), Array(largeBoth.utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        Vector(.sha256, [], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        Vector(.sha1, [], [], "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"),
    ]

    @Test("keyed hashes match RFC 2202 and RFC 4231, at once and by a kept key", arguments: codes)
    func hmac(vector: Vector) {
        let code = MessageCode.hmac(vector.algorithm, key: vector.key, vector.message)
        #expect(Hex.encode(code) == vector.code)
        let key = HMACKey(vector.algorithm, key: vector.key)
        #expect(key.code(vector.message) == code)
        #expect(key.code([1, 2, 3]) == MessageCode.hmac(vector.algorithm, key: vector.key, [1, 2, 3]))
        #expect(key.code(vector.message) == code)
    }

    @Test("keys work every time they are made, whatever memory was used before")
    func manyKeys() {
        let expected = MessageCode.hmac(.sha256, key: [1], [2])
        for round in 0..<2_000 {
            let noise = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: round % 64)
            #expect(HMACKey(.sha256, key: [1]).code([2]) == expected)
            #expect(HMACKey(.sha1, key: noise).code(noise) == MessageCode.hmac(.sha1, key: noise, noise))
        }
    }

    @Test("byte strings are equal only in every byte and in length")
    func comparison() {
        #expect(constantTimeEquals([], []))
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([0, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2], [1, 2, 3]))
        #expect(!constantTimeEquals([], [0]))
    }
}
