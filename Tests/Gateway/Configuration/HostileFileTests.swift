import Crypto
import Gateway
import Testing

@Suite("Hostile files")
struct HostileFileTests {
    @Test("changed bytes, lines and words of the shipped file never crash the reader", arguments: 0..<8)
    func mutations(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) + 1)
        let original = Array(try TestFiles.shipped().utf8)
        let reader = TestCatalogue.reader()
        var refused = 0
        for _ in 0..<40 {
            var bytes = original
            for _ in 0...Int(random.next() % 4) { mutate(&bytes, &random) }
            let reading = reader.read(bytes, file: "f")
            let hasError = reading.diagnostics.contains { $0.severity == .error }
            #expect((reading.configuration == nil) == hasError)
            refused += hasError ? 1 : 0
        }
        #expect(refused > 5)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard bytes.count > 2 else { return }
        let place = Int(random.next() % UInt64(bytes.count - 1))
        let length = min(Int(random.next() % 40), bytes.count - place - 1)
        switch random.next() % 5 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.removeSubrange(place..<(place + length))
        case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
        case 3:
            let words = [
                "99999999999999999999", "${", "\u{0}", "&a", "*a", "{", "- ", "[[[[", ": ", "é", "-1", "1e999",
            ]
            bytes.insert(contentsOf: Array(words[Int(random.next() % UInt64(words.count))].utf8), at: place)
        default:
            let other = Int(random.next() % UInt64(bytes.count - length))
            bytes.replaceSubrange(place..<(place + length), with: Array(bytes[other..<(other + length)]))
        }
    }

    @Test("five thousand rules are read, and as many errors are bounded")
    func many() throws {
        var text = """
            version: 1
            countries: { allow: [CH] }
            providers: { twilio: { api: simulator } }
            channels: { sms: { adapter: sms, provider: twilio, from: "+41791234567" } }
            policies: { plain: { fallback: [{ channel: sms }] } }
            rules:
              outbound:

            """
        for index in 0..<5000 { text += "    - { name: r\(index), when: { topic: t\(index) }, policy: plain }\n" }
        text += "    - { name: last, policy: plain }\n"
        let reading = TestCatalogue.read(text)
        #expect(reading.diagnostics.isEmpty)
        #expect(reading.configuration?.outboundRules.count == 5001)
        let broken = TestCatalogue.read(text.replacing("policy: plain", with: "policy: plane"))
        #expect(broken.diagnostics.count == 1000)
    }

    @Test("an error behind a thousand warnings still refuses the file")
    func behind() {
        var text = "version: 1\ncountries: { allow: [CH] }\nproviders: { twilio: { api: simulator } }\n"
        text += "channels: { sms: { adapter: sms, provider: twilio, from: \"+41791234567\" } }\npolicies:\n"
        for index in 0..<1100 { text += "  p\(index): { fallback: [{ channel: sms, when: never }] }\n" }
        text += "rules: { outbound: [{ name: all, policy: nowhere }] }\n"
        let reading = TestCatalogue.read(text)
        #expect(reading.diagnostics.count == 501)
        #expect(reading.diagnostics.last?.code == "unknown_policy")
        #expect(reading.configuration == nil)
    }

    @Test(
        "deep nesting, alias bombs and other encodings are refused",
        arguments: [
            String(repeating: "[", count: 10_000), "a: &a [x,x]\nb: &b [*a,*a]\nversion: *c\n",
            "\u{FEFF}version: 1\u{0}",
            "%YAML 9.9\n---\nversion: 1", "!!binary aGk=", "version: 1\n---\nversion: 1\n",
        ])
    func refused(_ text: String) {
        let reading = TestCatalogue.read(text)
        #expect(reading.configuration == nil)
        #expect(reading.diagnostics.contains { $0.severity == .error })
    }
}
