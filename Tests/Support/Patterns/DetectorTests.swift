import Testing

@testable import Patterns

@Suite("Card and account numbers")
struct DetectorTests {
    @Test(
        "card numbers are found, with separators and among words",
        arguments: [
            "4111111111111111", "My card is 4111 1111 1111 1111, thanks", "5555-5555-5555-4444", "378282246310005",
            "30569309025904", "6011.1111.1111.1117", "3530111333300000", "x4222222222222y", "2223003122003222",
            "Order 2026 4111 1111 1111 1111 12/29", "6304000000000000", "4111 1111 1111 1111 123",
        ])
    func cards(_ text: String) {
        #expect(CardNumbers.found(in: text))
    }

    @Test(
        "other numbers are not",
        arguments: [
            "", "4111111111111112", "+41 79 123 45 67", "1234567890123456", "41111111111111111111111",
            "4111  1111 1111 1111",
            "4111/1111/1111/1111", "0000000000000000", "Call +447700900123 or 020 7946 0001", "2026-11-23 18:31:00",
            "４１１１１１１１１１１１１１１１", "411111111111", "1.2.3.4.5.6.7.8",
        ])
    func noCards(_ text: String) {
        #expect(!CardNumbers.found(in: text))
    }

    @Test(
        "account numbers are found, with blanks and in small letters",
        arguments: [
            "CH9300762011623852957", "CH93 0076 2011 6238 5295 7", "pay to de89370400440532013000 please",
            "GB29 NWBK 6016 1331 9268 19.", "NO9386011117947", "(FR1420041010050500013M02606)",
            "MT84MALT011000012345MTLCAST001S", "IBAN:HR1210010051863000160", "GR16 0110 1250 0000 0001 2300 695",
        ])
    func accounts(_ text: String) {
        #expect(IBANs.found(in: text))
    }

    @Test(
        "other texts are not",
        arguments: [
            "", "CH9300762011623852958", "CH93 0076 2011 6238 5295", "CH93  0076 2011 6238 5295 7",
            "XCH9300762011623852957",
            "CH93007620116238529571", "ORDER12345678901234567", "GB29NWBK601613319268190", "DE89",
            "the quick brown fox jumps over",
        ])
    func noAccounts(_ text: String) {
        #expect(!IBANs.found(in: text))
    }
}
