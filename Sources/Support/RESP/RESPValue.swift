/// A value of RESP2, the Redis serialization protocol (https://redis.io/docs/latest/develop/reference/protocol-spec/).
/// Version 2 is what every server speaks before a client asks for another, and has all that commands with short answers
/// need.
public enum RESPValue: Sendable, Hashable {
    /// `+OK`
    case simple(String)
    /// `-ERR text`; the first word is the kind of the error.
    case error(String)
    /// `:7`
    case integer(Int64)
    /// `$3`, and so many bytes.
    case bulk([UInt8])
    /// `$-1` or `*-1`
    case null
    /// `*2`, and so many values.
    case array([RESPValue])

    /// The text of a simple string or of bytes that are UTF-8.
    public var text: String? {
        switch self {
        case .simple(let text): text
        case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }
}

/// Why bytes are no values of RESP2, or more than a client takes.
public enum RESPFault: Error, Sendable, Hashable {
    /// A line begins with a byte that names no type.
    case unknownType(UInt8)
    /// A line that is no number where one must be, or no line.
    case malformed
    /// Longer or deeper than allowed.
    case tooLarge
}
