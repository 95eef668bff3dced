import Gateway
import SQL

extension Database {
    /// Inserts conferences and their participants, or replaces them by their ids.
    func storeConferences(_ batch: Batch) throws(StoreError) {
        for row in batch.conferences {
            try run(
                """
                REPLACE INTO conference(id, tenant, name, boat, channel, provider, created, state, provider_id,
                    is_recorded, started, ended, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .text(row.tenant), .text(row.name), .text(row.boat), .text(row.channel),
                .text(row.provider), .time(row.created), .text(row.state.rawValue), .text(row.providerID),
                .flag(row.isRecorded), .time(row.started), .time(row.ended), .text(row.reason))
        }
        for row in batch.conferenceParticipants {
            try run(
                """
                REPLACE INTO conference_participant(id, conference, number, contact, label, starts_on_enter,
                    ends_on_exit, is_muted, coaches, is_held, created, state, provider_id, joined, gone, reason, code,
                    sequence)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .id(row.conference), .text(row.number), .text(row.contact), .text(row.label),
                .flag(row.manners.startsOnEnter), .flag(row.manners.endsOnExit), .flag(row.manners.isMuted),
                .text(row.manners.coaches), .flag(row.isHeld), .time(row.created), .text(row.state.rawValue),
                .text(row.providerID), .time(row.joined), .time(row.left), .text(row.reason),
                .integer(Int64(row.code)), .integer(Int64(row.sequence)))
        }
    }

    func openConferences() throws(StoreError) -> [ConferenceRoster] {
        let found = try all(
            "SELECT \(ConferenceRecord.columns) FROM conference WHERE state <> 'ended' ORDER BY id"
        ) { (row) throws(StoreError) in try ConferenceRecord(row) }
        return try found.map { conference throws(StoreError) in
            ConferenceRoster(conference, try participants(of: conference.id))
        }
    }

    func participants(of conference: RecordID) throws(StoreError) -> [ConferenceParticipant] {
        try all(
            """
            SELECT \(ConferenceParticipant.columns) FROM conference_participant WHERE conference = ? ORDER BY id
            """, .id(conference)
        ) { (row) throws(StoreError) in try ConferenceParticipant(row) }
    }
}

extension SQLiteRecords {
    package func conferences(
        _ query: ConferenceQuery, before: RecordID?, limit: Int
    ) throws(StoreError) -> [ConferenceRecord] {
        let states = query.states.map(\.rawValue).sorted().joined(separator: " ")
        return try read { database throws(StoreError) in
            try database.all(
                """
                SELECT \(ConferenceRecord.columns) FROM conference
                WHERE id < ?1 AND instr(' ' || ?2 || ' ', ' ' || state || ' ') > 0 AND (?3 IS NULL OR tenant = ?3)
                    AND (?4 IS NULL OR boat = ?4) AND (?5 IS NULL OR name = ?5)
                ORDER BY id DESC LIMIT ?6
                """, .integer(before?.rawValue ?? .max), .text(states), .text(query.tenant), .text(query.boat),
                .text(query.name), .limit(limit)
            ) { (row) throws(StoreError) in try ConferenceRecord(row) }
        }
    }

    package func participants(ofConference id: RecordID) throws(StoreError) -> [ConferenceParticipant] {
        try read { database throws(StoreError) in try database.participants(of: id) }
    }

    package func participant(_ id: RecordID) throws(StoreError) -> ConferenceParticipant? {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT \(ConferenceParticipant.columns) FROM conference_participant WHERE id = ?", .id(id)
            ) { (row) throws(StoreError) in try ConferenceParticipant(row) }
        }
    }
}

extension ConferenceRecord {
    /// What `init` reads.
    fileprivate static let columns = """
        id, tenant, name, boat, channel, provider, created, state, provider_id, is_recorded, started, ended, reason
        """

    /// Reads `columns`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        guard let state = State(rawValue: row.text(7)) else {
            throw StoreError(.corrupt, "a stored conference has an unknown state")
        }
        self.init(
            id: try row.id(0), tenant: row.text(1), name: row.text(2), channel: row.text(4), provider: row.text(5),
            at: row.time(6))
        boat = row.optionalText(3)
        self.state = state
        providerID = row.text(8)
        isRecorded = row.flag(9)
        started = row.optionalTime(10)
        ended = row.optionalTime(11)
        reason = row.optionalText(12)
    }
}

extension ConferenceParticipant {
    /// What `init` reads; the contact is the one into which it was merged.
    fileprivate static let columns = """
        id, conference, number,
        coalesce((SELECT a.contact FROM contact_alias a WHERE a.alias = conference_participant.contact),
            conference_participant.contact),
        label, starts_on_enter, ends_on_exit, is_muted, coaches, is_held, created, state, provider_id, joined, gone,
        reason, code, sequence
        """

    /// Reads `columns`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        guard let state = State(rawValue: row.text(11)), let code = Int32(exactly: row.integer(16)) else {
            throw StoreError(.corrupt, "a stored participant has an unknown state")
        }
        var manners = ConferenceManners()
        manners.startsOnEnter = row.flag(5)
        manners.endsOnExit = row.flag(6)
        manners.isMuted = row.flag(7)
        manners.coaches = row.optionalText(8)
        self.init(
            id: try row.id(0), conference: try row.id(1), number: row.text(2), label: row.text(4), manners: manners,
            at: row.time(10))
        contact = row.optionalText(3)
        isHeld = row.flag(9)
        self.state = state
        providerID = row.text(12)
        joined = row.optionalTime(13)
        left = row.optionalTime(14)
        reason = row.optionalText(15)
        self.code = code
        sequence = Int(row.integer(17))
    }
}
