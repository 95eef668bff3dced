import Foundation
import Testing

@testable import PhoneNumbers

@Suite("Telephone numbers")
struct E164Tests {
    @Test(
        "separators are skipped",
        arguments: ["+41 79 123 45 67", "+41791234567", "+41.79.123-45-67", "+41 (79) 1234567", "  +41791234567 "])
    func separators(_ text: String) throws {
        let number = try E164(parsing: text)
        #expect(number.text == "+41791234567")
        #expect(number.masked == "+4179…67")
        #expect("\(number)" == "+4179…67")
        #expect(E164(digits: number.digits) == number)
    }

    @Test(
        "what is wrong is said",
        arguments: [
            ("", .empty), ("+", .empty), ("  ", .empty), ("0791234567", .noPlus), ("0041791234567", .noPlus),
            ("+0791234567", .leadingZero), ("+4179123456a", .unexpectedCharacter), ("+41/79", .unexpectedCharacter),
            ("+41+791234567", .unexpectedCharacter), ("+٤١٧٩١٢٣٤", .unexpectedCharacter), ("+123456", .tooShort),
            ("+1234567890123456", .tooLong), ("+" + String(repeating: "9", count: 5000), .tooLong),
        ] as [(String, PhoneNumberError.Code)])
    func errors(_ text: String, _ code: PhoneNumberError.Code) {
        #expect(throws: PhoneNumberError(code: code)) { try E164(parsing: text) }
    }

    @Test("from 7 to 15 digits")
    func bounds() throws {
        #expect(try E164(parsing: "+1234567").masked == "+1…67")
        #expect(try E164(parsing: "+999999999999999").digits == 999_999_999_999_999)
        #expect(E164(digits: 999_999) == nil)
        #expect(E164(digits: .max) == nil)
    }

    @Test(
        "countries and ranges",
        arguments: [
            ("+447700900123", "GB", .ordinary), ("+441632960001", "GB", .ordinary), ("+447911170123", "GG", .ordinary),
            ("+447797712345", "JE", .ordinary), ("+447624312345", "IM", .ordinary), ("+447012345678", "GB", .personal),
            ("+449012345678", "GB", .premium), ("+390669812345", "VA", .ordinary), ("+390612345678", "IT", .ordinary),
            ("+77011234567", "KZ", .ordinary), ("+79161234567", "RU", .ordinary), ("+14165551234", "CA", .ordinary),
            ("+12125551234", "US", .ordinary), ("+18765551234", "JM", .ordinary), ("+19005551234", "US", .premium),
            ("+15005550006", "US", .ordinary), ("+41900123456", "CH", .premium), ("+41840123456", "CH", .sharedCost),
            ("+41581234567", "CH", .ordinary), ("+41791234567", "CH", .ordinary), ("+4915112345678", "DE", .ordinary),
            ("+49900123456", "DE", .premium), ("+881612345678", nil, .satellite), ("+870712345678", nil, .satellite),
            ("+88212345678", nil, .satellite), ("+88312345678", nil, .satellite), ("+979123456789", nil, .premium),
            ("+35315302080", "IE", .ordinary), ("+3531530208012", "IE", .premium), ("+9619173210", "LB", .ordinary),
            ("+2101234567", nil, .unknown), ("+10005551234", nil, .unknown), ("+38591123456", "HR", .ordinary),
        ] as [(String, String?, NumberRange)])
    func places(_ text: String, _ country: String?, _ range: NumberRange) throws {
        let number = try E164(parsing: text)
        #expect(number.country == country)
        #expect(number.range == range)
        #expect(number.range.isRefused == (range != .ordinary))
    }

    @Test("the metadata's own example numbers lie where it says")
    func examples() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/numbers.json")
        let examples = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
        #expect(examples.count > 900)
        let letters: [Character: NumberRange] = ["O": .ordinary, "P": .premium, "C": .sharedCost, "N": .personal]
        for (text, value) in examples {
            let number = try E164(parsing: text)
            #expect(number.country == String(value.prefix(2)), "\(text)")
            #expect(value.last.map { letters[$0] } == number.range, "\(text)")
            #expect(number.hasPossibleLength, "\(text)")
        }
    }

    @Test("a number of a length that its country does not have is noticed")
    func lengths() throws {
        #expect(try E164(parsing: "+41791234567").hasPossibleLength)
        #expect(try !E164(parsing: "+4179123456").hasPossibleLength)
        #expect(try !E164(parsing: "+121255512345").hasPossibleLength)
    }

    @Test("no text crashes the reader, and what is read is a number")
    func noCrash() {
        let pieces = ["+", "1", "44", "0", "979", "881", "(", ")", "-", " ", ".", "é", "9", "77009", "\0"]
        var state: UInt64 = 17
        var good = 0
        for _ in 0..<5000 {
            var text = "+"
            for _ in 0..<6 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            guard let number = try? E164(parsing: text) else { continue }
            good += 1
            #expect((8...16).contains(number.text.utf8.count))
            #expect(number.country == number.place.country && number.range == number.place.range)
            _ = number.hasPossibleLength
        }
        #expect(good > 100)
    }
}
