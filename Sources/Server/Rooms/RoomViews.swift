import Gateway
import JSON

/// Rooms and tokens as the API shows them.
enum RoomViews {
    /// `nil` for a room of another tenant.
    static func room(_ room: Room, _ scope: RoomScope, _ route: RoomRoute) -> JSONValue? {
        guard let name = scope.own(room.name) else { return nil }
        var out: JSONObject = ["name": .string(name)]
        out["boat"] = route.adapter.boat(ofRoom: name).map(JSONValue.string)
        out["state"] = room.isRunning ? "running" : "ended"
        out["channel"] = .string(route.channel)
        out["provider"] = .string(route.provider.name)
        out["provider_id"] = .string(room.providerID)
        out["max_participants"] = room.maxParticipants.map { .integer(Int64($0)) }
        out["max_duration"] = room.maxDuration.map { .integer($0.components.seconds) }
        out["created"] = room.created.map(JSONValue.string)
        out["ended"] = room.ended.map(JSONValue.string)
        return .object(out)
    }

    /// A way into a room for one person. `room` is the name by which the provider's clients enter.
    struct Token: Sendable {
        var token: String
        var room: String
        var identity: String
        var expires: Timestamp
        var link: String?

        var json: JSONValue {
            var out: JSONObject = [
                "token": .string(token), "room": .string(room), "identity": .string(identity),
                "expires": .string(MessageViews.time(expires)),
            ]
            out["link"] = link.map(JSONValue.string)
            return .object(out)
        }

        /// The source's own answer.
        var inspection: JSONValue {
            ["accessToken": .string(token), "roomName": .string(room), "inspectionUrl": .string(link ?? "")]
        }
    }

    /// Mints a token.
    static func token(
        _ entry: RoomReader.Entry, room: String, _ route: RoomRoute, now: Timestamp
    ) throws(Problem) -> Token {
        let text: String
        do throws(ProviderError) {
            text = try route.provider.participantToken(
                identity: entry.identity, room: room, lifetime: entry.lifetime, now: now)
        } catch {
            throw RoomProblems.problem(error)
        }
        // The token counts in whole seconds, from the second that has begun.
        let second = Timestamp(milliseconds: now.milliseconds - now.milliseconds % 1_000)
        var token = Token(token: text, room: room, identity: entry.identity, expires: second + entry.lifetime)
        token.link = route.adapter.link(origin: route.origin, room: room, token: text)
        return token
    }
}
