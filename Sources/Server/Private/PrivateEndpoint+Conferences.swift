import Gateway
import HTTP
import JSON

// Conferences of the telephone: people are invited, and the provider's reports keep the roster.

extension PrivateEndpoint {
    /// `v1/conferences` and what is below it; `parts` stands behind.
    func conferences(_ request: HTTPRequest, _ parts: [String], _ respond: HTTPResponder) throws(Problem) {
        let name = parts.first ?? ""
        let part = parts.count > 1 ? parts[1] : ""
        switch (request.method, parts.count, part) {
        case ("GET", 0, _): try listConferences(request, respond)
        case ("GET", 1, _), ("GET", 2, "participants"):
            try showConference(request, name, isRoster: part.isEmpty, respond)
        case ("POST", 2, "participants"): try postParticipant(request, name, respond)
        case ("GET", 3, "participants"): try showParticipant(request, name, parts[2], respond)
        case ("PATCH", 3, "participants"), ("POST", 3, "participants"):
            let change = try ConferenceReader.change(request.body)
            try act(.change(participant: parts[2], change), request, name, respond)
        case ("DELETE", 3, "participants"): try act(.remove(participant: parts[2]), request, name, respond)
        case ("POST", 2, "announce"):
            try act(.announce(try ConferenceReader.announcement(request.body)), request, name, respond)
        case ("POST", 2, "end"): try act(.end, request, name, respond)
        case (_, 0...1, _): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, 2, "participants"): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, POST")
        case (_, 2, "announce"), (_, 2, "end"): throw Problem.methodNotAllowed(request.method, allow: "POST")
        case (_, 3, "participants"):
            throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, PATCH, POST, DELETE")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    // MARK: reading

    private func listConferences(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "conferences:read")
        let list = try ListQuery(request, filters: ["state", "boat", "name"])
        var query = ConferenceQuery()
        query.tenant = key.tenant
        query.boat = list.filters["boat"]
        query.name = list.filters["name"]
        switch list.filters["state"] {
        case nil, "all": break
        case "open": query.states = [.waiting, .running]
        case let word?:
            guard let state = ConferenceRecord.State(rawValue: word) else {
                throw Problem(400, "bad_parameter", "state must be all, open, waiting, running or ended.")
            }
            query.states = [state]
        }
        store(respond) { [self, query] () throws(StoreError) in
            list.page(
                try records.conferences(query, before: list.cursor, limit: list.limit), ConferenceViews.conference
            ) { $0.id.digits }
        }
    }

    /// The last conference of a name, or the one of an id.
    private func roster(_ name: String, of tenant: String) throws(StoreError) -> ConferenceRoster? {
        var query = ConferenceQuery()
        query.tenant = tenant
        var found: ConferenceRecord?
        if let id = RecordID(name, .conference) {
            let next = RecordID(rawValue: id.rawValue + 1)
            found = try records.conferences(query, before: next, limit: 1).first { $0.id == id }
        } else {
            query.name = name
            found = try records.conferences(query, before: nil, limit: 1).first
        }
        guard let found else { return nil }
        return ConferenceRoster(found, try records.participants(ofConference: found.id))
    }

    private func showConference(
        _ request: HTTPRequest, _ name: String, isRoster: Bool, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "conferences:read")
        store(respond) { [self] () throws(StoreError) in
            try roster(name, of: key.tenant).map { roster in
                isRoster
                    ? ConferenceViews.roster(roster)
                    : ["data": .array(roster.participants.map(ConferenceViews.participant)), "next_cursor": .null]
            }
        }
    }

    private func showParticipant(
        _ request: HTTPRequest, _ name: String, _ participant: String, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "conferences:read")
        store(respond) { [self] () throws(StoreError) in
            guard let roster = try roster(name, of: key.tenant) else { return nil }
            let id = RecordID(participant, .participant)
            let index = roster.open(labelled: participant) ?? id.flatMap(roster.index)
            let last = index ?? roster.participants.lastIndex { $0.label.utf8.elementsEqual(participant.utf8) }
            return last.map { ConferenceViews.participant(roster.participants[$0]) }
        }
    }

    // MARK: doing

    private func postParticipant(_ request: HTTPRequest, _ name: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "conferences:write")
        guard ConferenceRecord.isName(name) else {
            throw Problem(400, "bad_name", "A conference's name is 1 to 100 letters, digits, '.', '_' and '-'.")
        }
        let wish = try ConferenceReader.wish(request.body)
        let idempotency = try idempotencyKey(request, key)
        let directory = directory
        recordsThread.run { [self] in
            do throws(Problem) {
                guard let person = try acceptance.resolve(wish.to, directory).first else {
                    throw Problem(422, "no_recipient", "There is nobody to call.")
                }
                var invite = wish.invite
                invite.number = person.number
                invite.contact = person.contact
                invite.idempotency = idempotency
                invite.spend = KeySpend(of: key, calls: 1, micros: 0)
                ask(ConferenceAction(.invite(invite), in: name, of: key.tenant), status: 202, respond)
            } catch {
                fail(error, respond)
            }
        }
    }

    private func act(
        _ deed: ConferenceAction.Deed, _ request: HTTPRequest, _ name: String, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "conferences:write")
        ask(ConferenceAction(deed, in: name, of: key.tenant), status: 200, respond)
    }

    private func ask(_ action: ConferenceAction, status: Int, _ respond: HTTPResponder) {
        engine.ask({ .conference(action, ticket: $0) }) { [self] result in
            switch result {
            case .conferenced(let roster, let participant):
                let index = participant.flatMap(roster.index)
                answer(
                    index.map { ConferenceViews.participant(roster.participants[$0]) }
                        ?? ConferenceViews.roster(roster), status: status, respond)
            case .recorded:
                store(respond) { [self] () throws(StoreError) in
                    try self.roster(action.name, of: action.tenant).map(ConferenceViews.roster)
                }
            case .replayed(let bytes): replay(bytes, respond)
            case .keyMismatch: fail(.keyMismatch, respond)
            case .conferenceRefused(.capReached): fail(.capReached(at: clock.now), respond)
            case .conferenceRefused(let refusal): fail(ConferenceViews.problem(refusal), respond)
            case .notFound: fail(ConferenceViews.problem(.absent), respond)
            default: fail(.cannotWrite, respond)
            }
        }
    }

    /// The participant of an earlier request with the same key, as it is now.
    private func replay(_ bytes: [UInt8], _ respond: HTTPResponder) {
        recordsThread.run { [self] in
            do throws(StoreError) {
                let id = RecordID(String(decoding: bytes, as: UTF8.self), .participant)
                guard let id, let participant = try records.participant(id) else {
                    return fail(.cannotRead, respond)
                }
                answer(ConferenceViews.participant(participant).bytes(), status: 202, replayed: true, respond)
            } catch {
                fail(.cannotRead, respond)
            }
        }
    }
}
