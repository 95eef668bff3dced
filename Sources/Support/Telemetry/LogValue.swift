import PhoneNumbers

/// The value of a field of a log line.
///
/// There is no case for a free string, so that the body of a message, a secret or a whole number cannot be passed by
/// mistake.
public enum LogValue: Sendable {
    /// A count, a size, a port, a provider's error number.
    case int(Int)
    /// A ratio or an amount; shown as JSON's `null` where it is not finite.
    case double(Double)
    /// Yes or no.
    case bool(Bool)
    /// A span of time, shown in milliseconds.
    case duration(Duration)
    /// An identifier made by this program.
    case id(any LogIdentifiable)
    /// A short name; see `LogCode`.
    case code(LogCode)
    /// A text written in the program.
    case `static`(StaticString)
    /// A telephone number, shown without its middle.
    case maskedNumber(E164)
    /// An instant in milliseconds since 1970, shown as RFC 3339.
    case instant(Int64)
    /// The address of a socket that this program opened; shown as `127.0.0.1:8080`.
    case endpoint(a: UInt8, b: UInt8, c: UInt8, d: UInt8, port: UInt16)
}
