import PhoneNumbers

/// A key and a value of a log line.
public struct LogField: Sendable {
    /// The key: letters, digits and underscores.
    public let key: StaticString
    /// The value.
    public let value: LogValue

    /// A field under a key that has no shorthand here.
    public init(_ key: StaticString, _ value: LogValue) {
        self.key = key
        self.value = value
    }

    /// The request that the line belongs to.
    public static func requestID(_ id: any LogIdentifiable) -> LogField { LogField("request_id", .id(id)) }
    /// The message.
    public static func message(_ id: any LogIdentifiable) -> LogField { LogField("message", .id(id)) }
    /// The delivery.
    public static func delivery(_ id: any LogIdentifiable) -> LogField { LogField("delivery", .id(id)) }
    /// The number of the attempt.
    public static func attempt(_ number: Int) -> LogField { LogField("attempt", .int(number)) }
    /// The name of the channel.
    public static func channel(_ name: LogCode) -> LogField { LogField("channel", .code(name)) }
    /// The name of the provider.
    public static func provider(_ name: LogCode) -> LogField { LogField("provider", .code(name)) }
    /// The code of an error.
    public static func code(_ code: LogCode) -> LogField { LogField("code", .code(code)) }
    /// How long it took, in milliseconds.
    public static func ms(_ duration: Duration) -> LogField { LogField("ms", .duration(duration)) }
    /// A telephone number under a key of its own; its middle is hidden.
    public static func number(_ key: StaticString, _ number: E164) -> LogField {
        LogField(key, .maskedNumber(number))
    }
}
