import Testing

@testable import Crypto

@Suite("Hashes of short secrets")
struct SlowHashTests {
    @Test("keys match the examples of RFC 7914 section 12")
    func vectors() throws {
        let examples: [(String, String, UInt64, UInt64, UInt64, String)] = [
            (
                "", "", 16, 1, 1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
            (
                "password", "NaCl", 1_024, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
            (
                "pleaseletmein", "SodiumChloride", 16_384, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ]
        for (secret, salt, cost, block, parallel, key) in examples {
            let found = SlowHash.derive(secret, Array(salt.utf8), (cost, block, parallel), 64)
            #expect(try Hex.encode(#require(found)) == key)
        }
        #expect(SlowHash.derive("a", [1], (3, 8, 1), 32) == nil, "no power of two")
        #expect(SlowHash.derive("a", [1], (1 << 20, 8, 1), 32) == nil, "a gigabyte")
    }

    @Test("a secret matches its own text alone, and each text has a salt of its own")
    func texts() throws {
        let text = try #require(SlowHash.text(of: "2580"))
        #expect(text.hasPrefix("scrypt$14$8$1$"))
        #expect(SlowHash.matches("2580", text))
        #expect(!SlowHash.matches("2581", text) && !SlowHash.matches("", text))
        #expect(try #require(SlowHash.text(of: "2580")) != text)
    }

    @Test(
        "what is no such text matches nothing",
        arguments: [
            "", "scrypt", "scrypt$14$8$1$00$", "scrypt$14$8$1$$00112233445566778899aabbccddeeff",
            "scrypt$99$8$1$00$00112233445566778899aabbccddeeff", "scrypt$-1$8$1$00$00", "bcrypt$14$8$1$00$00",
            "scrypt$14$8$1$0g$00112233445566778899aabbccddeeff", "scrypt$20$32$1$00$00112233445566778899aabbccddeeff",
        ])
    func broken(_ text: String) { #expect(!SlowHash.matches("2580", text)) }
}
