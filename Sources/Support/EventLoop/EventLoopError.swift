import Glibc

/// A system call of an event loop failed.
public struct EventLoopError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The stable kinds of failure.
    public enum Code: String, Sendable {
        /// epoll, eventfd or a thread could not be made; the process is out of descriptors, threads or memory.
        case resources
        /// A descriptor could not be watched.
        case register
    }

    /// The kind of failure.
    public let code: Code
    /// The system call and the error number's text.
    public let message: String

    init(code: Code, call: String, errno number: Int32) {
        self.code = code
        let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        message = "\(call): \(text)"
    }

    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }
}
