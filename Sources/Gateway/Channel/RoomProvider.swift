/// A provider that makes video rooms and participants' tokens.
public protocol RoomProvider: Provider {
    /// Asks for the running room of a name, for when creating it was refused because it runs already.
    func roomRequest(named name: String) -> ProviderRequest
    /// The room from the answer to any request for one. The error's code is `no_room` where there is none, `no_answer`
    /// where the provider may yet answer, `refused`, or `bad_answer`.
    func roomResult(of answer: ProviderAnswer) throws(ProviderError) -> Room
    /// Asks for running rooms, youngest first; `cursor` is a page's `next`.
    func roomListRequest(limit: Int, cursor: String?) -> ProviderRequest
    /// The page from the answer; errors as of `roomResult`.
    func roomListResult(of answer: ProviderAnswer) throws(ProviderError) -> RoomPage
    /// Ends a room; its answer is the room.
    func roomEndRequest(providerID: String) -> ProviderRequest
    /// Whether a refusal of a create request says that a running room has the name.
    func saysRoomExists(_ failure: ProviderFailure) -> Bool
    /// A signed token that lets `identity` into `room`; `lifetime` at most 24 h.
    func participantToken(
        identity: String, room: String, lifetime: Duration, now: Timestamp
    ) throws(ProviderError) -> String
}

/// A room as the provider has it.
public struct Room: Sendable, Hashable {
    /// The provider's id, such as Twilio's `RM…`.
    public var providerID: String
    /// Unique while the room runs.
    public var name: String
    /// People can enter.
    public var isRunning = true
    /// RFC 3339, UTC, as the provider wrote it.
    public var created: String?
    /// As `created`; `nil` while it runs.
    public var ended: String?
    /// People in it at the same time.
    public var maxParticipants: Int?
    /// How long one person may stay.
    public var maxDuration: Duration?

    /// A running room as the provider named it.
    public init(providerID: String, name: String) {
        self.providerID = providerID
        self.name = name
    }
}

/// A page of rooms.
public struct RoomPage: Sendable, Hashable {
    /// In the provider's order.
    public var rooms: [Room]
    /// Names the next page; `nil` on the last one.
    public var next: String?

    /// A last page.
    public init(rooms: [Room]) { self.rooms = rooms }
}
