/// Why a text is not a telephone number.
public struct PhoneNumberError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// There is nothing.
        case empty = "number_empty"
        /// It does not begin with a plus sign.
        case noPlus = "number_without_plus"
        /// It holds something that is neither a digit nor a separator.
        case unexpectedCharacter = "number_unexpected_character"
        /// It begins with a zero after the plus sign.
        case leadingZero = "number_leading_zero"
        /// It has fewer than 7 digits.
        case tooShort = "number_too_short"
        /// It has more than 15 digits.
        case tooLong = "number_too_long"
    }

    /// What is wrong.
    public let code: Code

    /// What is wrong and what to do, for a person; never a part of the number.
    public var message: String {
        switch code {
        case .empty: "the number is empty"
        case .noPlus: "the number must be international: '+', country code, number, such as +41791234567"
        case .unexpectedCharacter:
            "the number holds a character that is neither a digit nor a blank, dot, dash or parenthesis"
        case .leadingZero: "no country code begins with 0: leave out the 00 or 0 after the '+'"
        case .tooShort: "the number has fewer than 7 digits"
        case .tooLong: "the number has more than 15 digits"
        }
    }

    /// The message.
    public var description: String { message }
}
