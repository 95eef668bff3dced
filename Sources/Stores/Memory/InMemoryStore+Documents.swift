import Gateway

extension InMemoryStore {
    package func put(_ document: DocumentRecord) throws(StoreError) {
        read { contents in
            var document = document
            if let before = contents.documents[ByteKey(document.id)] { document.created = before.created }
            contents.documents[ByteKey(document.id)] = document
            contents.index.note(document.id)
        }
    }

    package func document(_ id: String) throws(StoreError) -> DocumentRecord? { read { $0.documents[ByteKey(id)] } }

    package func removeDocument(_ id: String) throws(StoreError) -> Bool {
        read { contents in
            guard contents.documents[ByteKey(id)] != nil else { return false }
            contents.documents[ByteKey(id)] = nil
            contents.index.note(id)
            return true
        }
    }

    package func documents(after: String?, limit: Int) throws(StoreError) -> [DocumentRecord] {
        read { $0.documents.rows(after: after.map(ByteKey.init), limit: limit) }
    }

    package func documents(_ query: DocumentQuery) throws(StoreError) -> DocumentMatches {
        let boats = try boats(of: query.scope)
        let end = query.within.map { ContinuousClock.now + $0 }
        var ranked: [(DocumentRecord, Int)] = []
        for document in try read(.documents, { $0.documents.all() }) {
            if let end, ContinuousClock.now > end { throw StoreError(.late, "the query took longer than it may") }
            guard Self.allows(query, boats, document) else { continue }
            let rank = Self.rank(of: document, query.words)
            if rank > 0 || query.words.isEmpty { ranked.append((document, rank)) }
        }
        let best = ranked.sorted { ($1.1, $1.0.updated, $0.0.id) < ($0.1, $0.0.updated, $1.0.id) }
        return DocumentMatches(best.prefix(query.limit).map { Self.found($0.0) }, of: ranked.count)
    }

    package func documents(_ ids: [String], within query: DocumentQuery) throws(StoreError) -> DocumentMatches {
        let boats = try boats(of: query.scope)
        let found = try read(.documents) { contents in ids.compactMap { contents.documents[ByteKey($0)] } }
        let allowed = found.filter { Self.allows(query, boats, $0) }
        return DocumentMatches(allowed.prefix(query.limit).map(Self.found), of: allowed.count)
    }

    /// `nil` for all.
    private func boats(of scope: DocumentQuery.Scope) throws(StoreError) -> Set<String>? {
        switch scope {
        case .all: nil
        case .boat(let boat): [boat]
        case .contact(let contact): Set(try boats(ofContact: contact).map(\.id))
        }
    }

    private static func allows(_ query: DocumentQuery, _ boats: Set<String>?, _ document: DocumentRecord) -> Bool {
        boats?.contains(document.boat) ?? true && query.type.map { $0 == document.type } ?? true
    }

    /// As a search finds it.
    private static func found(_ document: DocumentRecord) -> DocumentRecord {
        var document = document
        document.text = ""
        return document
    }

    /// Words in the title count ten times, as they do in the index of SQLite.
    private static func rank(of document: DocumentRecord, _ words: [String]) -> Int {
        let title = SearchWords.all(in: document.title)
        let text = SearchWords.all(in: document.text)
        return words.reduce(0) { rank, word in
            let stem = SearchWords.stem(of: word)
            return rank + (title.contains { $0.hasPrefix(stem) } ? 10 : 0)
                + (text.contains { $0.hasPrefix(stem) } ? 1 : 0)
        }
    }
}
