import JSON

/// Somebody who is being called into a conference, or is in it.
final class ConferenceMember {
    /// The statuses of the API.
    enum Status: String {
        case queued, connecting, ringing, connected, complete, failed
    }

    /// What a participant may do, and what happens when the participant comes and goes.
    struct Manners {
        var isMuted = false
        var isHeld = false
        var isCoaching = false
        /// Whom a coach is heard by alone.
        var coachedSID: String?
        /// Others wait until somebody with this is in.
        var startsOnEnter = true
        /// The conference is over when this one leaves.
        var endsOnExit = false
    }

    let call: Call
    let label: String?
    var manners: Manners
    let created: Int64
    var updated: Int64
    /// Whether the participant is in the conference.
    var isIn = false
    /// Whether the participant was in it, or tried, and is gone.
    var isGone = false
    /// Goes on with the participant's instructions, when the conference lets the participant go.
    var onRelease: (() -> Void)?

    init(call: Call, label: String?, manners: Manners, at time: Int64) {
        self.call = call
        self.label = label
        self.manners = manners
        created = time
        updated = time
    }

    /// By the call, until the participant is in.
    var status: Status {
        if isIn { return .connected }
        switch call.status {
        case .queued: return .queued
        case .ringing: return .ringing
        case .inProgress: return isGone ? .complete : .connecting
        case .completed: return .complete
        case .busy, .failed, .canceled, .noAnswer: return .failed
        }
    }

    /// The resource in the field order of the API's description.
    func json(account: String, conference: String, path: String) -> JSONValue {
        [
            "account_sid": .string(account), "call_sid": .string(call.sid),
            "label": label.map { .string($0) } ?? .null,
            "call_sid_to_coach": manners.coachedSID.map { .string($0) } ?? .null,
            "coaching": .bool(manners.isCoaching), "conference_sid": .string(conference),
            "date_created": .string(Clock.rfc2822(created)), "date_updated": .string(Clock.rfc2822(updated)),
            "end_conference_on_exit": .bool(manners.endsOnExit), "muted": .bool(manners.isMuted),
            "hold": .bool(manners.isHeld), "start_conference_on_enter": .bool(manners.startsOnEnter),
            "status": .string(status.rawValue), "queue_time": .string(String(call.queueTime)),
            "uri": .string("\(path)/Conferences/\(conference)/Participants/\(call.sid).json"),
        ]
    }

    /// The parameters of a status callback.
    var form: [(String, String)] {
        var form = [
            ("CallSid", call.sid), ("Muted", String(manners.isMuted)), ("Hold", String(manners.isHeld)),
            ("Coaching", String(manners.isCoaching)), ("StartConferenceOnEnter", String(manners.startsOnEnter)),
            ("EndConferenceOnExit", String(manners.endsOnExit)),
        ]
        if let label { form.append(("ParticipantLabel", label)) }
        if let sid = manners.coachedSID { form.append(("CallSidToCoach", sid)) }
        return form
    }
}
