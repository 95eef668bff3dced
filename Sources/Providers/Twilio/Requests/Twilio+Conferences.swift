import Forms
import Gateway
import JSON

extension Twilio: ConferenceProvider {
    /// Twilio's limit of people in a conference; it is told so, as the limit may be lower by default one day.
    static let maxConference = 250
    /// Everything that changes the roster.
    private static let conferenceEvents = ["start", "end", "join", "leave", "mute", "hold", "modify"]
    /// The states in which a conference can be, as it goes through them: whatever happens between two questions, one of
    /// them finds it.
    private static let conferenceStates = ["init", "in-progress", "completed"]

    /// `POST /Conferences/{name or CF…}/Participants.json`: the name for the first call, which makes the conference, and
    /// from then on the id, which never leads to another conference of the name.
    /// - Throws: `no_coached` when the one who is to be coached has no call.
    public func inviteRequest(
        _ participant: ConferenceParticipant, to roster: ConferenceRoster, from sender: String
    ) throws(ProviderError) -> ProviderRequest {
        let conference = roster.conference
        var form = FormWriter()
        form.append("From", sender)
        form.append("To", participant.number)
        form.append("Label", participant.label)
        form.append("EarlyMedia", "false")
        form.append("Beep", "true")
        form.append("StartConferenceOnEnter", String(participant.manners.startsOnEnter))
        form.append("EndConferenceOnExit", String(participant.manners.endsOnExit))
        form.append("Muted", String(participant.manners.isMuted))
        form.append("MaxParticipants", String(Self.maxConference))
        if let label = participant.manners.coaches {
            guard let index = roster.open(labelled: label), !roster.participants[index].providerID.isEmpty else {
                throw ProviderError("no_coached", "nobody in the conference has the label of who is to be coached")
            }
            form.append("Coaching", "true")
            form.append("CallSidToCoach", roster.participants[index].providerID)
        }
        form.append("ConferenceStatusCallback", links.conferenceCallback(conference.id))
        form.append("ConferenceStatusCallbackMethod", "POST")
        for event in Self.conferenceEvents { form.append("ConferenceStatusCallbackEvent", event) }
        if conference.isRecorded {
            form.append("ConferenceRecord", "record-from-start")
            form.append("ConferenceRecordingStatusCallback", links.recordingCallback(conference.id))
        }
        let name = conference.providerID.isEmpty ? conference.providerName : conference.providerID
        return post(conferences + "/" + PercentCoding.encode(name) + "/Participants.json", form)
    }

    /// 201 with the ids of the conference and of the call; 429 and what was not written are to be tried again.
    public func inviteResult(of answer: ProviderAnswer) -> ConferenceInvitation {
        guard case .answered(let status, _, let body) = answer else {
            guard case .notSent = answer else { return .unclear }
            return .busy(ProviderFailure(.unavailable, .after(retryAfter: nil)))
        }
        let document = try? JSONValue(parsing: body)
        if (200..<300).contains(status) {
            guard let conference = document?["conference_sid"]?.string, Self.isSid(conference, prefix: "CF"),
                let call = document?["call_sid"]?.string, Self.isSid(call, prefix: "CA")
            else { return .unclear }
            return .placed(conference: conference, call: call)
        }
        let code = Self.code(document?["code"])
        guard (400..<500).contains(status), code != 0 || status != 408 else { return .unclear }
        let failure = failure(status: status, code: code, answer: answer)
        return status == 429 ? .busy(failure) : .refused(failure)
    }

    // MARK: looking

    /// `GET /Conferences.json?FriendlyName=…&Status=…`, one question for each status.
    public func conferenceSearchRequest(_ conference: ConferenceRecord, step: Int) -> ProviderRequest? {
        guard Self.conferenceStates.indices.contains(step) else { return nil }
        let query = Form([
            ("FriendlyName", conference.providerName), ("Status", Self.conferenceStates[step]), ("PageSize", "1"),
        ])
        return get(endpoints.account + "/Conferences.json?" + query.text)
    }

    /// - Throws: `no_answer`, `bad_answer`, `refused`.
    public func conferenceSearchResult(of answer: ProviderAnswer) throws(ProviderError) -> String {
        guard let list = try conferenceDocument(answer)["conferences"]?.array else {
            throw ProviderError("bad_answer", "the provider's answer is not a list of conferences")
        }
        guard let sid = list.first?["sid"]?.string, Self.isSid(sid, prefix: "CF") else { return "" }
        return sid
    }

    /// `GET /Conferences/{CF…}/Participants.json`: one page holds more than a conference can.
    public func rosterRequest(_ conference: ConferenceRecord) -> ProviderRequest {
        get(resource(of: conference) + "/Participants.json?PageSize=1000")
    }

    /// - Throws: `no_answer`, `bad_answer`, `refused`.
    public func rosterResult(of answer: ProviderAnswer) throws(ProviderError) -> [ConferenceSeat] {
        let document: JSONValue
        do throws(ProviderError) {
            document = try conferenceDocument(answer)
        } catch {
            // Forgotten by the provider, so that nobody is in it.
            if error.code == "gone" { return [] }
            throw error
        }
        guard let list = document["participants"]?.array else {
            throw ProviderError("bad_answer", "the provider's answer is not a list of participants")
        }
        return list.compactMap { entry in
            guard let call = entry["call_sid"]?.string, let status = entry["status"]?.string,
                status != "complete", status != "failed"
            else { return nil }
            let label = entry["label"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            return ConferenceSeat(
                call: call, label: label, isConnected: status == "connected",
                isMuted: entry["muted"]?.bool ?? false, isHeld: entry["hold"]?.bool ?? false)
        }
    }

    // MARK: changing

    /// `POST /Conferences/{CF…}/Participants/{CA…}.json`.
    public func changeRequest(
        _ change: SeatChange, of participant: ConferenceParticipant, in roster: ConferenceRoster
    ) -> ProviderRequest {
        var form = FormWriter()
        if let isMuted = change.isMuted { form.append("Muted", String(isMuted)) }
        if let isHeld = change.isHeld { form.append("Hold", String(isHeld)) }
        if let endsOnExit = change.endsOnExit { form.append("EndConferenceOnExit", String(endsOnExit)) }
        if let label = change.coaches {
            let coached = roster.open(labelled: label).map { roster.participants[$0].providerID } ?? ""
            form.append("Coaching", String(!coached.isEmpty))
            if !coached.isEmpty { form.append("CallSidToCoach", coached) }
        }
        if let url = change.announce { form.append("AnnounceUrl", url) }
        return post(seat(participant, roster.conference), form)
    }

    /// `DELETE /Conferences/{CF…}/Participants/{CA…}.json`.
    public func removeRequest(
        _ participant: ConferenceParticipant, from conference: ConferenceRecord
    ) -> ProviderRequest {
        ProviderRequest(method: "DELETE", url: seat(participant, conference), headers: queryHeaders)
    }

    /// `POST /Conferences/{CF…}.json` with `Status=completed`.
    public func endRequest(_ conference: ConferenceRecord) -> ProviderRequest {
        var form = FormWriter()
        form.append("Status", "completed")
        return post(resource(of: conference) + ".json", form)
    }

    /// `POST /Conferences/{CF…}.json` with `AnnounceUrl`.
    public func announceRequest(_ url: String, in conference: ConferenceRecord) -> ProviderRequest {
        var form = FormWriter()
        form.append("AnnounceUrl", url)
        return post(resource(of: conference) + ".json", form)
    }

    /// 404 of any code is `gone`.
    public func changeResult(of answer: ProviderAnswer) throws(ProviderError) {
        if case .answered(204, _, _) = answer { return }
        _ = try conferenceDocument(answer)
    }

    // MARK: parts

    private var conferences: String { endpoints.account + "/Conferences" }

    private func resource(of conference: ConferenceRecord) -> String {
        conferences + "/" + PercentCoding.encode(conference.providerID)
    }

    private func seat(_ participant: ConferenceParticipant, _ conference: ConferenceRecord) -> String {
        resource(of: conference) + "/Participants/" + PercentCoding.encode(participant.providerID) + ".json"
    }

    private func conferenceDocument(_ answer: ProviderAnswer) throws(ProviderError) -> JSONValue {
        guard case .answered(let status, _, let body) = answer else {
            throw ProviderError("no_answer", "the provider did not answer")
        }
        let document = try? JSONValue(parsing: body)
        guard (200..<300).contains(status) else {
            let failure = failure(status: status, code: Self.code(document?["code"]), answer: answer)
            let code = status == 404 ? "gone" : status >= 500 ? "no_answer" : "refused"
            throw ProviderError(code, "the provider refused the request, HTTP \(status)", failure: failure)
        }
        return document ?? .null
    }
}
