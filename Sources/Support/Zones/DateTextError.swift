/// Why a text is not a date.
public struct DateTextError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// The text does not have the shape of the format.
        case malformedDate = "malformed_date"
        /// The shape is right, but there is no such day or time.
        case impossibleDate = "impossible_date"
    }

    /// What is wrong.
    public let code: Code
    /// The byte of the text at which it went wrong, from 0.
    public let offset: Int
    /// What was expected there, for a person.
    public let message: String

    /// The message and its place.
    public var description: String { "\(message) (at character \(offset + 1))" }
}
