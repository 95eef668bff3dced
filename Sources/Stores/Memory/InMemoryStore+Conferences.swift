import Gateway

extension InMemoryStore {
    package func openConferences() throws(StoreError) -> [ConferenceRoster] {
        read { contents in
            let open = contents.conferences.all().filter { $0.state != .ended }
            return open.map { ConferenceRoster($0, contents.participants(of: $0.id)) }
        }
    }

    package func conferences(
        _ query: ConferenceQuery, before: RecordID?, limit: Int
    ) throws(StoreError) -> [ConferenceRecord] {
        read { contents in
            let earlier = contents.conferences.rows(before: before, limit: .max)
            return Array(earlier.lazy.filter(query.matches).prefix(max(0, limit)))
        }
    }

    package func participants(ofConference id: RecordID) throws(StoreError) -> [ConferenceParticipant] {
        read { $0.participants(of: id) }
    }

    package func participant(_ id: RecordID) throws(StoreError) -> ConferenceParticipant? {
        read { contents in contents.participants[id].map(contents.resolved) }
    }
}

extension StoreContents {
    /// Inserts, or replaces by their ids.
    mutating func applyConferences(_ batch: Batch) {
        for row in batch.conferences { conferences[row.id] = row }
        for row in batch.conferenceParticipants { participants[row.id] = row }
    }

    fileprivate mutating func participants(of conference: RecordID) -> [ConferenceParticipant] {
        let found = participants.all().filter { $0.conference == conference }
        return found.map { resolved($0) }
    }

    /// With the contact into which its contact was merged.
    fileprivate func resolved(_ participant: ConferenceParticipant) -> ConferenceParticipant {
        var participant = participant
        if let contact = participant.contact { participant.contact = aliases[ByteKey(contact)] ?? contact }
        return participant
    }
}

extension BatchEncoder {
    mutating func putConferences(_ batch: Batch) {
        each(batch.conferences) { encoder, row in
            encoder.put(row.id)
            for text in [row.tenant, row.name, row.channel, row.provider, row.state.rawValue, row.providerID] {
                encoder.put(text)
            }
            encoder.put(optional: row.boat)
            encoder.put(optional: row.reason)
            encoder.put(Int64(row.isRecorded ? 1 : 0))
            encoder.put(row.created)
            encoder.put(row.started)
            encoder.put(row.ended)
        }
        each(batch.conferenceParticipants) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.conference)
            for text in [row.number, row.label, row.state.rawValue, row.providerID] { encoder.put(text) }
            for text in [row.contact, row.manners.coaches, row.reason] { encoder.put(optional: text) }
            let flags = [row.manners.startsOnEnter, row.manners.endsOnExit, row.manners.isMuted, row.isHeld]
            for flag in flags { encoder.put(Int64(flag ? 1 : 0)) }
            encoder.put(row.created)
            encoder.put(row.joined)
            encoder.put(row.left)
            encoder.put(Int64(row.code))
            encoder.put(Int64(row.sequence))
        }
    }

    private mutating func put(optional text: String?) {
        put(Int64(text == nil ? 0 : 1))
        put(text ?? "")
    }
}
