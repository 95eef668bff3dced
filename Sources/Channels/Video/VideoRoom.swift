import Gateway

/// Names, links and entry tokens of rooms.
public enum VideoRoom {
    /// Longest name.
    public static let maxName = 128

    /// The room of a boat's inspection: `boat-{id}`.
    public static func name(boat: String) -> String? { name("boat-" + boat) }

    /// A name of letters, digits, `.`, `_` and `-` that is a path segment as it stands; `nil` for anything else.
    public static func name(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 0x2D
                || byte == 0x2E || byte == 0x5F
        }
        guard isPlain, !text.isEmpty, text.utf8.count <= maxName, text != ".", text != ".." else { return nil }
        return text
    }

    /// The page at which a participant enters. The token stands in the fragment, which no server and no log sees.
    public static func link(publicURL: String, room: String, token: String) -> String? {
        guard let room = name(room) else { return nil }
        var origin = publicURL[...]
        while origin.hasSuffix("/") { origin.removeLast() }
        return origin + "/rooms/" + room + "#token=" + token
    }

    /// A participant's link with a fresh token.
    /// - Throws: what the provider throws; `bad_room_name`.
    public static func invitation(
        identity: String, room: String, lifetime: Duration, now: Timestamp, publicURL: String,
        provider: some RoomProvider
    ) throws(ProviderError) -> VideoInvitation {
        let token = try provider.participantToken(identity: identity, room: room, lifetime: lifetime, now: now)
        guard let link = link(publicURL: publicURL, room: room, token: token) else {
            throw ProviderError("bad_room_name", "a room's name has letters, digits, '.', '_' and '-' only")
        }
        return VideoInvitation(room: room, link: link, token: token)
    }
}

/// A way into a room for one person.
public struct VideoInvitation: Sendable, Hashable {
    /// The room's name.
    public var room: String
    /// Where to enter.
    public var link: String
    /// The provider's token, for clients of their own.
    public var token: String

    /// An invitation.
    public init(room: String, link: String, token: String) {
        self.room = room
        self.link = link
        self.token = token
    }
}
