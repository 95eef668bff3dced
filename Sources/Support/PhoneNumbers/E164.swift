/// An international telephone number (ITU-T E.164): a plus sign and 7 to 15 digits, the first of them not 0.
///
/// That a number is well formed does not mean that anybody has it, nor that its country has numbers of its length;
/// see `country`, `range` and `hasPossibleLength`.
public struct E164: Sendable, Hashable, Comparable {
    /// The digits without the plus sign, as a number: it never begins with 0, so nothing is lost.
    public let digits: UInt64

    /// Reads a number. Blanks, dots, dashes and parentheses are skipped, everything else is an error.
    public init(parsing text: String) throws(PhoneNumberError) {
        var bytes = text.utf8.makeIterator()
        var first = bytes.next()
        while let byte = first, E164.isBlank(byte) { first = bytes.next() }
        guard let first else { throw PhoneNumberError(code: .empty) }
        guard first == UInt8(ascii: "+") else { throw PhoneNumberError(code: .noPlus) }
        var value: UInt64 = 0
        var count = 0
        while let byte = bytes.next() {
            guard (48...57).contains(byte) else {
                guard E164.isSeparator(byte) else { throw PhoneNumberError(code: .unexpectedCharacter) }
                continue
            }
            if count == 0, byte == 48 { throw PhoneNumberError(code: .leadingZero) }
            count += 1
            guard count <= 15 else { throw PhoneNumberError(code: .tooLong) }
            value = value * 10 + UInt64(byte - 48)
        }
        guard count >= 7 else { throw PhoneNumberError(code: count == 0 ? .empty : .tooShort) }
        digits = value
    }

    /// A number from its digits without the plus sign; nil unless there are 7 to 15 of them.
    public init?(digits: UInt64) {
        guard (1_000_000...999_999_999_999_999).contains(digits) else { return nil }
        self.digits = digits
    }

    /// The plus sign and the digits.
    public var text: String { "+\(digits)" }

    /// The number with its middle hidden, for logs: `+4179…67`. A short number shows less of itself.
    public var masked: String {
        let text = text
        let shown = min(5, text.utf8.count - 6)
        return "\(text.prefix(shown))…\(text.suffix(2))"
    }

    /// Ordered by the number, not by the text.
    public static func < (left: E164, right: E164) -> Bool { left.digits < right.digits }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"): true
        default: false
        }
    }
}

extension E164: CustomStringConvertible {
    /// The masked number, so that a number does not reach a log or an error by interpolation.
    public var description: String { masked }
}
