import Gateway
import JSON

/// Conferences as the API shows them.
enum ConferenceViews {
    static func conference(_ conference: ConferenceRecord) -> JSONValue { .object(members(conference)) }

    static func roster(_ roster: ConferenceRoster) -> JSONValue {
        var out = members(roster.conference)
        out["participants"] = .array(roster.participants.map(participant))
        return .object(out)
    }

    private static func members(_ conference: ConferenceRecord) -> JSONObject {
        var out: JSONObject = [
            "id": .string(conference.id.text(.conference)), "name": .string(conference.name),
            "state": .string(conference.state.rawValue),
        ]
        out["boat"] = conference.boat.map(JSONValue.string)
        out["channel"] = .string(conference.channel)
        out["provider"] = .string(conference.provider)
        if !conference.providerID.isEmpty { out["provider_id"] = .string(conference.providerID) }
        out["recorded"] = .bool(conference.isRecorded)
        out["created"] = .string(MessageViews.time(conference.created))
        out["started"] = conference.started.map { .string(MessageViews.time($0)) }
        out["ended"] = conference.ended.map { .string(MessageViews.time($0)) }
        out["reason"] = conference.reason.map(JSONValue.string)
        return out
    }

    static func participant(_ participant: ConferenceParticipant) -> JSONValue {
        var out: JSONObject = [
            "id": .string(participant.id.text(.participant)), "label": .string(participant.label),
            "state": .string(participant.state.rawValue), "to": .string(participant.number),
        ]
        out["contact"] = participant.contact.map(JSONValue.string)
        out["start_on_enter"] = .bool(participant.manners.startsOnEnter)
        out["end_on_exit"] = .bool(participant.manners.endsOnExit)
        out["muted"] = .bool(participant.manners.isMuted)
        out["hold"] = .bool(participant.isHeld)
        out["coach"] = participant.manners.coaches.map(JSONValue.string)
        if !participant.providerID.isEmpty { out["provider_id"] = .string(participant.providerID) }
        out["created"] = .string(MessageViews.time(participant.created))
        out["joined"] = participant.joined.map { .string(MessageViews.time($0)) }
        out["left"] = participant.left.map { .string(MessageViews.time($0)) }
        out["reason"] = participant.reason.map(JSONValue.string)
        if participant.code != 0 { out["provider_code"] = .integer(Int64(participant.code)) }
        return .object(out)
    }

    /// Why nothing was done.
    static func problem(_ refusal: ConferenceRefusal) -> Problem {
        switch refusal {
        case .off:
            Problem(
                409, "conferences_off",
                "No channel calls people into conferences. Add one under 'channels:' in channels.yaml, such as voice: "
                    + "{ adapter: voice, provider: twilio, from: \"+41791234567\" }.")
        case .absent: Problem(404, "not_found", "No open conference has this name.")
        case .noParticipant: Problem(404, "not_found", "Nobody of this label or id is in the conference.")
        case .labelTaken: Problem(409, "label_taken", "Somebody in the conference has this label.")
        case .otherBoat(let boat):
            Problem(409, "other_boat", "The conference is about the boat '\(boat)'; end it, or take another name.")
        case .notPlaced:
            Problem(
                409, "not_placed", "The provider has not confirmed the call yet; try again.", retryAfter: 1)
        case .noCoached:
            Problem(409, "no_coached", "Nobody who was called into the conference has the label in 'coach'.")
        case .capReached: Problem(429, "cap_reached", "The key may place no more calls today.")
        case .provider(let error): provider(error)
        }
    }

    private static func provider(_ error: ProviderError) -> Problem {
        if error.code == "gone" {
            var gone = Problem(409, "gone", "The participant, or the conference, is over at the provider.")
            gone.providerCode = error.failure.flatMap { $0.code == 0 ? nil : Int($0.code) }
            return gone
        }
        return RoomProblems.problem(error)
    }
}
