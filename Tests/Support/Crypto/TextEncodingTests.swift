import Crypto
import Testing

@Suite("Base 64 and hexadecimal")
struct TextEncodingTests {
    // RFC 4648 section 10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("base 64 matches the vectors of RFC 4648", arguments: vectors)
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        let bare = String(encoded.prefix { $0 != "=" })
        #expect(Base64.encodeURL(Array(plain.utf8)) == bare)
        #expect(Base64.decodeURL(bare) == Array(plain.utf8))
    }

    @Test("the URL alphabet has minus and underscore instead of plus and slash")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
        #expect(Base64.encodeURL([0xFB, 0xFF, 0xBF]) == "-_-_")
        #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decodeURL("-_-_") == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decode("-_-_") == nil)
        #expect(Base64.decodeURL("+/+/") == nil)
    }

    @Test(
        "base 64 that is not exact is refused",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zm8", "Z", "====", "Zg==Zg==", "Zm=v", "Zh==", "Zm9=", " Zg==", "Zg==\n", "Zé==",
            "Zm9v=", "=", "A===",
        ])
    func refusedBase64(text: String) { #expect(Base64.decode(text) == nil) }

    @Test("URL base 64 that is not exact is refused", arguments: ["Z", "Zg==", "Zh", "Zm9vY", "Zm 9", "Zm8="])
    func refusedBase64URL(text: String) { #expect(Base64.decodeURL(text) == nil) }

    @Test("every length of bytes comes back from every encoding")
    func roundTrip() {
        var random = SeededRandom(seed: 3)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test("hexadecimal is written in lower case and read in both")
    func hexadecimal() {
        #expect(Hex.encode([0x00, 0x1F, 0xAB, 0xFF]) == "001fabff")
        #expect(Hex.decode("001FabFF") == [0x00, 0x1F, 0xAB, 0xFF])
        for text in ["0", "0g", "g0", "00 ", "é"] { #expect(Hex.decode(text) == nil) }
    }
}
