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
        var form = FormWriter()
        form.append("UniqueName", room.name)
        form.append("Type", "group")
        form.append("MaxParticipants", String(room.maxParticipants))
        if let longest = room.maxDuration?.components.seconds {
            guard (600...86_400).contains(longest) else {
                throw ProviderError("bad_room_duration", "a participant may stay for 10 minutes to a day")
            }
            form.append("MaxParticipantDuration", String(longest))
        }
        form.append("StatusCallback", links.roomCallback(tenant: room.tenant))
        form.append("StatusCallbackMethod", "POST")
        return post(endpoints.video + "/Rooms", form)
    }

    /// `GET /v1/Rooms/{name}`: by name only while it runs.
    public func roomRequest(named name: String) -> ProviderRequest { get(resource(name, .video)) }

    /// Reads a room.
    /// - Throws: `no_answer`, `no_room` for 404, `refused` with the classified code, `bad_answer`.
    public func roomResult(of answer: ProviderAnswer) throws(ProviderError) -> Room {
        guard let room = Self.room(try roomDocument(answer)) else {
            throw ProviderError("bad_answer", "the provider's answer is not a room")
        }
        return room
    }

    /// `GET /v1/Rooms?Status=in-progress`, youngest first.
    public func roomListRequest(limit: Int, cursor: String?) -> ProviderRequest {
        var query = [("Status", "in-progress"), ("PageSize", String(min(max(limit, 1), 100)))]
        let parts = (cursor ?? "").split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2 { query += [("Page", parts[0]), ("PageToken", parts[1])] }
        return get(endpoints.video + "/Rooms?" + Form(query).text)
    }

    /// Reads a page. Only the number and the token of `next_page_url` are taken over, never the address itself.
    public func roomListResult(of answer: ProviderAnswer) throws(ProviderError) -> RoomPage {
        let document = try roomDocument(answer)
        guard let rooms = document["rooms"]?.array else {
            throw ProviderError("bad_answer", "the provider's answer is not a list of rooms")
        }
        var page = RoomPage(rooms: rooms.compactMap(Self.room))
        if let next = document["meta"]?["next_page_url"]?.string, let cut = next.firstIndex(of: "?") {
            let query = Form(query: String(next[next.index(after: cut)...]))
            if let number = query["Page"], let token = query["PageToken"] { page.next = number + "." + token }
        }
        return page
    }

    /// `POST /v1/Rooms/{sid}` with `Status=completed`.
    public func roomEndRequest(providerID: String) -> ProviderRequest {
        recallRequest(providerID: providerID, kind: .video)
    }

    /// 53113: room with that name exists.
    public func saysRoomExists(_ failure: ProviderFailure) -> Bool { failure.code == 53113 }

    private func roomDocument(_ answer: ProviderAnswer) throws(ProviderError) -> JSONValue {
        guard case .answered(let status, _, let body) = answer else {
            throw ProviderError("no_answer", "the provider did not answer")
        }
        let document = try? JSONValue(parsing: body)
        guard (200..<300).contains(status) else {
            let failure = failure(status: status, code: Self.code(document?["code"]), answer: answer)
            let code = status == 404 ? "no_room" : status >= 500 ? "no_answer" : "refused"
            throw ProviderError(code, "the provider refused the request, HTTP \(status)", failure: failure)
        }
        return document ?? .null
    }

    private static func room(_ document: JSONValue) -> Room? {
        guard let sid = document["sid"]?.string, isSid(sid), let name = document["unique_name"]?.string else {
            return nil
        }
        var room = Room(providerID: sid, name: name)
        room.isRunning = (document["status"]?.string ?? "in-progress") == "in-progress"
        room.created = document["date_created"]?.string
        room.ended = document["end_time"]?.string
        room.maxParticipants = document["max_participants"]?.int.flatMap { Int(exactly: $0) }
        room.maxDuration = document["max_participant_duration"]?.int.map { .seconds($0) }
        return room
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
