import Gateway
import SQL

extension Database {
    /// Inserts files, or replaces them by their ids.
    func store(_ media: [MediaRecord]) throws(StoreError) {
        for row in media {
            try run(
                """
                REPLACE INTO media(\(MediaRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .id(row.inbound), .text(row.contact), .text(row.boat), .text(row.provider),
                .text(row.url), .text(row.givenType), .time(row.created), .text(row.state.rawValue),
                .text(row.reason?.rawValue), .text(row.content?.type), .integer(row.content?.size),
                .text(row.content?.hash), .integer(Int64(row.tries)), .time(row.due), .time(row.stored))
        }
    }

    func removeMedia(_ ids: [RecordID]) throws(StoreError) {
        for id in ids { try run("DELETE FROM media WHERE id = ?", .id(id)) }
    }

    func media(_ id: RecordID) throws(StoreError) -> MediaRecord? {
        try first("SELECT \(MediaRecord.columns) FROM media WHERE id = ?", .id(id)) { (row) throws(StoreError) in
            try MediaRecord(row)
        }
    }
}

extension SQLiteRecords {
    package func media(_ id: RecordID) throws(StoreError) -> MediaRecord? {
        try read { database throws(StoreError) in try database.media(id) }
    }

    package func media(_ query: MediaQuery, before: RecordID?, limit: Int) throws(StoreError) -> [MediaRecord] {
        // What is not asked for must not stand in the way of an index.
        let state = query.state == nil ? "?2 IS NULL AND state <> 'removed'" : "state = ?2"
        let boat = query.boat == nil ? "?3 IS NULL" : "boat = ?3"
        let contact = query.contact == nil ? "?4 IS NULL" : "contact = ?4"
        return try read { database throws(StoreError) in
            try database.all(
                """
                SELECT \(MediaRecord.columns) FROM media
                WHERE id <= ?1 AND \(state) AND \(boat) AND \(contact) ORDER BY id DESC LIMIT ?5
                """, Self.upTo(before), .text(query.state?.rawValue), .text(query.boat), .text(query.contact),
                .limit(limit)
            ) { (row) throws(StoreError) in try MediaRecord(row) }
        }
    }

    package func waitingMedia(limit: Int) throws(StoreError) -> [MediaRecord] {
        try read { database throws(StoreError) in
            try database.all(
                "SELECT \(MediaRecord.columns) FROM media WHERE due IS NOT NULL ORDER BY due, id LIMIT ?",
                .limit(limit)
            ) { (row) throws(StoreError) in try MediaRecord(row) }
        }
    }

    package func media(announcedBefore time: Timestamp, limit: Int) throws(StoreError) -> [MediaRecord] {
        // Ids rise with time, so that the look ends where younger ones begin.
        guard let bound = RecordID(firstAt: time) else { return [] }
        return try read { database throws(StoreError) in
            try database.all(
                "SELECT \(MediaRecord.columns) FROM media WHERE id < ? AND due IS NULL ORDER BY id LIMIT ?",
                .id(bound), .limit(limit)
            ) { (row) throws(StoreError) in try MediaRecord(row) }
        }
    }

    package func hasMedia(withHash hash: String) throws(StoreError) -> Bool {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT 1 FROM media WHERE hash = ? AND state <> 'removed' LIMIT 1", .text(hash)
            ) { _ in true } ?? false
        }
    }

    package func documents(ofMedia id: RecordID) throws(StoreError) -> [String] {
        try read { database throws(StoreError) in
            try database.all("SELECT id FROM document WHERE media = ? ORDER BY id", .id(id)) { $0.text(0) }
        }
    }
}

extension MediaRecord {
    /// What `init` reads, and what is written.
    fileprivate static let columns = """
        id, inbound, contact, boat, provider, url, given_type, created, state, reason, type, size, hash, tries, due,
        stored
        """

    /// Reads `columns`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        guard let state = MediaState(rawValue: row.text(8)) else {
            throw StoreError(.corrupt, "a stored file has an unknown state")
        }
        self.init(
            id: try row.id(0), inbound: try row.id(1), InboundMedia(url: row.text(5), contentType: row.text(6)),
            provider: row.text(4), contact: row.optionalText(2), boat: row.optionalText(3), at: row.time(7))
        self.state = state
        reason = row.optionalText(9).flatMap(MediaReason.init)
        if let type = row.optionalText(10), let size = row.optionalInteger(11), let hash = row.optionalText(12) {
            content = MediaContent(type: type, size: size, hash: hash)
        }
        tries = Int(row.integer(13))
        due = row.optionalTime(14)
        stored = row.optionalTime(15)
    }
}
