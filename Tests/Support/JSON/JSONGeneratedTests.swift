import JSON
import Testing

/// SplitMix64, so that a failing case can be repeated from its seed.
private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func text() -> String {
        var text = ""
        for _ in 0..<below(12) {
            let bound: UInt32 = [0x30, 0x80, 0x800, 0x11_0000][below(4)]
            if let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: next()) % bound) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 0 ? 8 : 6) {
        case 0: return nil
        case 1: return .bool(below(2) == 0)
        case 2: return .integer(Int64(bitPattern: next()) >> Int64(below(64)))
        case 3:
            let number = Double(bitPattern: next())
            return number.isFinite ? .number(number) : 0.5
        case 4: return .number(Double(below(1_000_000)) / 1000)
        case 5: return .string(text())
        case 6: return .array((0..<below(6)).map { _ in value(depth: depth - 1) })
        default: return .object(JSONObject((0..<below(20)).map { _ in (text(), value(depth: depth - 1)) }))
        }
    }
}

@Suite("Generated JSON")
struct JSONGeneratedTests {
    @Test("what is written reads back the same, compact and pretty", arguments: 0..<20)
    func roundTrip(seed: UInt64) throws {
        var generator = Generator(state: seed)
        for _ in 0..<50 {
            let value = generator.value(depth: 4)
            #expect(try JSONValue(parsing: value.bytes()) == value)
            #expect(try JSONValue(parsing: value.bytes(pretty: true)) == value)
            let canonical = value.canonicalBytes
            #expect(try JSONValue(parsing: canonical).canonicalBytes == canonical)
        }
    }

    @Test("random bytes never crash the parser, and what it accepts reads back the same", arguments: 0..<8)
    func noise(seed: UInt64) throws {
        let alphabet = Array("{}[]\",:\\u0123456789abcdefDntr -+.eE\u{1}\n é".utf8)
        var generator = Generator(state: seed)
        for _ in 0..<2000 {
            let bytes = (0..<generator.below(40)).map { _ in
                generator.below(20) == 0 ? UInt8(generator.below(256)) : alphabet[generator.below(alphabet.count)]
            }
            do throws(JSONError) {
                let value = try JSONValue(parsing: bytes)
                #expect(try JSONValue(parsing: value.bytes()) == value)
            } catch {
                #expect(error.offset <= bytes.count)
            }
        }
    }

    @Test("every cut and every changed byte of a message is refused or read, never a crash")
    func mutations() throws {
        let text = #"{"to":"+447700900123","n":[1,-2.5e3,true,null],"s":"a\u00e9\ud83d\ude00\n","o":{"x":{}}}"#
        let bytes = Array(text.utf8)
        for cut in 0..<bytes.count {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes[..<cut])) }
            #expect(error?.offset ?? .max <= cut)
        }
        var generator = Generator(state: 7)
        for index in bytes.indices {
            for _ in 0..<8 {
                var changed = bytes
                changed[index] = UInt8(generator.below(256))
                guard let value = try? JSONValue(parsing: changed) else { continue }
                #expect(try JSONValue(parsing: value.bytes()) == value)
            }
        }
    }
}
