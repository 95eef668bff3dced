// What providers say of conferences: answers to requests, and reports.

extension EngineCore {
    /// A report counts by its number; whoever sent it is answered that it came.
    func take(_ report: ConferenceReport, _ input: WebhookInput, _ ticket: Int) {
        if conferences[report.conference]?.roster.conference.provider == input.provider {
            change(report.conference) { roster, changes in changes = roster.take(report, at: now) }
        }
        answer(.empty, input, ticket)
    }

    func conferenceAnswered(_ exchange: ConferenceExchange, _ provider: (any Provider)?, _ answer: ProviderAnswer) {
        let id = exchange.conference
        guard let provider = provider as? any ConferenceProvider else {
            if let ticket = exchange.ticket { release(ticket, .conferenceRefused(.off)) }
            return unanswered(exchange)
        }
        switch exchange.purpose {
        case .invite(let participant): invited(participant, id, provider.inviteResult(of: answer))
        case .search(let step): searched(step, id, provider, answer)
        case .roster: listed(id, provider, answer)
        case .change(let participant, let change, let ticket):
            conclude(id, participant, ticket, Self.outcome(provider, answer)) { [now] roster, changes in
                roster.take(change, participant, at: now, &changes)
            }
        case .remove(let participant, let ticket):
            conclude(id, participant, ticket, Self.outcome(provider, answer)) { [now] roster, changes in
                guard let index = roster.index(of: participant), roster.participants[index].isOpen else { return }
                let wasIn = roster.participants[index].state == .joined
                roster.leave(index, wasIn ? .left : .failed, "removed", at: now, &changes)
            }
        case .announce(let ticket): conclude(id, nil, ticket, Self.outcome(provider, answer)) { _, _ in }
        case .end(let ticket):
            conclude(id, nil, ticket, Self.outcome(provider, answer)) { [now] roster, changes in
                roster.end("ended", at: now, &changes)
            }
        }
    }

    /// Of a provider that is gone from the configuration nothing is known.
    private func unanswered(_ exchange: ConferenceExchange) {
        switch exchange.purpose {
        case .invite(let participant): invited(participant, exchange.conference, .unclear)
        case .search, .roster:
            conferences[exchange.conference]?.isLooking = false
            lookAgain(exchange.conference)
        case .change, .remove, .announce, .end: break
        }
    }

    private static func outcome(
        _ provider: any ConferenceProvider, _ answer: ProviderAnswer
    ) -> Result<Void, ProviderError> {
        do throws(ProviderError) {
            return .success(try provider.changeResult(of: answer))
        } catch {
            return .failure(error)
        }
    }

    /// Carries out here what the provider carried out, and tells whoever waits. A report may have been faster, and the
    /// conference over: then its rows tell all.
    private func conclude(
        _ id: RecordID, _ participant: RecordID?, _ ticket: Int, _ outcome: Result<Void, ProviderError>,
        _ body: (inout ConferenceRoster, inout [ConferenceRoster.Change]) -> Void
    ) {
        if case .failure(let error) = outcome {
            // Who is in it is another question now.
            if error.code == "gone", conferences[id]?.isLooking == false { conferences[id]?.lookAt = now }
            return release(ticket, .conferenceRefused(.provider(error)))
        }
        let roster = change(id, body) ?? endedConferences[id]
        release(ticket, roster.map { .conferenced($0, participant: participant) } ?? .recorded)
    }

    // MARK: invitations

    private func invited(_ participant: RecordID, _ id: RecordID, _ result: ConferenceInvitation) {
        conferences.underWay[participant] = nil
        guard let one = conferences[id], let index = one.roster.index(of: participant) else { return }
        switch result {
        case .placed(let conference, let call): placed(index, id, conference: conference, call: call)
        case .busy where one.roster.participants[index].created + LiveConferences.patience > now:
            again(index, participant, id)
        case .busy(let failure), .refused(let failure): refused(index, id, failure)
        case .unclear:
            conferences[id]?.looks = 0
            look(id, in: LiveConferences.looks[0])
        }
    }

    private func placed(_ index: Int, _ id: RecordID, conference: String, call: String) {
        change(id) { roster, changes in
            if roster.conference.providerID.isEmpty { roster.conference.providerID = conference }
            roster.participants[index].providerID = call
            // A report may have been faster.
            if roster.participants[index].state == .placing { roster.participants[index].state = .calling }
            changes.append(.kept(index))
        }
        look(id, in: LiveConferences.ringing)
    }

    private func refused(_ index: Int, _ id: RecordID, _ failure: ProviderFailure) {
        change(id) { roster, changes in
            guard roster.participants[index].state == .placing else { return }
            roster.participants[index].code = failure.code
            roster.leave(index, .failed, failure.failureClass.word, at: now, &changes)
        }
    }

    /// Surely not placed: it is asked for again a little later.
    private func again(_ index: Int, _ participant: RecordID, _ id: RecordID) {
        change(id) { roster, changes in
            guard roster.participants[index].state == .placing else { return }
            roster.participants[index].state = .waiting
            changes.append(.kept(index))
        }
        let pause = Duration.milliseconds(Int64(1_000 + 2_000 * random.unit()))
        conferences.waiting.append(.init(conference: id, participant: participant, notBefore: now + pause))
    }

    // MARK: looking

    private func look(_ id: RecordID, in pause: Duration) {
        guard let one = conferences[id] else { return }
        conferences[id]?.lookAt = min(one.lookAt, now + pause)
    }

    /// Asks who is in conferences of which that is not sure.
    func lookAtConferences() {
        for id in conferences.order {
            guard let one = conferences[id], !one.isLooking, one.lookAt <= now else { continue }
            guard let provider = conferenceProvider(one.roster.conference) else {
                conferences[id]?.lookAt = now + LiveConferences.pause
                continue
            }
            let conference = one.roster.conference
            if !conference.providerID.isEmpty {
                conferences[id]?.isLooking = true
                ask(.init(conference: id, purpose: .roster), conference, provider.rosterRequest(conference))
            } else if one.roster.participants.contains(where: { $0.state == .placing }),
                let request = provider.conferenceSearchRequest(conference, step: 0)
            {
                conferences[id]?.isLooking = true
                ask(.init(conference: id, purpose: .search(step: 0)), conference, request)
            } else {
                conferences[id]?.lookAt = now + LiveConferences.pause
            }
        }
    }

    private func searched(
        _ step: Int, _ id: RecordID, _ provider: any ConferenceProvider, _ answer: ProviderAnswer
    ) {
        conferences[id]?.isLooking = false
        guard let one = conferences[id] else { return }
        guard let found = try? provider.conferenceSearchResult(of: answer) else { return lookAgain(id) }
        if !found.isEmpty {
            change(id) { roster, _ in roster.conference.providerID = found }
            conferences[id]?.lookAt = now
        } else if let request = provider.conferenceSearchRequest(one.roster.conference, step: step + 1) {
            conferences[id]?.isLooking = true
            ask(.init(conference: id, purpose: .search(step: step + 1)), one.roster.conference, request)
        } else {
            missed([], id)
        }
    }

    private func listed(_ id: RecordID, _ provider: any ConferenceProvider, _ answer: ProviderAnswer) {
        conferences[id]?.isLooking = false
        guard let seats = try? provider.rosterResult(of: answer) else { return lookAgain(id) }
        change(id) { roster, changes in
            for seat in seats { roster.take(seat, at: now, &changes) }
        }
        missed(seats, id)
    }

    /// No answer.
    private func lookAgain(_ id: RecordID) {
        conferences[id]?.lookAt = now + LiveConferences.shortPause
    }

    /// Whoever is not in the list: a call that was not confirmed may still appear for a while; others are gone when they
    /// stay missing, as lists lag, and their report never came.
    private func missed(_ seats: [ConferenceSeat], _ id: RecordID) {
        guard let one = conferences[id] else { return }
        let calls = Set(seats.map(\.call))
        let looks = one.looks + 1
        var missing: [RecordID: Timestamp] = [:]
        var isUnsure = false
        let isLast = looks >= LiveConferences.looks.count
        change(id) { roster, changes in
            for (index, participant) in roster.participants.enumerated() where participant.isOpen {
                switch participant.state {
                case .placing where conferences.underWay[participant.id] == nil:
                    if isLast {
                        roster.leave(index, .failed, ConferenceParticipant.unconfirmed, at: now, &changes)
                    } else {
                        isUnsure = true
                    }
                case .calling where !calls.contains(participant.providerID),
                    .joined where !calls.contains(participant.providerID):
                    let since = one.missing[participant.id] ?? now
                    missing[participant.id] = since
                    guard since + LiveConferences.shortPause <= now else { continue }
                    let state: ConferenceParticipant.State = participant.state == .joined ? .left : .failed
                    roster.leave(index, state, "gone", at: now, &changes)
                default: break
                }
            }
            let isEmpty = seats.isEmpty && roster.participants.allSatisfy { !$0.isOpen }
            if isEmpty, !roster.conference.providerID.isEmpty { roster.end("gone", at: now, &changes) }
        }
        guard conferences[id] != nil else { return }
        conferences[id]?.missing = missing
        conferences[id]?.looks = isUnsure ? looks : 0
        let pause = isUnsure ? LiveConferences.looks[min(looks, LiveConferences.looks.count - 1)] : nil
        let next = pause ?? (missing.isEmpty ? LiveConferences.pause : LiveConferences.shortPause)
        conferences[id]?.lookAt = now + next
    }

    // MARK: costs

    /// Somebody was in a conference: a minute costs what the table of prices says.
    func bookConference(_ roster: ConferenceRoster, _ participant: ConferenceParticipant) {
        guard countsCosts, let joined = participant.joined, let left = participant.left else { return }
        let seconds = Int(max(0, (left - joined).milliseconds) / 1_000)
        bookConference(
            seconds: seconds, over: roster.conference.channel, number: participant.number,
            tenant: roster.conference.tenant)
    }
}

extension ConferenceRoster {
    /// A seat at the provider: somebody of whom the provider knows more than was reported.
    fileprivate mutating func take(_ seat: ConferenceSeat, at now: Timestamp, _ changes: inout [Change]) {
        let known = participants.firstIndex { $0.providerID == seat.call }
        let labelled = seat.label.flatMap { label in
            participants.lastIndex { $0.providerID.isEmpty && $0.label.utf8.elementsEqual(label.utf8) }
        }
        guard let index = known ?? labelled, participants[index].mayStillCome else { return }
        let before = participants[index]
        participants[index].providerID = seat.call
        participants[index].manners.isMuted = seat.isMuted
        participants[index].isHeld = seat.isHeld
        if seat.isConnected, before.state != .joined { return join(index, at: now, &changes) }
        if !before.isOpen || before.state == .placing { call(index) }
        if participants[index] != before { changes.append(.kept(index)) }
    }

    /// A change that the provider carried out.
    fileprivate mutating func take(
        _ change: SeatChange, _ participant: RecordID, at now: Timestamp, _ changes: inout [Change]
    ) {
        guard let index = index(of: participant), participants[index].isOpen else { return }
        participants[index].manners.isMuted = change.isMuted ?? participants[index].manners.isMuted
        participants[index].isHeld = change.isHeld ?? participants[index].isHeld
        participants[index].manners.endsOnExit = change.endsOnExit ?? participants[index].manners.endsOnExit
        if let coached = change.coaches { participants[index].manners.coaches = coached.isEmpty ? nil : coached }
        changes.append(.kept(index))
    }
}
