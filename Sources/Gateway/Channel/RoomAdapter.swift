/// A channel whose content is a room that people enter by a link: names, sizes and links. Pure.
public protocol RoomAdapter: ChannelAdapter {
    /// Whether a room may be called so: a path segment as it stands.
    func isRoomName(_ name: String) -> Bool
    /// The name of a boat's room, with its id in it; `nil` for an id that cannot be in a name.
    /// - Parameters:
    ///   - now: when the room is made.
    ///   - suffix: tells rooms of the same instant apart; letters and digits.
    func roomName(boat: String, now: Timestamp, suffix: String) -> String?
    /// The boat of a name that `roomName` made; `nil` for any other name.
    func boat(ofRoom name: String) -> String?
    /// A room for at most `maxParticipants`, or for as many as is usual.
    func roomRequest(named name: String, maxParticipants: Int?, maxDuration: Duration?) -> RoomRequest
    /// Where somebody with a token enters.
    func link(origin: String, room: String, token: String) -> String?
}

/// Where rooms are made: the channel, what it says of rooms, and who has them.
public struct RoomRoute: Sendable {
    /// The name under `channels:`.
    public var channel: String
    /// Names, sizes and links.
    public var adapter: any RoomAdapter
    /// Makes rooms and tokens.
    public var provider: any RoomProvider
    /// Of the public listener, without a trailing slash.
    public var origin: String
}
