import Crypto
import Gateway
import HTTP
import JSON

// Rooms and their tokens, and the path that the source uses.

extension PrivateEndpoint {
    /// What lies below `/v1/rooms`.
    func rooms(_ request: HTTPRequest, _ parts: [String], _ respond: HTTPResponder) throws(Problem) {
        switch (request.method, parts.count) {
        case ("GET", 0): try listRooms(request, respond)
        case ("POST", 0): try postRoom(request, respond)
        case ("GET", 1): try getRoom(request, parts[0], respond)
        case ("DELETE", 1): try endRoom(request, parts[0], respond)
        case ("POST", 2) where parts[1] == "tokens": try postToken(request, parts[0], respond)
        case (_, 2) where parts[1] != "tokens": throw Problem(404, "not_found", "There is nothing at this address.")
        case (_, 0...2):
            throw Problem.methodNotAllowed(request.method, allow: Self.roomMethods[parts.count])
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    /// By how many parts follow `/v1/rooms`.
    private static let roomMethods = ["GET, HEAD, POST", "GET, HEAD, DELETE", "POST"]

    private func roomRoute() throws(Problem) -> RoomRoute {
        guard let route = directory.roomRoute else { throw RoomProblems.off }
        return route
    }

    // MARK: making

    private func postRoom(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "rooms:write")
        let route = try roomRoute()
        let wish = try RoomReader.wish(request.body, route.adapter)
        let idempotency = try idempotencyKey(request, key)
        let scope = RoomScope(tenant: key.tenant)
        let name: String
        if let own = wish.name { name = own } else { name = try roomName(wish.boat ?? "", route, idempotency) }
        let room = scope.paying(
            route.adapter.roomRequest(
                named: scope.full(name), maxParticipants: wish.maxParticipants, maxDuration: wish.maxDuration))
        once(idempotency, respond) { [self] kept, finish in
            if let kept {
                let status = kept["status"]?.int.flatMap { Int(exactly: $0) } ?? 200
                answer((kept["room"] ?? .null).bytes(), status: status, replayed: true, respond)
                finish(nil)
                return
            }
            roomService.create(room, route) { [self] result in
                conclude(result, respond, finish) { made throws(Problem) in
                    let status = made.isNew ? 201 : 200
                    guard let view = RoomViews.room(made.room, scope, route) else { return nil }
                    let kept: JSONValue = ["status": .integer(Int64(status)), "room": view]
                    return Conclusion(status: status, body: view, kept: kept)
                }
            }
        }
    }

    /// The source's own path: a room of the boat, and a token for the one who asks.
    func postInspection(_ request: HTTPRequest, _ boat: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "rooms:write")
        let route = try roomRoute()
        let entry = try RoomReader.participant(request.body)
        guard JobCodec.isIdentifier(boat) else {
            throw Problem(400, "bad_id", "An id is 1 to 64 letters, digits, dots, dashes and underscores.")
        }
        let idempotency = try idempotencyKey(request, key)
        let scope = RoomScope(tenant: key.tenant)
        let name = scope.full(try roomName(boat, route, idempotency))
        let room = scope.paying(route.adapter.roomRequest(named: name, maxParticipants: nil, maxDuration: nil))
        once(idempotency, respond) { [self] kept, finish in
            // Tokens are not kept: a repeat gets a new one for the room that was made.
            if let earlier = kept?["room"]?.string {
                show(entry, earlier, route, replayed: true, respond)
                finish(nil)
                return
            }
            roomService.create(room, route) { [self] result in
                conclude(result, respond, finish) { made throws(Problem) in
                    let token = try RoomViews.token(entry, room: made.room.name, route, now: clock.now)
                    return Conclusion(
                        status: 200, body: token.inspection, kept: ["room": .string(made.room.name)],
                        warning: entry.warning)
                }
            }
        }
    }

    private func show(
        _ entry: RoomReader.Entry, _ room: String, _ route: RoomRoute, replayed: Bool, _ respond: HTTPResponder
    ) {
        do throws(Problem) {
            let token = try RoomViews.token(entry, room: room, route, now: clock.now)
            answer(token.inspection.bytes(), replayed: replayed, warning: entry.warning, respond)
        } catch {
            fail(error, respond)
        }
    }

    /// With an idempotency key the name follows from it, so that a repeat finds the room even if nobody could keep the
    /// answer.
    private func roomName(
        _ boat: String, _ route: RoomRoute, _ key: IdempotencyKey?
    ) throws(Problem) -> String {
        let random = SecureRandom.bytes(6).map { Hex.encode($0) }
        let derived = key.map { Hex.encode(HashAlgorithm.sha256.digest(Array($0.key.utf8))).prefix(12) }
        let time = key == nil ? clock.now : Timestamp(milliseconds: 0)
        guard let suffix = derived.map(String.init) ?? random,
            let name = route.adapter.roomName(boat: boat, now: time, suffix: suffix)
        else { throw Problem(503, "unavailable", "The system has no randomness now; try again.", retryAfter: 1) }
        return name
    }

    // MARK: answers

    private func conclude<Value>(
        _ result: Result<Value, Problem>, _ respond: HTTPResponder, _ finish: (Conclusion?) -> Void,
        _ body: (Value) throws(Problem) -> Conclusion?
    ) {
        do throws(Problem) {
            let value = try result.get()
            guard let made = try body(value) else { throw RoomProblems.absent }
            finish(made)
        } catch {
            fail(error, respond)
            finish(nil)
        }
    }

    // MARK: reading, entering, ending

    private func listRooms(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "rooms:read")
        let query = try ListQuery(request)
        let route = try roomRoute()
        let scope = RoomScope(tenant: key.tenant)
        roomService.list(limit: query.limit, cursor: query.after, route) { [self] result in
            deliver(result, respond) { page in
                [
                    "data": .array(page.rooms.compactMap { RoomViews.room($0, scope, route) }),
                    "next_cursor": page.next.map(JSONValue.string) ?? .null,
                ]
            }
        }
    }

    private func getRoom(_ request: HTTPRequest, _ name: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "rooms:read")
        try withRoom(name, key, respond) { [self] room, route, scope in
            deliver(.success(room), respond) { RoomViews.room($0, scope, route) }
        }
    }

    private func endRoom(_ request: HTTPRequest, _ name: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "rooms:write")
        try withRoom(name, key, respond) { [self] room, route, scope in
            roomService.end(room, route) { [self] result in
                deliver(result, respond) { RoomViews.room($0, scope, route) }
            }
        }
    }

    private func postToken(_ request: HTTPRequest, _ name: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "rooms:write")
        let entry = try RoomReader.entry(request.body)
        try withRoom(name, key, respond) { [self] room, route, _ in
            deliver(.success(room), status: 201, respond) { room throws(Problem) in
                try RoomViews.token(entry, room: room.name, route, now: clock.now).json
            }
        }
    }

    /// The running room of a name, if it is the tenant's.
    private func withRoom(
        _ name: String, _ key: KeyRecord, _ respond: HTTPResponder,
        _ body: @escaping @Sendable (Room, RoomRoute, RoomScope) -> Void
    ) throws(Problem) {
        let route = try roomRoute()
        guard route.adapter.isRoomName(name) else { throw RoomProblems.absent }
        let scope = RoomScope(tenant: key.tenant)
        roomService.find(scope.full(name), route) { [self] result in
            switch result {
            // Providers also answer to their own ids, which would lead to rooms of others.
            case .success(let room) where scope.own(room.name) == name: body(room, route, scope)
            case .success: fail(RoomProblems.absent, respond)
            case .failure(let problem): fail(problem, respond)
            }
        }
    }

    private func deliver<Value>(
        _ result: Result<Value, Problem>, status: Int = 200, _ respond: HTTPResponder,
        _ view: (Value) throws(Problem) -> JSONValue?
    ) {
        do throws(Problem) {
            guard let value = try view(try result.get()) else { throw RoomProblems.absent }
            answer(value, status: status, respond)
        } catch {
            fail(error, respond)
        }
    }
}
