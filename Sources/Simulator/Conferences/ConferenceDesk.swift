import HTTP
import JSON

/// The Conferences resource of the 2010 API, and its participants.
final class ConferenceDesk {
    private let world: World
    private let exchange: CallExchange
    private let numbers: NumberDesk
    private var store: ResourceStore<Conference>

    init(world: World, exchange: CallExchange, numbers: NumberDesk) {
        self.world = world
        self.exchange = exchange
        self.numbers = numbers
        store = ResourceStore(limit: world.script.resourceLimit) { ($0.sid, $0.name) }
        exchange.conferences.onConference = { [weak self] conference in self?.store.append(conference) }
    }

    private var hall: ConferenceHall { exchange.conferences }

    /// Handles what lies below `…/Conferences`.
    func handle(_ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        switch (path.count, request.method) {
        case (0, "GET"): return try list(request)
        case (1, "GET"): return answer(try find(path[0], request))
        case (1, "POST"): return try update(try find(path[0], request), request)
        case (2, "POST") where path[1] == "Participants": return try invite(request, to: path[0])
        case (2, "GET") where path[1] == "Participants":
            return try participants(try find(path[0], request), request)
        case (3, _) where path[1] == "Participants":
            return try participant(path[2], of: try find(path[0], request), request)
        case (2, "GET") where path[1] == "Recordings":
            return try exchange.recordings.handle(request, path: [], call: try find(path[0], request).sid)
        case (0...1, _): throw TwilioError(20004)
        case (2, _) where path[1] == "Participants": throw TwilioError(20004)
        default: throw TwilioError.notFound(request.path)
        }
    }

    private func find(_ sid: String, _ request: APIRequest) throws(TwilioError) -> Conference {
        guard let conference = store[sid] else { throw TwilioError.notFound(request.path) }
        return conference
    }

    private func answer(_ conference: Conference) -> HTTPResponse {
        .json(200, conference.json(account: world.credentials.accountSID, path: world.accountPath))
    }

    private func answer(_ status: Int, _ member: ConferenceMember, _ conference: Conference) -> HTTPResponse {
        .json(
            status,
            member.json(account: world.credentials.accountSID, conference: conference.sid, path: world.accountPath))
    }

    private func list(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let status = request.query["Status"].flatMap { $0.isEmpty ? nil : $0 } ?? "in-progress"
        let created = try DateFilter("DateCreated", request.query)
        let updated = try DateFilter("DateUpdated", request.query)
        let youngest = world.kernel.now - world.faults.lag(path: request.path)
        let value = try ListPage(request).answer(
            store, key: "conferences", target: request.query["FriendlyName"].flatMap { $0.isEmpty ? nil : $0 },
            matches: { conference in
                conference.status.rawValue == status && conference.created <= youngest
                    && created.contains(conference.created) && updated.contains(conference.updated)
            },
            json: { $0.json(account: world.credentials.accountSID, path: world.accountPath) })
        return .json(200, value)
    }

    private func update(_ conference: Conference, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        guard conference.status != .completed else { throw TwilioError(16022) }
        if let status = request.parameter("Status") {
            guard status == "completed" else { throw TwilioError(20001, "Status must be completed") }
            hall.end(conference, .byAPI)
        }
        try announce(request, in: conference, to: nil)
        return answer(conference)
    }

    private func announce(
        _ request: APIRequest, in conference: Conference, to member: ConferenceMember?
    ) throws(TwilioError) {
        guard let url = request.parameter("AnnounceUrl") else { return }
        guard WebhookTarget.isURL(url) else { throw TwilioError(21205) }
        hall.announce(
            url, method: CallDraft.method(request, "AnnounceMethod"), in: conference, to: member)
    }

    // MARK: participants

    private func invite(_ request: APIRequest, to name: String) throws(TwilioError) -> HTTPResponse {
        let draft = try ParticipantDraft(request)
        let running = SIDFactory.isSID(name, "CF") ? try find(name, request) : hall[name]
        if let running {
            guard running.status != .completed else { throw TwilioError(16022) }
            guard hall.hasPlace(in: running) else { throw TwilioError(16020) }
            if let label = draft.label, running.member(label) != nil {
                throw TwilioError(20001, "A participant of this conference has the label already")
            }
        }
        if ChannelAddress(draft.from).isNumber { numbers.number(draft.from) }
        let conference = running ?? hall.conference(named: name, draft.wishes)
        let call = exchange.make(to: draft.to, from: draft.from, direction: "outbound-api")
        call.callback = draft.callback
        call.timeout = draft.timeout
        call.timeLimit = draft.timeLimit
        call.recording = draft.recording
        call.twiml = "<Response><Dial><Conference/></Dial></Response>"
        let member = ConferenceMember(call: call, label: draft.label, manners: draft.manners, at: world.kernel.now)
        call.seat = (conference, member)
        hall.invite(member, to: conference)
        let response = answer(201, member, conference)
        let isEarly = world.faults.isEarly("Conferences")
        if isEarly { world.kernel.answerTime += 250 }
        exchange.enqueue(call, at: isEarly ? world.kernel.now : world.kernel.answerTime)
        return response
    }

    private func participants(_ conference: Conference, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        func flag(_ name: String) -> Bool? { request.query[name].flatMap { Bool($0) } }
        let (muted, hold, coaching) = (flag("Muted"), flag("Hold"), flag("Coaching"))
        let youngest = world.kernel.now - world.faults.lag(path: request.path)
        // The page is of a store: what is asked for is put into one.
        var found = ResourceStore<ConferenceMember>(limit: Self.rosterLimit) { ($0.call.sid, $0.label ?? "") }
        for member in conference.members where member.created <= youngest { found.append(member) }
        let value = try ListPage(request).answer(
            found, key: "participants", target: nil,
            matches: { member in
                muted ?? member.manners.isMuted == member.manners.isMuted
                    && hold ?? member.manners.isHeld == member.manners.isHeld
                    && coaching ?? member.manners.isCoaching == member.manners.isCoaching
            },
            json: {
                $0.json(account: world.credentials.accountSID, conference: conference.sid, path: world.accountPath)
            })
        return .json(200, value)
    }

    private static let rosterLimit = 1000

    private func participant(
        _ name: String, of conference: Conference, _ request: APIRequest
    ) throws(TwilioError) -> HTTPResponse {
        guard let member = conference.member(name) else { throw TwilioError.notFound(request.path) }
        switch request.method {
        case "GET": return answer(200, member, conference)
        case "POST":
            var manners = member.manners
            try ParticipantDraft.read(request, into: &manners, isNew: false)
            hall.change(member, in: conference, to: manners)
            try announce(request, in: conference, to: member)
            return answer(200, member, conference)
        case "DELETE":
            hall.kick(member, from: conference)
            return HTTPResponse(status: 204)
        default: throw TwilioError(20004)
        }
    }
}
