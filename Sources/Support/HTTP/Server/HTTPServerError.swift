/// Why a server could not start.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The stable kinds of failure.
    public enum Code: String, Sendable {
        /// The host is not an address of this machine.
        case address
        /// The port is taken or not allowed.
        case bind
        /// The server was started before.
        case state
    }

    /// The kind of failure.
    public let code: Code
    /// The address and the system's words.
    public let message: String

    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }
}
