import Templates

/// A search that a rule or a menu asks for, with the query that it comes to.
public struct DocumentSearch: Sendable, Hashable {
    /// As the file has it.
    public var action: SearchAction
    /// What is asked of the store.
    public var query: DocumentQuery
    /// What the person wrote, for the template; empty for a key of a menu.
    public var text: String

    /// Asks the store. Where a type is wanted and no document of it has any of the words, all of the type are found: who
    /// asks for a warranty is told which there are. Without a word and without a type nothing is looked for.
    /// - Parameter answers: what an index outside found already.
    public func run(
        _ records: any RecordStore, _ answers: IndexAnswers = IndexAnswers()
    ) throws(StoreError) -> DocumentMatches {
        guard query.type != nil || !query.words.isEmpty else { return DocumentMatches([], of: 0) }
        let matches = try answers.documents(query, records)
        guard matches.total == 0, query.type != nil, !query.words.isEmpty else { return matches }
        var wider = query
        wider.words = []
        return try records.documents(wider)
    }
}

/// What a search found, at hand before the rules decide.
public struct DocumentsFound: Sendable, Hashable {
    /// What was looked for.
    public var search: DocumentSearch
    /// What there is.
    public var matches: DocumentMatches

    /// What a search found.
    public init(_ search: DocumentSearch, _ matches: DocumentMatches) {
        self.search = search
        self.matches = matches
    }

    /// The template that answers.
    var template: String { matches.total == 0 ? search.action.none ?? search.action.reply : search.action.reply }

    /// What the template sees: `count`, `documents` (a numbered line each, the rest as a number), `query`.
    var values: [String: TemplateValue] {
        var lines = matches.documents.enumerated().map { place, document in
            "\(place + 1). \(document.title)" + (document.url.map { " " + $0 } ?? "")
        }
        let rest = matches.total - matches.documents.count
        if rest > 0 { lines.append("(+\(rest))") }
        return [
            "count": .integer(matches.total), "documents": .text(lines.joined(separator: "\n")),
            "query": .text(String(search.text.prefix(80))),
        ]
    }
}
