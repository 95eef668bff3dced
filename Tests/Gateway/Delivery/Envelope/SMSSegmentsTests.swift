import Foundation
import Testing

@testable import Gateway

@Suite("Segments of short messages")
struct SMSSegmentsTests {
    struct Fixture: Decodable {
        struct Vector: Decodable {
            let id: String
            let text: String
            let encoding: String
            let units: Int
            let segments: Int
        }

        let vectors: [Vector]
        let gsm7_basic: [String?]
        let gsm7_extension: [String: Int]
    }

    private static func fixture() throws -> Fixture {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/sms-segments.json")
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }

    @Test("every vector has its encoding, its length and its segments")
    func vectors() throws {
        let vectors = try SMSSegmentsTests.fixture().vectors
        #expect(vectors.count >= 34)
        for vector in vectors {
            let size = SMSSegments.count(vector.text)
            #expect(size.encoding.rawValue == vector.encoding, "\(vector.id)")
            #expect(size.units == vector.units, "\(vector.id)")
            #expect(size.segments == vector.segments, "\(vector.id)")
        }
    }

    @Test("the alphabet is that of the standard, and nothing else up to U+FFFF is in it")
    func alphabet() throws {
        let fixture = try SMSSegmentsTests.fixture()
        var sizes: [Unicode.Scalar: Int] = [:]
        for character in fixture.gsm7_basic.compactMap({ $0 }) {
            for scalar in character.unicodeScalars { sizes[scalar] = 1 }
        }
        for character in fixture.gsm7_extension.keys { for scalar in character.unicodeScalars { sizes[scalar] = 2 } }
        #expect(sizes.count == 137)
        var wrong: [Unicode.Scalar] = []
        for scalar in (UInt32(0)...0xFFFF).compactMap(Unicode.Scalar.init) {
            let counted = SMSSegments.count(String(Character(scalar)))
            let isGSM = counted.encoding == .gsm7
            if isGSM != (sizes[scalar] != nil) || counted.units != sizes[scalar] ?? 1 { wrong.append(scalar) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("the character that makes a text dear is found")
    func outside() {
        #expect(SMSSegments.firstOutsideGSM(in: "plain €") == nil)
        #expect(SMSSegments.firstOutsideGSM(in: "it’s") == "’")
    }

    @Test("pairs are never divided", arguments: [("a", "€", 153, 2), ("ж", "😀", 67, 2)])
    func pairs(_ filler: String, _ pair: String, _ part: Int, _ size: Int) {
        // The first segment has room for one more unit, so the pair goes to the second.
        let text = String(repeating: filler, count: part - 1) + pair + String(repeating: filler, count: part - 1)
        #expect(SMSSegments.count(text).units == part * 2)
        #expect(SMSSegments.count(text).segments == 3)
    }
}
