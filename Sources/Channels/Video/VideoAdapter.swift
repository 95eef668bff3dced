import Gateway

/// Video: a room that people enter by a link, which another channel brings them.
public struct VideoAdapter: ChannelAdapter {
    /// People in a room.
    public var maxParticipants: Int

    /// A channel whose rooms hold 2 to 50 people.
    public init(maxParticipants: Int = 10) { self.maxParticipants = min(max(maxParticipants, 2), 50) }

    /// `video`.
    public var kind: ChannelKind { .video }

    /// A link proves nothing by itself; a room is neither recalled nor looked up by the delivery.
    public var capabilities: ChannelCapabilities {
        var capabilities = ChannelCapabilities(intrusiveness: .text, provesUpTo: .accepted)
        capabilities.reportsSent = false
        capabilities.polls = false
        capabilities.looksUp = false
        capabilities.recalls = false
        capabilities.rates = [SenderRate(type: "video", perSecond: 10)]
        return capabilities
    }

    /// - Throws: `no_room`.
    public func request(for content: StepContent, step: StepContext) throws(ChannelError) -> OutboundRequest {
        guard let room = step.room, let name = VideoRoom.name(room) else {
            throw ChannelError("no_room", "a video step needs the name of a room", skip: .noAddress)
        }
        return .room(RoomRequest(name: name, maxParticipants: maxParticipants))
    }
}
