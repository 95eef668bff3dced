/// A way to reach a person. An open set: an adapter brings its own kind.
public struct ChannelKind: RawRepresentable, Hashable, Sendable {
    /// The word in `adapter:` of channels.yaml, lower case.
    public let rawValue: String

    /// Names a kind.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Text messages of the phone network.
    public static let sms = ChannelKind(rawValue: "sms")
    /// WhatsApp Business messages.
    public static let whatsapp = ChannelKind(rawValue: "whatsapp")
    /// Phone calls.
    public static let voice = ChannelKind(rawValue: "voice")
    /// Video rooms, reached by a link.
    public static let video = ChannelKind(rawValue: "video")
}

/// How much a channel disturbs; a held step never hands over to a more intrusive one.
public enum Intrusiveness: UInt8, Sendable, Comparable, Hashable, CaseIterable {
    case text, call

    /// A text disturbs less than a call.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How far delivery receipts of a sender and country can be trusted.
public enum ReceiptQuality: String, Sendable, Hashable, CaseIterable {
    case reliable, weak
    case absent = "none"
}
