import Gateway
import SQL

extension SQLiteRecords {
    package func put(_ document: DocumentRecord) throws(StoreError) {
        // Long texts take their time: nobody's commit waits for it.
        let words = IndexedWords(
            of: DocumentSource(boat: document.boat, title: document.title, text: document.text))
        let before = try indexed(document.id)
        try change { database throws(StoreError) in
            try database.forget(document.id, before)
            try database.run(
                """
                INSERT INTO document(id, boat, type, title, text, url, created, updated, media)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET boat = excluded.boat, type = excluded.type, title = excluded.title,
                    text = excluded.text, url = excluded.url, updated = excluded.updated, media = excluded.media
                """, .text(document.id), .text(document.boat), .text(document.type), .text(document.title),
                .text(document.text), .text(document.url), .time(document.created), .time(document.updated),
                .id(document.media))
            try database.note(document.id, words)
            try database.noteIndexChange(document.id)
        }
    }

    package func document(_ id: String) throws(StoreError) -> DocumentRecord? {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT id, boat, type, title, url, created, updated, media, text FROM document WHERE id = ?", .text(id)
            ) { row in Database.document(row, text: row.text(8)) }
        }
    }

    package func removeDocument(_ id: String) throws(StoreError) -> Bool {
        let before = try indexed(id)
        return try change { database throws(StoreError) in
            try database.forget(id, before)
            try database.run("DELETE FROM document WHERE id = ?", .text(id))
            guard database.changes > 0 else { return false }
            try database.noteIndexChange(id)
            return true
        }
    }

    /// What the index has of a document, as it is stored now.
    private func indexed(_ id: String) throws(StoreError) -> IndexedWords? {
        try read { database throws(StoreError) in try database.source(ofDocument: id) }.map { IndexedWords(of: $0) }
    }

    package func documents(after: String?, limit: Int) throws(StoreError) -> [DocumentRecord] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT id, boat, type, title, url, created, updated, media, text FROM document
                WHERE id > ? ORDER BY id LIMIT ?
                """, .text(after ?? ""), .limit(limit)
            ) { row in Database.document(row, text: row.text(8)) }
        }
    }

    package func documents(_ query: DocumentQuery) throws(StoreError) -> DocumentMatches {
        try look { database throws(StoreError) in
            try database.within(query.within) { () throws(StoreError) in
                let boats = try database.boats(of: query.scope)
                if boats?.isEmpty ?? false { return DocumentMatches([], of: 0) }
                if query.words.isEmpty { return try database.newest(query, boats) }
                return try database.matching(query, boats)
            }
        }
    }

    package func documents(_ ids: [String], within query: DocumentQuery) throws(StoreError) -> DocumentMatches {
        try look { database throws(StoreError) in
            try database.within(query.within) { () throws(StoreError) in
                let boats = try database.boats(of: query.scope).map(Set.init)
                let found = try database.each(ids) { database in { id throws(StoreError) in try database.found(id) } }
                let allowed = found.filter { document in
                    boats?.contains(document.boat) ?? true && query.type.map { $0 == document.type } ?? true
                }
                return DocumentMatches(Array(allowed.prefix(query.limit)), of: allowed.count)
            }
        }
    }
}

/// What of a document its words are made from.
private struct DocumentSource: Equatable {
    var boat: String
    var title: String
    var text: String
}

/// The words of a document as the index has them. They must always be made in the same way, also by later versions: the
/// index is told what to forget.
private struct IndexedWords {
    let source: DocumentSource
    let place: String
    let title: String
    let text: String

    init(of source: DocumentSource) {
        self.source = source
        place = Self.place(ofBoat: source.boat)
        title = SearchWords.all(in: source.title).joined(separator: " ")
        text = SearchWords.all(in: source.text).joined(separator: " ")
    }

    /// One word for the index, whatever characters an id has.
    static func place(ofBoat id: String) -> String {
        let digits = Array("0123456789abcdef")
        return id.utf8.reduce(into: "b") { word, byte in
            word.append(digits[Int(byte >> 4)])
            word.append(digits[Int(byte & 15)])
        }
    }
}

extension Database {
    fileprivate func source(ofDocument id: String) throws(StoreError) -> DocumentSource? {
        try first("SELECT boat, title, text FROM document WHERE id = ?", .text(id)) {
            DocumentSource(boat: $0.text(0), title: $0.text(1), text: $0.text(2))
        }
    }

    fileprivate func note(_ id: String, _ words: IndexedWords) throws(StoreError) {
        try run(
            """
            INSERT INTO document_word(rowid, place, title, text) SELECT number, ?, ?, ? FROM document WHERE id = ?
            """, .text(words.place), .text(words.title), .text(words.text), .text(id))
    }

    /// The index must be told what it is to forget (https://sqlite.org/fts5.html, section 4.4.2).
    /// - Parameter known: the words of what was stored a moment ago; others are made where that has changed since.
    fileprivate func forget(_ id: String, _ known: IndexedWords?) throws(StoreError) {
        guard let source = try source(ofDocument: id) else { return }
        let words = known.flatMap { $0.source == source ? $0 : nil } ?? IndexedWords(of: source)
        try run(
            """
            INSERT INTO document_word(document_word, rowid, place, title, text)
            SELECT 'delete', number, ?, ?, ? FROM document WHERE id = ?
            """, .text(words.place), .text(words.title), .text(words.text), .text(id))
    }

    static func document(_ row: SQLRow, text: String) -> DocumentRecord {
        var document = DocumentRecord(
            id: row.text(0), boat: row.text(1), type: row.text(2), title: row.text(3), at: row.time(5))
        document.url = row.optionalText(4)
        document.updated = row.time(6)
        document.media = row.isNull(7) ? nil : RecordID(rawValue: row.integer(7))
        document.text = text
        return document
    }

    /// A document without its text.
    fileprivate func found(_ id: String) throws(StoreError) -> DocumentRecord? {
        try first(
            "SELECT id, boat, type, title, url, created, updated, media FROM document WHERE id = ?", .text(id)
        ) { Self.document($0, text: "") }
    }

    /// `nil` for all.
    fileprivate func boats(of scope: DocumentQuery.Scope) throws(StoreError) -> [String]? {
        switch scope {
        case .all: nil
        case .boat(let boat): [boat]
        case .contact(let contact): try boats(withContact: contact)
        }
    }

    private func boats(withContact id: String) throws(StoreError) -> [String] {
        try all("SELECT DISTINCT boat FROM boat_contact WHERE contact = ? ORDER BY boat", .text(id)) { $0.text(0) }
    }

    /// Without words: the newest of each boat, of which the newest of all are kept.
    fileprivate func newest(_ query: DocumentQuery, _ boats: [String]?) throws(StoreError) -> DocumentMatches {
        var found: [DocumentRecord] = []
        var total = 0
        // Only conditions that are there, so that the index of boats and types is used.
        let conditions = [boats == nil ? "?1 IS NULL" : "boat = ?1", query.type == nil ? "?2 IS NULL" : "type = ?2"]
        let condition = conditions.joined(separator: " AND ")
        for boat in boats.map({ $0.map(Optional.some) }) ?? [nil] {
            found += try all(
                """
                SELECT id, boat, type, title, url, created, updated, media FROM document
                WHERE \(condition) ORDER BY updated DESC, id LIMIT ?3
                """, .text(boat), .text(query.type), .limit(query.limit)
            ) { Self.document($0, text: "") }
            let count = try first(
                "SELECT count(*) FROM document WHERE \(condition)", .text(boat), .text(query.type)
            ) { Int($0.integer(0)) }
            total += count ?? 0
        }
        found.sort { ($1.updated, $0.id) < ($0.updated, $1.id) }
        return DocumentMatches(Array(found.prefix(query.limit)), of: total)
    }

    /// FTS5 ranks: the more words, the rarer and the nearer to the title, the better.
    fileprivate func matching(_ query: DocumentQuery, _ boats: [String]?) throws(StoreError) -> DocumentMatches {
        let expression = Self.expression(query.words, boats)
        let found = try all(
            """
            SELECT d.id, d.boat, d.type, d.title, d.url, d.created, d.updated, d.media
            FROM document_word JOIN document d ON d.number = document_word.rowid
            WHERE document_word MATCH ?1 AND (?2 IS NULL OR d.type = ?2)
            ORDER BY bm25(document_word, 0.0, 10.0, 1.0), d.updated DESC, d.id LIMIT ?3
            """, .text(expression), .text(query.type), .limit(query.limit)
        ) { Self.document($0, text: "") }
        let total = try first(
            """
            SELECT count(*) FROM document_word JOIN document d ON d.number = document_word.rowid
            WHERE document_word MATCH ?1 AND (?2 IS NULL OR d.type = ?2)
            """, .text(expression), .text(query.type)
        ) { Int($0.integer(0)) }
        return DocumentMatches(found, of: total ?? 0)
    }

    /// A query of FTS5 (https://sqlite.org/fts5.html, section 3). Each word is a string in quotes, so that nothing in it
    /// is an operator; it is looked for as it is and as the beginning of other forms.
    private static func expression(_ words: [String], _ boats: [String]?) -> String {
        func quoted(_ word: String) -> String { "\"" + word.filter { $0 != "\"" } + "\"" }
        let any = words.map { quoted($0) + " OR " + quoted(SearchWords.stem(of: $0)) + " *" }.joined(separator: " OR ")
        let wanted = "{title text} : (\(any))"
        guard let boats else { return wanted }
        let places = boats.map { quoted(IndexedWords.place(ofBoat: $0)) }.joined(separator: " OR ")
        return "place : (\(places)) AND \(wanted)"
    }
}
