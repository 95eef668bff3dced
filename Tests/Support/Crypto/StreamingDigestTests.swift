import Testing

@testable import Crypto

@Suite("digests of what comes in pieces")
struct StreamingDigestTests {
    @Test(
        "are those of the whole, however it is cut", arguments: [HashAlgorithm.sha1, .sha256],
        [0, 1, 63, 64, 65, 1_000])
    func pieces(_ algorithm: HashAlgorithm, _ size: Int) {
        let message = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for step in [1, 10, 64, 1_000] {
            let digest = StreamingDigest(algorithm)
            for start in stride(from: 0, to: size, by: step) {
                digest.update(Array(message[start..<min(size, start + step)]))
            }
            digest.update([])
            #expect(digest.finish() == algorithm.digest(message))
        }
    }
}
