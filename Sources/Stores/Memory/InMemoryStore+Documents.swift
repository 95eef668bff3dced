import Gateway

extension InMemoryStore {
    package func put(_ document: DocumentRecord) throws(StoreError) {
        read { contents in
            var document = document
            if let before = contents.documents[ByteKey(document.id)] { document.created = before.created }
            contents.documents[ByteKey(document.id)] = document
        }
    }

    package func document(_ id: String) throws(StoreError) -> DocumentRecord? { read { $0.documents[ByteKey(id)] } }

    package func removeDocument(_ id: String) throws(StoreError) -> Bool {
        read { contents in
            defer { contents.documents[ByteKey(id)] = nil }
            return contents.documents[ByteKey(id)] != nil
        }
    }

    package func documents(after: String?, limit: Int) throws(StoreError) -> [DocumentRecord] {
        read { $0.documents.rows(after: after.map(ByteKey.init), limit: limit) }
    }

    package func documents(_ query: DocumentQuery) throws(StoreError) -> DocumentMatches {
        let boats: Set<String>?
        switch query.scope {
        case .all: boats = nil
        case .boat(let boat): boats = [boat]
        case .contact(let contact): boats = Set(try self.boats(ofContact: contact).map(\.id))
        }
        let ranked = try read(.documents) { $0.documents.all() }.compactMap { document -> (DocumentRecord, Int)? in
            guard boats?.contains(document.boat) ?? true, query.type.map({ $0 == document.type }) ?? true
            else { return nil }
            let rank = Self.rank(of: document, query.words)
            return rank > 0 || query.words.isEmpty ? (document, rank) : nil
        }
        let best = ranked.sorted { ($1.1, $1.0.updated, $0.0.id) < ($0.1, $0.0.updated, $1.0.id) }
        let documents = best.prefix(query.limit).map { document, _ in
            var document = document
            document.text = ""
            return document
        }
        return DocumentMatches(documents, of: ranked.count)
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
