import JSON

// Conferences: what callers do about them, and the calls that are placed for it. A call is asked for after the commit
// that says so, and never twice: one whose answer did not come is looked for at the provider
// (docs/decisions/0080-a-conference-is-a-row-and-its-calls-are-placed-once.md).

extension EngineCore {
    /// The open ones, from the store.
    func loadConferences() throws(StoreError) {
        for roster in try store.openConferences() {
            let id = roster.conference.id
            var one = LiveConferences.Live(roster: roster, lookAt: now)
            // Nothing is known of a conference without a call that was asked for.
            if roster.participants.allSatisfy({ $0.state == .waiting }) { one.lookAt = now + LiveConferences.pause }
            conferences[id] = one
            for participant in roster.participants where participant.state == .waiting {
                conferences.waiting.append(.init(conference: id, participant: participant.id, notBefore: now))
            }
        }
    }

    func take(_ action: ConferenceAction, _ ticket: Int) {
        do throws(ConferenceRefusal) {
            if case .invite(let invite) = action.deed { return try self.invite(invite, action, ticket) }
            guard let id = conferences.id(named: action.name, of: action.tenant), let one = conferences[id] else {
                throw .absent
            }
            try take(action.deed, one.roster, ticket)
        } catch {
            release(ticket, .conferenceRefused(error))
        }
    }

    private func take(
        _ deed: ConferenceAction.Deed, _ roster: ConferenceRoster, _ ticket: Int
    ) throws(ConferenceRefusal) {
        let id = roster.conference.id
        switch deed {
        case .invite: break
        case .change(let name, let change):
            let participant = try placed(name, roster)
            if let coached = change.coaches, !coached.isEmpty { try checkCoached(coached, roster) }
            try ask(.change(participant.id, change, ticket: ticket), id) { provider in
                provider.changeRequest(change, of: participant, in: roster)
            }
        case .remove(let name):
            guard let index = open(name, roster) else { throw .noParticipant }
            let participant = roster.participants[index]
            guard participant.state != .waiting else { return withdraw(index, id, ticket) }
            _ = try placed(name, roster)
            try ask(.remove(participant.id, ticket: ticket), id) { provider in
                provider.removeRequest(participant, from: roster.conference)
            }
        case .announce(let url):
            guard !roster.conference.providerID.isEmpty else { throw .notPlaced }
            try ask(.announce(ticket: ticket), id) { $0.announceRequest(url, in: roster.conference) }
        case .end:
            guard !roster.conference.providerID.isEmpty else {
                guard roster.participants.allSatisfy({ $0.state != .placing }) else { throw .notPlaced }
                return endHere(id, ticket)
            }
            try ask(.end(ticket: ticket), id) { $0.endRequest(roster.conference) }
        }
    }

    /// Nobody was called: nobody else needs to know.
    private func endHere(_ id: RecordID, _ ticket: Int) {
        change(id) { roster, changes in roster.end("ended", at: now, &changes) }
        release(ticket, answer(id, nil))
    }

    /// Was not called yet, and is not called any more.
    private func withdraw(_ index: Int, _ id: RecordID, _ ticket: Int) {
        let participant = conferences[id]?.roster.participants[index].id
        conferences.waiting.removeAll { $0.participant == participant }
        change(id) { roster, changes in roster.leave(index, .failed, "removed", at: now, &changes) }
        release(ticket, answer(id, participant))
    }

    private func open(_ name: String, _ roster: ConferenceRoster) -> Int? {
        if let index = roster.open(labelled: name) { return index }
        guard let id = RecordID(name, .participant), let index = roster.index(of: id) else { return nil }
        return roster.participants[index].isOpen ? index : nil
    }

    /// Somebody whose call the provider has.
    private func placed(
        _ name: String, _ roster: ConferenceRoster
    ) throws(ConferenceRefusal) -> ConferenceParticipant {
        guard let index = open(name, roster) else { throw .noParticipant }
        let participant = roster.participants[index]
        guard !participant.providerID.isEmpty, !roster.conference.providerID.isEmpty else { throw .notPlaced }
        return participant
    }

    private func checkCoached(_ label: String, _ roster: ConferenceRoster) throws(ConferenceRefusal) {
        guard let index = roster.open(labelled: label), !roster.participants[index].providerID.isEmpty else {
            throw .noCoached
        }
    }

    // MARK: inviting

    private func invite(
        _ invite: ConferenceInvite, _ action: ConferenceAction, _ ticket: Int
    ) throws(ConferenceRefusal) {
        if let key = invite.idempotency, let earlier = earlier(key) { return release(ticket, earlier) }
        guard let route = directory.conferenceRoute else { throw .off }
        var one = try conference(for: invite, action, route)
        let id = one.roster.conference.id
        let participant = ids.next(at: now)
        let label = invite.label ?? participant.text(.participant)
        guard one.roster.open(labelled: label) == nil else { throw .labelTaken }
        if let coached = invite.manners.coaches { try checkCoached(coached, one.roster) }
        var row = ConferenceParticipant(
            id: participant, conference: id, number: invite.number, label: label, manners: invite.manners, at: now)
        row.contact = invite.contact
        guard try mayPlace(invite) else { return refuseUnread(ticket) }
        one.roster.participants.append(row)
        conferences[id] = one
        conferences.waiting.append(.init(conference: id, participant: participant, notBefore: now))
        turn.batch.conferences.append(one.roster.conference)
        turn.batch.conferenceParticipants.append(row)
        if let key = invite.idempotency { keep(Array(participant.text(.participant).utf8), under: key) }
        release(ticket, .conferenced(one.roster, participant: participant))
    }

    /// Counts the call for its key; `false` when the store cannot tell what the key has left.
    private func mayPlace(_ invite: ConferenceInvite) throws(ConferenceRefusal) -> Bool {
        do throws(StoreError) {
            if try pays(invite.spend) { return true }
        } catch {
            return false
        }
        throw .capReached
    }

    private func refuseUnread(_ ticket: Int) {
        release(ticket, .unavailable(StoreError(.failed, "what the key spent cannot be read")))
    }

    /// The open conference of the name, or a new one.
    private func conference(
        for invite: ConferenceInvite, _ action: ConferenceAction, _ route: ConferenceRoute
    ) throws(ConferenceRefusal) -> LiveConferences.Live {
        if let id = conferences.id(named: action.name, of: action.tenant), var one = conferences[id] {
            if let boat = invite.boat {
                let known = one.roster.conference.boat
                guard known == nil || known == boat else { throw .otherBoat(known ?? "") }
                one.roster.conference.boat = boat
            }
            return one
        }
        var record = ConferenceRecord(
            id: ids.next(at: now), tenant: action.tenant, name: action.name, channel: route.channel,
            provider: route.provider.name, at: now)
        record.boat = invite.boat
        record.isRecorded = invite.isRecorded
        return LiveConferences.Live(
            roster: ConferenceRoster(record, []), lookAt: now + LiveConferences.pause)
    }

    /// Asks for the calls whose turn it is, as many as may be under way.
    func placeParticipants() {
        var index = 0
        while index < conferences.waiting.count, conferences.underWay.count < LiveConferences.window {
            let entry = conferences.waiting[index]
            guard conferences[entry.conference] != nil else {
                conferences.waiting.remove(at: index)
                continue
            }
            guard entry.notBefore <= now, conferences.mayLeave(entry) else {
                index += 1
                continue
            }
            conferences.waiting.remove(at: index)
            place(entry)
        }
    }

    private func place(_ entry: LiveConferences.Waiting) {
        guard let one = conferences[entry.conference], let index = one.roster.index(of: entry.participant),
            one.roster.participants[index].state == .waiting
        else { return }
        let participant = one.roster.participants[index]
        let request: ProviderRequest
        do throws(ProviderError) {
            guard let provider = conferenceProvider(one.roster.conference),
                let sender = directory.conferenceRoute?.sender
            else { throw ProviderError("removed", "the channel of the conference is gone") }
            request = try provider.inviteRequest(participant, to: one.roster, from: sender)
        } catch {
            change(entry.conference) { roster, changes in
                roster.leave(index, .failed, error.code, at: now, &changes)
            }
            return
        }
        change(entry.conference) { roster, changes in
            roster.participants[index].state = .placing
            changes.append(.kept(index))
        }
        conferences.underWay[participant.id] = entry.conference
        ask(.init(conference: entry.conference, purpose: .invite(participant.id)), one.roster.conference, request)
    }

    // MARK: exchanges

    func conferenceProvider(_ conference: ConferenceRecord) -> (any ConferenceProvider)? {
        directory.provider(named: conference.provider) as? any ConferenceProvider
    }

    private func ask(
        _ purpose: ConferenceExchange.Purpose, _ id: RecordID, _ request: (any ConferenceProvider) -> ProviderRequest
    ) throws(ConferenceRefusal) {
        guard let conference = conferences[id]?.roster.conference, let provider = conferenceProvider(conference)
        else { throw .off }
        ask(.init(conference: id, purpose: purpose), conference, request(provider))
    }

    func ask(_ exchange: ConferenceExchange, _ conference: ConferenceRecord, _ request: ProviderRequest) {
        var request = request
        // A call must not be doubled by a connection that the other side had closed.
        if case .invite = exchange.purpose { request.freshConnection = true }
        ask(
            Exchange(
                delivery: exchange.conference, attempt: 0, purpose: .conference(exchange), channel: conference.channel,
                kind: .voice, provider: conference.provider, tenant: 0),
            request)
    }

    func answer(_ id: RecordID, _ participant: RecordID?) -> EngineAnswer {
        guard let roster = conferences[id]?.roster ?? endedConferences[id] else { return .notFound }
        return .conferenced(roster, participant: participant)
    }

    // MARK: rows and events

    /// Changes a conference, keeps the rows that are others now, and tells.
    @discardableResult
    func change(
        _ id: RecordID, _ body: (inout ConferenceRoster, inout [ConferenceRoster.Change]) -> Void
    ) -> ConferenceRoster? {
        guard var one = conferences[id] else { return nil }
        let before = one.roster.conference
        var changes: [ConferenceRoster.Change] = []
        body(&one.roster, &changes)
        // Without any call at the provider nobody else says that it is over.
        if one.roster.conference.providerID.isEmpty, one.roster.participants.allSatisfy({ !$0.isOpen }) {
            one.roster.end("nobody", at: now, &changes)
        }
        if one.roster.conference != before { turn.batch.conferences.append(one.roster.conference) }
        for change in changes { keep(change, one.roster) }
        if one.roster.conference.state == .ended {
            conferences[id] = nil
            endedConferences[id] = one.roster
        } else {
            if one.roster.participants.allSatisfy({ !$0.isOpen }) {
                one.lookAt = min(one.lookAt, now + LiveConferences.shortPause)
            }
            conferences[id] = one
        }
        return one.roster
    }

    private func keep(_ change: ConferenceRoster.Change, _ roster: ConferenceRoster) {
        switch change {
        case .started: publish(.conferenceStarted, roster, nil)
        case .ended: publish(.conferenceEnded, roster, nil)
        case .joined(let index):
            turn.batch.conferenceParticipants.append(roster.participants[index])
            publish(.participantJoined, roster, index)
        case .left(let index):
            turn.batch.conferenceParticipants.append(roster.participants[index])
            publish(.participantLeft, roster, index)
            bookConference(roster, roster.participants[index])
        case .failed(let index):
            turn.batch.conferenceParticipants.append(roster.participants[index])
            publish(.participantFailed, roster, index)
        case .kept(let index): turn.batch.conferenceParticipants.append(roster.participants[index])
        }
    }

    private func publish(_ type: EventType, _ roster: ConferenceRoster, _ index: Int?) {
        let conference = roster.conference
        var data = JSONObject([
            ("conference", .string(conference.id.text(.conference))), ("name", .string(conference.name)),
            ("provider", .string(conference.provider)), ("kind", .string(ChannelKind.voice.rawValue)),
        ])
        data["boat"] = conference.boat.map(JSONValue.string)
        if !conference.providerID.isEmpty { data["provider_id"] = .string(conference.providerID) }
        if let index {
            let participant = roster.participants[index]
            data["participant"] = .string(participant.id.text(.participant))
            data["label"] = .string(participant.label)
            data["contact"] = participant.contact.map(JSONValue.string)
            data["reason"] = participant.reason.map(JSONValue.string)
            if participant.code != 0 { data["code"] = .integer(Int64(participant.code)) }
            if let joined = participant.joined, let left = participant.left {
                data["seconds"] = .integer(max(0, (left - joined).milliseconds) / 1_000)
            }
        } else {
            data["reason"] = conference.reason.map(JSONValue.string)
        }
        publish(type, of: conference.id.text(.conference), tenant: conference.tenant, data)
    }
}
