import Patterns
import Zones

/// What a person wants of the messages that come to them. A class, because it goes with every copy of a recipient.
public final class ContactPreferences: Sendable {
    /// When nothing is sent to the person, in their own time zone.
    public enum QuietHours: Sendable, Hashable {
        /// A name under `times:` of the running configuration.
        case named(String)
        /// Ranges of their own, at least one.
        case ranges([DailyRange])
    }

    /// The channel that a person prefers.
    public struct Preferred: Sendable, Hashable {
        /// A glob of topics; `nil` for all.
        public var topic: String?
        /// The kind of channel.
        public var channel: ChannelKind

        /// A channel for some topics, or for all.
        public init(topic: String?, channel: ChannelKind) {
            self.topic = topic
            self.channel = channel
        }
    }

    /// `nil` for none.
    public let quietHours: QuietHours?
    /// The first whose topics fit counts.
    public let channels: [Preferred]
    /// Globs of topics of which nothing is wanted.
    public let topicsOff: [String]

    /// What a person wants.
    public init(quietHours: QuietHours? = nil, channels: [Preferred] = [], topicsOff: [String] = []) {
        self.quietHours = quietHours
        self.channels = channels
        self.topicsOff = topicsOff
    }

    /// The kind of channel that is tried first for a topic; `nil` when the policy's order stands.
    public func channel(for topic: String) -> ChannelKind? {
        channels.first { $0.topic.map { Glob($0).matches(topic) } ?? true }?.channel
    }

    /// Whether nothing of a topic is wanted.
    public func isOff(_ topic: String) -> Bool { topicsOff.contains { Glob($0).matches(topic) } }
}

extension ContactPreferences: Hashable {
    /// Whether they say the same.
    public static func == (left: ContactPreferences, right: ContactPreferences) -> Bool {
        left === right
            || (left.quietHours == right.quietHours && left.channels == right.channels
                && left.topicsOff == right.topicsOff)
    }

    /// Over all that they say.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(quietHours)
        hasher.combine(channels)
        hasher.combine(topicsOff)
    }
}
