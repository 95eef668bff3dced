import Testing

@testable import Gateway

@Suite("PINs")
struct PINTests {
    @Test(
        "four to twelve digits, with blanks and dashes between them, in whatever script",
        arguments: [
            ("2580", "2580"), (" 25 80\n", "2580"), ("25-80-11", "258011"), ("123456789012", "123456789012"),
            ("٢٥٨٠", "2580"), ("258", nil), ("", nil), ("1234567890123", nil), ("258a", nil), ("+2580", nil),
            ("25.80", nil), ("½2580", nil), ("²580", nil), ("2580!", nil),
        ])
    func read(_ text: String, _ digits: String?) { #expect(PIN(text)?.digits == digits) }

    @Test("what is tried first is known")
    func guessed() throws {
        for (text, isGuessed) in [
            ("0000", true), ("777777", true), ("1234", true), ("456789", true), ("4321", true), ("2580", false),
            ("1235", false), ("9012", false), ("1122", false),
        ] {
            #expect(try #require(PIN(text)).isGuessed == isGuessed, "\(text)")
        }
    }
}
