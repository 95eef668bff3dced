import JSON

/// A conference of the telephone.
final class Conference {
    /// The statuses of the API.
    enum Status: String {
        case initial = "init"
        case inProgress = "in-progress"
        case completed
    }

    /// Why a conference is over.
    enum Ending: String {
        case byAPI = "conference-ended-via-api"
        case hostLeft = "participant-with-end-conference-on-exit-left"
        case hostKicked = "participant-with-end-conference-on-exit-kicked"
        case lastKicked = "last-participant-kicked"
        case lastLeft = "last-participant-left"
    }

    /// What whoever is first asks for; what others ask for is not heeded.
    struct Wishes {
        var callback: (url: String, method: String)?
        /// Of start, end, join, leave, mute, hold, modify, speaker, announcement.
        var events: Set<String> = ["start", "end"]
        var maxParticipants = 250
        var recording: RecordingRequest?
    }

    let sid: String
    let name: String
    let created: Int64
    var updated: Int64
    var status = Status.initial
    var wishes: Wishes
    var ending: Ending?
    var endingMember: ConferenceMember?
    var recording: Recording?
    /// The number of the next status callback.
    var sequence = 1
    /// Who is being called or is in, in the order in which they were called.
    private(set) var members: [ConferenceMember] = []
    private var bySID: [String: ConferenceMember] = [:]
    private var byLabel: [String: ConferenceMember] = [:]

    init(sid: String, name: String, wishes: Wishes, at time: Int64) {
        self.sid = sid
        self.name = name
        self.wishes = wishes
        created = time
        updated = time
    }

    /// By call or label.
    func member(_ name: String) -> ConferenceMember? { bySID[name] ?? byLabel[name] }

    /// Adds somebody who is being called.
    func add(_ member: ConferenceMember) {
        members.append(member)
        bySID[member.call.sid] = member
        if let label = member.label { byLabel[label] = member }
    }

    /// Removes somebody.
    func remove(_ member: ConferenceMember) {
        members.removeAll { $0 === member }
        bySID[member.call.sid] = nil
        if let label = member.label, byLabel[label] === member { byLabel[label] = nil }
    }

    /// The resource in the field order of the API's description.
    func json(account: String, path: String) -> JSONValue {
        let uri = "\(path)/Conferences/\(sid)"
        return [
            "account_sid": .string(account), "date_created": .string(Clock.rfc2822(created)),
            "date_updated": .string(Clock.rfc2822(updated)), "api_version": "2010-04-01",
            "friendly_name": .string(name), "region": "us1", "sid": .string(sid), "status": .string(status.rawValue),
            "uri": .string(uri + ".json"),
            "subresource_uris": [
                "participants": .string(uri + "/Participants.json"), "recordings": .string(uri + "/Recordings.json"),
            ],
            "reason_conference_ended": ending.map { .string($0.rawValue) } ?? .null,
            "call_sid_ending_conference": endingMember.map { .string($0.call.sid) } ?? .null,
        ]
    }
}
