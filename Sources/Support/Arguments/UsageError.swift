/// A command line that cannot be understood. The program should end with `exitCode`.
public struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// There is no such command.
        case unknownCommand = "unknown_command"
        /// A subcommand is needed.
        case missingCommand = "missing_command"
        /// There is no such option.
        case unknownOption = "unknown_option"
        /// An option needs a value.
        case missingValue = "missing_value"
        /// A flag was given a value.
        case unexpectedValue = "unexpected_value"
        /// The value is not one of the choices.
        case invalidChoice = "invalid_choice"
        /// An option was given twice.
        case repeatedOption = "repeated_option"
        /// A positional argument is missing.
        case missingArgument = "missing_argument"
        /// There are more arguments than the command takes.
        case unexpectedArgument = "unexpected_argument"
        /// A value that a command read could not be used.
        case invalidValue = "invalid_value"
    }

    /// The exit status of a program that was called wrongly.
    public static let exitCode: Int32 = 2

    /// What is wrong.
    public let code: Code
    /// What is wrong, for a person, with the nearest valid name where there is one.
    public let message: String
    /// The words of the command that was being read, without the program's name.
    public let path: [String]

    /// An error that a command finds in its own arguments.
    public init(_ code: Code, _ message: String, path: [String] = []) {
        self.code = code
        self.message = message
        self.path = path
    }

    /// The message.
    public var description: String { message }
}
