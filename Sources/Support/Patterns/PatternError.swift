/// Why a pattern cannot be read.
public struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// A bracket or parenthesis that is never closed or never opened.
        case unbalanced = "pattern_unbalanced"
        /// A repetition with nothing to repeat, of a repetition, or with impossible bounds.
        case badRepetition = "pattern_bad_repetition"
        /// A class whose range runs backwards, or that is empty.
        case badClass = "pattern_bad_class"
        /// A backslash with something that has no meaning.
        case badEscape = "pattern_bad_escape"
        /// Something that other engines have and that cannot be matched in linear time, or is not offered.
        case unsupported = "pattern_unsupported"
        /// A letter behind the pattern that is not one of i, s and m, or is there twice.
        case badFlag = "pattern_bad_flag"
        /// The pattern is too long, too deep, or repeats too much.
        case tooLarge = "pattern_too_large"
        /// A text that should be `/pattern/flags` is not.
        case notDelimited = "pattern_not_delimited"
    }

    /// What is wrong.
    public let code: Code
    /// What is wrong and what to do, for a person.
    public let message: String
    /// The character (Unicode scalar) of the pattern at which it went wrong, from 0.
    public let offset: Int

    init(_ code: Code, _ message: String, at offset: Int) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    /// The message and its place.
    public var description: String { "\(message) (at character \(offset + 1))" }
}
