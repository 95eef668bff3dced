import Gateway
import SQL

extension SQLiteRecords {
    package func put(_ document: DocumentRecord) throws(StoreError) {
        try change { database throws(StoreError) in
            try database.index(document.id, Database.forgetting)
            try database.run(
                """
                INSERT INTO document(id, boat, type, title, text, url, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET boat = excluded.boat, type = excluded.type, title = excluded.title,
                    text = excluded.text, url = excluded.url, updated = excluded.updated
                """, .text(document.id), .text(document.boat), .text(document.type), .text(document.title),
                .text(document.text), .text(document.url), .time(document.created), .time(document.updated))
            try database.index(document.id, "INSERT INTO document_word(rowid, place, title, text) VALUES (?, ?, ?, ?)")
        }
    }

    package func document(_ id: String) throws(StoreError) -> DocumentRecord? {
        try read { database throws(StoreError) in
            try database.first(
                "SELECT id, boat, type, title, url, created, updated, text FROM document WHERE id = ?", .text(id)
            ) { row in Database.document(row, text: row.text(7)) }
        }
    }

    package func removeDocument(_ id: String) throws(StoreError) -> Bool {
        try change { database throws(StoreError) in
            try database.index(id, Database.forgetting)
            try database.run("DELETE FROM document WHERE id = ?", .text(id))
            return database.changes > 0
        }
    }

    package func documents(after: String?, limit: Int) throws(StoreError) -> [DocumentRecord] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT id, boat, type, title, url, created, updated, text FROM document WHERE id > ? ORDER BY id LIMIT ?
                """, .text(after ?? ""), .limit(limit)
            ) { row in Database.document(row, text: row.text(7)) }
        }
    }

    package func documents(_ query: DocumentQuery) throws(StoreError) -> DocumentMatches {
        try look { database throws(StoreError) in
            let boats: [String]?
            switch query.scope {
            case .all: boats = nil
            case .boat(let boat): boats = [boat]
            case .contact(let contact): boats = try database.boats(withContact: contact)
            }
            if boats?.isEmpty ?? false { return DocumentMatches([], of: 0) }
            if query.words.isEmpty { return try database.newest(query, boats) }
            return try database.matching(query, boats)
        }
    }
}

extension Database {
    /// One word for the index, whatever characters an id has.
    fileprivate static func place(ofBoat id: String) -> String {
        let digits = Array("0123456789abcdef")
        return id.utf8.reduce(into: "b") { word, byte in
            word.append(digits[Int(byte >> 4)])
            word.append(digits[Int(byte & 15)])
        }
    }

    /// The index must be told what it is to forget (https://sqlite.org/fts5.html, section 4.4.2).
    fileprivate static let forgetting = """
        INSERT INTO document_word(document_word, rowid, place, title, text) VALUES ('delete', ?, ?, ?, ?)
        """

    /// Runs a statement on the index with the number and the words of a document as it is stored, if it is.
    fileprivate func index(_ id: String, _ statement: String) throws(StoreError) {
        let stored = try first("SELECT number, boat, title, text FROM document WHERE id = ?", .text(id)) {
            ($0.integer(0), [Self.place(ofBoat: $0.text(1)), Self.words($0.text(2)), Self.words($0.text(3))])
        }
        guard let (number, words) = stored else { return }
        try run(statement, .integer(number), .text(words[0]), .text(words[1]), .text(words[2]))
    }

    private static func words(_ text: String) -> String { SearchWords.all(in: text).joined(separator: " ") }

    fileprivate static func document(_ row: SQLRow, text: String) -> DocumentRecord {
        var document = DocumentRecord(
            id: row.text(0), boat: row.text(1), type: row.text(2), title: row.text(3), at: row.time(5))
        document.url = row.optionalText(4)
        document.updated = row.time(6)
        document.text = text
        return document
    }

    fileprivate func boats(withContact id: String) throws(StoreError) -> [String] {
        try all("SELECT DISTINCT boat FROM boat_contact WHERE contact = ? ORDER BY boat", .text(id)) { $0.text(0) }
    }

    /// Without words: the newest of each boat, of which the newest of all are kept.
    fileprivate func newest(_ query: DocumentQuery, _ boats: [String]?) throws(StoreError) -> DocumentMatches {
        var found: [DocumentRecord] = []
        var total = 0
        for boat in boats.map({ $0.map(Optional.some) }) ?? [nil] {
            found += try all(
                """
                SELECT id, boat, type, title, url, created, updated FROM document
                WHERE (?1 IS NULL OR boat = ?1) AND (?2 IS NULL OR type = ?2) ORDER BY updated DESC, id LIMIT ?3
                """, .text(boat), .text(query.type), .limit(query.limit)
            ) { Self.document($0, text: "") }
            total +=
                try first(
                    "SELECT count(*) FROM document WHERE (?1 IS NULL OR boat = ?1) AND (?2 IS NULL OR type = ?2)",
                    .text(boat), .text(query.type)
                ) { Int($0.integer(0)) } ?? 0
        }
        found.sort { ($1.updated, $0.id) < ($0.updated, $1.id) }
        return DocumentMatches(Array(found.prefix(query.limit)), of: total)
    }

    /// FTS5 ranks: the more words, the rarer and the nearer to the title, the better.
    fileprivate func matching(_ query: DocumentQuery, _ boats: [String]?) throws(StoreError) -> DocumentMatches {
        let expression = Self.expression(query.words, boats)
        let found = try all(
            """
            SELECT d.id, d.boat, d.type, d.title, d.url, d.created, d.updated
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
        let places = boats.map { quoted(place(ofBoat: $0)) }.joined(separator: " OR ")
        return "place : (\(places)) AND \(wanted)"
    }
}
