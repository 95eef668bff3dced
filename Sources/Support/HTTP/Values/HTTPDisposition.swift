/// What a server connection does with an answer.
public enum HTTPDisposition: Sendable, Equatable {
    /// Send the answer and keep the connection when both sides want that.
    case normal
    /// Send the answer with `Connection: close`, then close.
    case closeAfter
    /// Close without sending a byte; rehearses a server that dies in the middle.
    case cut
}
