import HTTP
import JSON

/// The Rooms resource of the video API, and the participants that join with access tokens.
final class RoomDesk {
    private let world: World
    private var store: ResourceStore<Room>
    private var open: [String: Room] = [:]

    init(world: World) {
        self.world = world
        store = ResourceStore(limit: world.script.resourceLimit) { ($0.sid, $0.uniqueName) }
    }

    private var base: String { world.baseURL + "/video/v1/Rooms" }

    /// Handles what lies below `/video/v1/Rooms`.
    func handle(_ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        switch (path.count, request.method) {
        case (0, "POST"): return try create(request)
        case (0, "GET"): return try list(request)
        case (1, "GET"): return answer(200, try find(path[0], request))
        case (1, "POST"):
            let room = try find(path[0], request)
            guard request.parameter("Status") == "completed" else {
                throw TwilioError(53101, "Status must be 'completed'")
            }
            guard room.ended == nil else { throw TwilioError(53112, "The room is completed already") }
            complete(room)
            return answer(202, room)
        case (2, "GET") where path[1] == "Participants": return participants(try find(path[0], request), request)
        case (3, _) where path[1] == "Participants":
            return try participant(path[2], of: try find(path[0], request), request)
        case (0...1, _): throw TwilioError(20004)
        default: throw TwilioError.notFound(request.path)
        }
    }

    /// A room by identifier, or by name while it is in progress.
    func find(_ name: String) -> Room? {
        open[name] ?? store[name]
    }

    private func find(_ name: String, _ request: APIRequest) throws(TwilioError) -> Room {
        guard let room = find(name) else { throw TwilioError.notFound(request.path) }
        return room
    }

    private func answer(_ status: Int, _ room: Room) -> HTTPResponse {
        .json(status, room.json(account: world.credentials.accountSID, base: base))
    }

    private func create(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let name = request.parameter("UniqueName")
        if let name, open[name] != nil { throw TwilioError(53113) }
        let type = request.parameter("Type") ?? "group"
        guard type == "group" else { throw TwilioError(53126) }
        let room = Room(sid: world.sid("RM"), uniqueName: name, at: world.kernel.now)
        room.maxParticipants = try number(request, "MaxParticipants", in: 1...50, code: 53107) ?? 50
        room.emptyTimeout = try number(request, "EmptyRoomTimeout", in: 1...60, code: 53123) ?? 5
        room.unusedTimeout = try number(request, "UnusedRoomTimeout", in: 1...60, code: 53124) ?? 5
        room.maxDuration = try number(request, "MaxParticipantDuration", in: 600...86_400, code: 53125) ?? 14_400
        room.recordsOnConnect = request.parameter("RecordParticipantsOnConnect")?.lowercased() == "true"
        room.isAudioOnly = request.parameter("AudioOnly")?.lowercased() == "true"
        room.mediaRegion = request.parameter("MediaRegion")
        let codecs = request.form.all("VideoCodecs")
        if !codecs.isEmpty { room.codecs = codecs }
        if let url = request.parameter("StatusCallback") {
            guard WebhookTarget.isURL(url) else { throw TwilioError(53102, "StatusCallback is not a URL") }
            room.callback = (url, CallDraft.method(request, "StatusCallbackMethod"))
        }
        store.append(room)
        open[room.uniqueName] = room
        let response = answer(201, room)
        let isEarly = world.faults.isEarly("Rooms")
        if isEarly { world.kernel.answerTime += 250 }
        let start = isEarly ? world.kernel.now : world.kernel.answerTime
        world.kernel.at(start) { self.report(room, "room-created") }
        endWhenEmpty(room, minutes: room.unusedTimeout)
        return response
    }

    private func number(
        _ request: APIRequest, _ name: String, in range: ClosedRange<Int64>, code: Int
    ) throws(TwilioError) -> Int64? {
        guard let text = request.parameter(name) else { return nil }
        guard let value = Int64(text), range.contains(value) else { throw TwilioError(code, "\(name) is out of range") }
        return value
    }

    private func list(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let wanted = request.query["Status"] ?? "in-progress"
        let name = request.query["UniqueName"].flatMap { $0.isEmpty ? nil : $0 }
        let youngest = world.kernel.now - world.faults.lag(path: request.path)
        let (from, to) = (try time(request, "DateCreatedAfter"), try time(request, "DateCreatedBefore"))
        let value = try ListPage(request).answerWithMeta(
            store, key: "rooms", target: name, base: world.baseURL,
            matches: { room in
                room.status == wanted && room.created <= youngest && room.created >= from ?? .min
                    && room.created <= to ?? .max
            },
            json: { $0.json(account: world.credentials.accountSID, base: base) })
        return .json(200, value)
    }

    /// The beginning of a day or an instant.
    private func time(_ request: APIRequest, _ name: String) throws(TwilioError) -> Int64? {
        guard let text = request.query[name], !text.isEmpty else { return nil }
        guard let range = Clock.range(text) else { throw TwilioError(20001, "Invalid value for parameter '\(name)'") }
        return range.lowerBound
    }

    private func participants(_ room: Room, _ request: APIRequest) -> HTTPResponse {
        let wanted = request.query["Status"]
        let identity = request.query["Identity"]
        let found = room.participants.filter {
            (wanted == nil || $0.status == wanted) && (identity == nil || $0.identity == identity)
        }
        let url = JSONValue.string("\(base)/\(room.sid)/Participants?PageSize=50&Page=0")
        return .json(
            200,
            [
                "participants": .array(found.map { json($0, room) }),
                "meta": [
                    "page": 0, "page_size": 50, "first_page_url": url, "previous_page_url": .null, "url": url,
                    "next_page_url": .null, "key": "participants",
                ],
            ])
    }

    private func participant(_ name: String, of room: Room, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let found = room.connected.first { $0.identity == name } ?? room.participants.first { $0.sid == name }
        guard let found else { throw TwilioError.notFound(request.path) }
        switch request.method {
        case "GET": return .json(200, json(found, room))
        case "POST":
            guard request.parameter("Status") == "disconnected" else {
                throw TwilioError(53201, "Status must be 'disconnected'")
            }
            leave(room, found)
            return .json(202, json(found, room))
        default: throw TwilioError(20004)
        }
    }

    private func json(_ participant: RoomParticipant, _ room: Room) -> JSONValue {
        participant.json(account: world.credentials.accountSID, room: room.sid, url: "\(base)/\(room.sid)")
    }

    /// Somebody joins with a token; answers the participant's identifier.
    func join(_ room: Room, token: String) throws(AccessToken.Failure) -> String {
        let token = try AccessToken(token, credentials: world.credentials, now: world.kernel.now)
        if let wanted = token.room, wanted != room.uniqueName, wanted != room.sid {
            throw AccessToken.Failure(code: 20106, reason: "the token is for another room")
        }
        guard room.ended == nil else { throw AccessToken.Failure(code: 53106, reason: "the room is over") }
        for double in room.connected where double.identity == token.identity { leave(room, double) }
        guard room.connected.count < Int(room.maxParticipants) else {
            throw AccessToken.Failure(code: 53105, reason: "the room is full")
        }
        let participant = RoomParticipant(sid: world.sid("PA"), identity: token.identity, at: world.kernel.now)
        room.participants.append(participant)
        world.kernel.cancel(room.timer)
        report(room, "participant-connected", participant)
        world.kernel.after(room.maxDuration * 1000) { self.leave(room, participant) }
        return participant.sid
    }

    /// Somebody leaves.
    func leave(_ room: Room, _ participant: RoomParticipant) {
        guard participant.ended == nil else { return }
        participant.ended = world.kernel.now
        report(room, "participant-disconnected", participant)
        if room.ended == nil, room.connected.isEmpty { endWhenEmpty(room, minutes: room.emptyTimeout) }
    }

    private func endWhenEmpty(_ room: Room, minutes: Int64) {
        room.timer = world.kernel.after(minutes * 60_000) { self.complete(room) }
    }

    private func complete(_ room: Room) {
        guard room.ended == nil else { return }
        room.ended = world.kernel.now
        room.updated = world.kernel.now
        world.kernel.cancel(room.timer)
        open[room.uniqueName] = nil
        for participant in room.connected { leave(room, participant) }
        report(room, "room-ended")
    }

    private func report(_ room: Room, _ event: String, _ participant: RoomParticipant? = nil) {
        guard let callback = room.callback else { return }
        var form = [
            ("AccountSid", world.credentials.accountSID), ("RoomName", room.uniqueName), ("RoomSid", room.sid),
            ("RoomStatus", room.status), ("RoomType", room.type), ("StatusCallbackEvent", event),
            ("Timestamp", Clock.iso(world.kernel.now)), ("SequenceNumber", String(room.sequence)),
        ]
        room.sequence += 1
        if event == "room-ended", let ended = room.ended {
            form.append(("RoomDuration", String((ended - room.created) / 1000)))
        }
        if let participant {
            form += [
                ("ParticipantSid", participant.sid), ("ParticipantIdentity", participant.identity),
                ("ParticipantStatus", participant.status),
            ]
            if let duration = participant.duration { form.append(("ParticipantDuration", String(duration))) }
        }
        world.webhooks.notify(
            WebhookCaller.Call(resource: "Rooms", url: callback.url, method: callback.method, form: form))
    }
}
