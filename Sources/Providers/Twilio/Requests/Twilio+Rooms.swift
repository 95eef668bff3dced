import Forms
import Gateway
import JSON

extension Twilio: RoomProvider {
    /// Longest life of a participant's token (Twilio's limit).
    static let maxTokenLifetime = Duration.seconds(86_400)

    /// `POST /v1/Rooms`. A name that a running room has is refused with 53113; see `roomRequest(named:)`.
    func request(for room: RoomRequest) throws(ProviderError) -> ProviderRequest {
        guard !room.name.isEmpty, room.name.utf8.count <= 128 else {
            throw ProviderError("bad_room_name", "a room's name has 1 to 128 characters")
        }
        guard (2...50).contains(room.maxParticipants) else {
            throw ProviderError("bad_room_size", "a room holds 2 to 50 participants")
        }
        let form = Form([
            ("UniqueName", room.name), ("Type", "group"), ("MaxParticipants", String(room.maxParticipants)),
            ("StatusCallback", links.callback("video/status")), ("StatusCallbackMethod", "POST"),
        ])
        return post(endpoints.video + "/Rooms", form)
    }

    /// `GET /v1/Rooms/{name}`: by name only while it runs.
    public func roomRequest(named name: String) -> ProviderRequest { get(resource(name, .video)) }

    /// Reads a room.
    /// - Throws: `no_answer`, `refused` with the classified code, `bad_answer`.
    public func roomResult(of answer: ProviderAnswer) throws(ProviderError) -> Room {
        guard case .answered(let status, _, let body) = answer else {
            throw ProviderError("no_answer", "the provider did not answer")
        }
        let document = try? JSONValue(parsing: body)
        guard (200..<300).contains(status) else {
            let failure = failure(status: status, code: Self.code(document?["code"]), answer: answer)
            throw ProviderError("refused", "the provider refused the room, HTTP \(status)", failure: failure)
        }
        guard let sid = document?["sid"]?.string, Self.isSid(sid), let name = document?["unique_name"]?.string else {
            throw ProviderError("bad_answer", "the provider's answer is not a room")
        }
        return Room(providerID: sid, name: name)
    }

    /// A JWT with a video grant for the room, signed by the API key.
    /// - Throws: `missing_api_key`, `bad_identity`, `bad_lifetime`.
    public func participantToken(
        identity: String, room: String, lifetime: Duration, now: Timestamp
    ) throws(ProviderError) -> String {
        guard let key = settings.apiKeySid, let secret = settings.apiKeySecret, !key.isEmpty else {
            throw ProviderError("missing_api_key", "tokens are signed with an API key; none is configured")
        }
        guard !identity.isEmpty, identity.utf8.count <= 128, !room.isEmpty else {
            throw ProviderError("bad_identity", "a participant needs an identity of 1 to 128 bytes and a room")
        }
        guard lifetime > .zero, lifetime <= Self.maxTokenLifetime else {
            throw ProviderError("bad_lifetime", "a token lives more than nothing and at most a day")
        }
        var token = AccessToken(
            accountSid: settings.accountSid, keySid: key, now: now.seconds,
            expires: now.seconds + max(lifetime.components.seconds, 1))
        token.identity = identity
        token.grants = ["video": ["room": .string(room)]]
        return token.signed(secret: secret)
    }
}

extension Timestamp {
    /// Whole seconds since the Unix epoch, rounded down.
    var seconds: Int64 { milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0) }
}
