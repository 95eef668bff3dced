/// The conferences under way: who comes in, when one begins and ends, and the reports of each step.
final class ConferenceHall {
    /// The provider's limit, in people.
    static let limit = 250

    private let world: World
    private let recordings: RecordingDesk
    private var open: [String: Conference] = [:]
    /// Remembers a conference.
    var onConference: (Conference) -> Void = { _ in }
    /// Ends a call.
    var hangUp: (Call) -> Void = { _ in }

    init(world: World, recordings: RecordingDesk) {
        self.world = world
        self.recordings = recordings
    }

    /// The conference of this name that is not over.
    subscript(name: String) -> Conference? { open[name] }

    /// The conference of this name that is not over, or a new one.
    func conference(named name: String, _ wishes: Conference.Wishes) -> Conference {
        if let found = open[name] { return found }
        let made = Conference(sid: world.sid("CF"), name: name, wishes: wishes, at: world.kernel.now)
        open[name] = made
        onConference(made)
        return made
    }

    // MARK: coming and going

    /// Whether somebody more has a place.
    func hasPlace(in conference: Conference) -> Bool {
        conference.members.count < min(conference.wishes.maxParticipants, Self.limit)
    }

    /// Somebody is being called into a conference; the end of the call is their end in it.
    func invite(_ member: ConferenceMember, to conference: Conference) {
        conference.add(member)
        member.call.onChange = { [weak self] call in
            if call.status.isFinal { self?.leave(member, conference) }
        }
    }

    /// Somebody has answered, or a call is led into a conference.
    func enter(_ member: ConferenceMember, _ conference: Conference) {
        guard conference.status != .completed, !member.isIn, !member.isGone else { return }
        member.isIn = true
        member.updated = world.kernel.now
        report(conference, "participant-join", "join", member.form)
        guard conference.status == .initial, member.manners.startsOnEnter else { return }
        conference.status = .inProgress
        conference.updated = world.kernel.now
        if let request = conference.wishes.recording {
            conference.recording = recordings.begin(
                request, call: member.call, source: "Conference", conference: conference.sid)
        }
        report(conference, "conference-start", "start")
    }

    /// Somebody has left, or never came.
    func leave(_ member: ConferenceMember, _ conference: Conference, kicked: Bool = false) {
        guard !member.isGone else { return }
        member.isGone = true
        let wasIn = member.isIn
        member.isIn = false
        member.updated = world.kernel.now
        conference.remove(member)
        let word: Call.Status = wasIn ? .completed : .canceled
        let status = member.call.status.isFinal ? member.call.status.rawValue : word.rawValue
        let isByAPI = kicked || conference.status == .completed
        report(
            conference, "participant-leave", "leave",
            member.form + [
                ("ParticipantCallStatus", status),
                ("ReasonParticipantLeft", isByAPI ? "participant_updated_via_api" : "participant_hung_up"),
            ])
        guard conference.status != .completed else { return }
        if wasIn, member.manners.endsOnExit {
            end(conference, kicked ? .hostKicked : .hostLeft, by: member)
        } else if conference.members.isEmpty {
            end(conference, kicked ? .lastKicked : .lastLeft, by: member)
        }
    }

    /// Takes somebody out; their instructions go on, and without any the call ends.
    func kick(_ member: ConferenceMember, from conference: Conference) {
        leave(member, conference, kicked: true)
        release(member)
    }

    /// Ends a conference for everybody.
    func end(_ conference: Conference, _ ending: Conference.Ending, by member: ConferenceMember? = nil) {
        guard conference.status != .completed else { return }
        conference.status = .completed
        conference.ending = ending
        conference.endingMember = member
        conference.updated = world.kernel.now
        open[conference.name] = nil
        for other in conference.members {
            leave(other, conference)
            release(other)
        }
        if let recording = conference.recording { recordings.finish(recording) }
        var form = [("ReasonConferenceEnded", ending.rawValue), ("Reason", Self.sentence(ending))]
        if let member {
            form.append(("CallSidEndingConference", member.call.sid))
            if let label = member.label { form.append(("ParticipantLabelEndingConference", label)) }
        }
        report(conference, "conference-end", "end", form)
    }

    private func release(_ member: ConferenceMember) {
        let release = member.onRelease
        member.onRelease = nil
        if let release { release() } else { hangUp(member.call) }
    }

    private static func sentence(_ ending: Conference.Ending) -> String {
        switch ending {
        case .byAPI: "Conference ended via API"
        case .hostLeft: "Participant with endConferenceOnExit left"
        case .hostKicked: "Participant with endConferenceOnExit was kicked"
        case .lastKicked: "Last participant was kicked"
        case .lastLeft: "Last participant left"
        }
    }

    // MARK: what happens in it

    /// Changes what a participant may do, and reports what is other than before.
    func change(_ member: ConferenceMember, in conference: Conference, to manners: ConferenceMember.Manners) {
        let old = member.manners
        member.manners = manners
        member.updated = world.kernel.now
        if old.isMuted != manners.isMuted {
            report(conference, manners.isMuted ? "participant-mute" : "participant-unmute", "mute", member.form)
        }
        if old.isHeld != manners.isHeld {
            report(conference, manners.isHeld ? "participant-hold" : "participant-unhold", "hold", member.form)
        }
        let isModified =
            old.isCoaching != manners.isCoaching || old.coachedSID != manners.coachedSID
            || old.endsOnExit != manners.endsOnExit
        if isModified { report(conference, "participant-modify", "modify", member.form) }
    }

    /// Fetches an announcement and plays it to one participant, or to all.
    func announce(_ url: String, method: String, in conference: Conference, to member: ConferenceMember?) {
        let request = WebhookCaller.Call(
            resource: "Calls", url: url, method: method,
            form: [
                ("AccountSid", world.credentials.accountSID), ("ConferenceSid", conference.sid),
                ("FriendlyName", conference.name),
            ])
        let form = (member?.form ?? []) + [("AnnounceUrl", url)]
        world.webhooks.send(request) { [self] outcome in
            switch outcome {
            case .answer:
                world.kernel.after(world.script.play) { [self] in
                    report(conference, "announcement-end", "announcement", form)
                }
            case .failure(let code, _):
                report(
                    conference, "announcement-fail", "announcement",
                    form + [("ReasonAnnouncementFailed", TwilioError.text(code))])
            }
        }
    }

    private func report(_ conference: Conference, _ event: String, _ kind: String, _ form: [(String, String)] = []) {
        let number = conference.sequence
        conference.sequence += 1
        guard let callback = conference.wishes.callback, conference.wishes.events.contains(kind) else { return }
        let basic = [
            ("ConferenceSid", conference.sid), ("FriendlyName", conference.name),
            ("AccountSid", world.credentials.accountSID), ("Timestamp", Clock.rfc2822(world.kernel.now)),
            ("SequenceNumber", String(number)), ("StatusCallbackEvent", event),
        ]
        world.webhooks.notify(
            WebhookCaller.Call(
                resource: "Conferences", url: callback.url, method: callback.method, form: basic + form))
    }
}
