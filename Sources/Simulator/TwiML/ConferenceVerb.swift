/// `<Dial><Conference>`: the call waits in a conference until it is over, or the call is.
final class ConferenceVerb: ActiveVerb {
    private unowned let runner: TwiMLRunner
    private let verb: XMLElement
    private let noun: XMLElement
    private var place: (conference: Conference, member: ConferenceMember)?
    private var entered: Int64?
    private var isFinished = false

    init(_ verb: XMLElement, _ noun: XMLElement, _ runner: TwiMLRunner) {
        self.runner = runner
        self.verb = verb
        self.noun = noun
    }

    private var hall: ConferenceHall { runner.exchange.conferences }

    func begin() {
        guard let place = runner.call.seat ?? admit() else { return finish("failed") }
        runner.call.seat = nil
        self.place = place
        entered = runner.kernel.now
        place.member.onRelease = { [weak self] in self?.finish("completed") }
        hall.enter(place.member, place.conference)
        if let limit = verb["timeLimit"].flatMap({ Int64($0) }) {
            runner.call.timers.append(
                runner.kernel.after(max(1, min(86_400, limit)) * 1000) { [weak self] in self?.finish("completed") })
        }
    }

    /// A place for a call that was not called into the conference; nil when it is full or has no name.
    private func admit() -> (conference: Conference, member: ConferenceMember)? {
        let name = noun.trimmedText
        guard !name.isEmpty else { return nil }
        let conference = hall.conference(named: name, wishes)
        guard hall.hasPlace(in: conference) else { return nil }
        var manners = ConferenceMember.Manners()
        manners.isMuted = noun["muted"] == "true"
        manners.startsOnEnter = noun["startConferenceOnEnter"] != "false"
        manners.endsOnExit = noun["endConferenceOnExit"] == "true"
        manners.coachedSID = noun["coach"]
        manners.isCoaching = noun["coach"] != nil
        let member = ConferenceMember(
            call: runner.call, label: noun["participantLabel"], manners: manners, at: runner.kernel.now)
        conference.add(member)
        return (conference, member)
    }

    private var wishes: Conference.Wishes {
        var wishes = Conference.Wishes()
        if let url = noun["statusCallback"] {
            wishes.callback = (runner.resolve(url), noun["statusCallbackMethod"] == "GET" ? "GET" : "POST")
        }
        let events = (noun["statusCallbackEvent"] ?? "").split(separator: " ").map(String.init)
        if !events.isEmpty { wishes.events = Set(events) }
        wishes.maxParticipants = noun["maxParticipants"].flatMap { Int($0) } ?? ConferenceHall.limit
        if noun["record"] == "record-from-start" {
            wishes.recording = RecordingRequest(noun, base: runner.documentURL)
        }
        return wishes
    }

    private func finish(_ status: String) {
        guard !isFinished else { return }
        let seconds = entered.map { max(0, runner.kernel.now - $0) / 1000 }
        cancel()
        var extra = [("DialCallStatus", status)]
        if let seconds { extra.append(("DialCallDuration", String(seconds))) }
        runner.leave(action: verb["action"], method: TwiMLRunner.method(verb), extra)
    }

    /// A key of the caller leaves the conference where `hangupOnStar` says so.
    func key(_ key: String) {
        if key == "*", verb["hangupOnStar"] == "true" { finish("completed") }
    }

    func heard(_ text: String) {}

    func cancel() {
        guard !isFinished else { return }
        isFinished = true
        guard let place else { return }
        place.member.onRelease = nil
        // Of a call that is over, its status is to be known first.
        if !isCallOver { hall.leave(place.member, place.conference) }
    }

    private var isCallOver = false

    func callEnds() {
        isCallOver = true
        guard let place else { return }
        let call = runner.call
        let hall = hall
        let earlier = call.onChange
        call.onChange = { call in
            earlier?(call)
            hall.leave(place.member, place.conference)
        }
    }
}
