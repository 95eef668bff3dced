import Gateway

/// Video: a room that people enter by a link, which another channel brings them.
public struct VideoAdapter: RoomAdapter {
    /// People in a room where nobody says how many.
    public var maxParticipants: Int

    /// A channel whose rooms hold 2 to 50 people.
    public init(maxParticipants: Int = 10) { self.maxParticipants = Self.size(maxParticipants) }

    /// `video`.
    public var kind: ChannelKind { .video }

    /// A link proves nothing by itself; a room is neither recalled nor looked up by the delivery.
    public var capabilities: ChannelCapabilities {
        var capabilities = ChannelCapabilities(intrusiveness: .text, provesUpTo: .accepted)
        capabilities.reachesPeople = false
        capabilities.reportsSent = false
        capabilities.polls = false
        capabilities.looksUp = false
        capabilities.recalls = false
        capabilities.rates = [SenderRate(type: "video", perSecond: 10)]
        return capabilities
    }

    /// - Throws: `no_room`.
    public func request(for content: StepContent, step: StepContext) throws(ChannelError) -> OutboundRequest {
        guard let room = step.room, isRoomName(room) else {
            throw ChannelError("no_room", "a video step needs the name of a room", skip: .noAddress)
        }
        return .room(roomRequest(named: room, maxParticipants: nil, maxDuration: nil))
    }

    // MARK: rooms

    /// Letters, digits, `.`, `_` and `-`, at most 110.
    public func isRoomName(_ name: String) -> Bool { VideoRoom.isName(name) }

    /// `yacht-inspection-{boat}-{ms}-{suffix}`: the name that the source gives, and a suffix.
    public func roomName(boat: String, now: Timestamp, suffix: String) -> String? {
        VideoRoom.name(boat: boat, now: now, suffix: suffix)
    }

    /// The boat of an inspection's name.
    public func boat(ofRoom name: String) -> String? { VideoRoom.boat(of: name) }

    /// A size beyond 2 to 50 is brought into that range.
    public func roomRequest(named name: String, maxParticipants: Int?, maxDuration: Duration?) -> RoomRequest {
        var request = RoomRequest(name: name, maxParticipants: maxParticipants.map(Self.size) ?? self.maxParticipants)
        request.maxDuration = maxDuration
        return request
    }

    /// The page of the room on the public listener.
    public func link(origin: String, room: String, token: String) -> String? {
        VideoRoom.link(publicURL: origin, room: room, token: token)
    }

    private static func size(_ people: Int) -> Int { min(max(people, 2), 50) }
}
