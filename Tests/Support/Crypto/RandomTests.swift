import Crypto
import Testing

@Suite("Random numbers and table hashes")
struct RandomTests {
    // The first outputs of the reference implementation (key 00…0f, message 00, 01, 02 …) as little-endian bytes.
    static let sipVectors = [
        "310e0edd47db6f72", "fd67dc93c539f874", "5a4fa9d909806c0d", "2d7efbd796666785", "b7877127e09427cf",
        "8da699cd64557618", "cee3fe586e46c9cb", "37d1018bf50002ab", "6224939a79f5f593", "b0e4a90bdf82009e",
        "f3b9dd94c5bb5d7a", "a7ad6b22462fb3f4", "fbe50e86bc8f1e75", "903d84c02756ea14", "eef27a8e90ca23f7",
        "e545be4961ca29a1",
    ]

    @Test("SipHash-2-4 matches the reference vectors", arguments: 0..<16)
    func sipHash(length: Int) {
        let hash = SipHash(key0: 0x0706_0504_0302_0100, key1: 0x0F0E_0D0C_0B0A_0908)
        let value = hash.hash((0..<length).map(UInt8.init))
        let bytes = withUnsafeBytes(of: value.littleEndian) { Array($0) }
        #expect(Hex.encode(bytes) == Self.sipVectors[length])
    }

    @Test("a string has the hash of its bytes, and another one under another key")
    func sipHashOfText() {
        let hash = SipHash(key0: 1, key1: 2)
        #expect(hash.hash("order-4711 é") == hash.hash(Array("order-4711 é".utf8)))
        #expect(SipHash(key0: 1, key1: 3).hash("order-4711") != hash.hash("order-4711"))
    }

    @Test("the seeded generator gives the reference sequence")
    func splitMix() {
        var random = SeededRandom(seed: 1_234_567)
        let numbers = (0..<5).map { _ in random.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("numbers below a bound stay below it and reach both ends")
    func bounds() {
        var random = SeededRandom(seed: 9)
        var seen = Set<UInt64>()
        for _ in 0..<1000 { seen.insert(random.below(7)) }
        #expect(seen == Set(0..<7))
        #expect(random.below(0) == 0)
        #expect(random.below(1) == 0)
        for _ in 0..<1000 { #expect((0..<1).contains(random.unit())) }
    }

    @Test("secure bytes have the length asked for and differ")
    func secure() throws {
        let one = try #require(SecureRandom.bytes(32))
        #expect(one.count == 32)
        #expect(SecureRandom.bytes(32) != one)
        #expect(SecureRandom.bytes(0) == [])
        #expect(SecureRandom.bytes(-1) == nil)
        #expect(SecureRandom.bytes(.max) == nil)
    }
}
