import Gateway
import HTTP
import JSON

// Documents of boats, and the search among them.

extension PrivateEndpoint {
    func documents(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        let (records, now) = (records, clock.now)
        let collection = RecordCollection<DocumentRecord>(
            page: { (after, limit) throws(StoreError) in try records.documents(after: after, limit: limit) },
            find: { (id) throws(StoreError) in try records.document(id) },
            put: { (document) throws(StoreError) in try records.put(document) },
            remove: { (id) throws(StoreError) in try records.removeDocument(id) },
            read: { (id, body) throws(Problem) in try DocumentReader.document(id, body, at: now) },
            view: RecordViews.document, id: { $0.id })
        try serve(collection, "documents", request, id, respond)
    }

    /// The best documents for some words: `{data, total}`, without their texts.
    func searchDocuments(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "documents:read")
        let query = try DocumentReader.query(try ListQuery(request, filters: DocumentReader.filters))
        recordsThread.run { [self] in
            finder.find([query], on: recordsThread) { [self] answers in
                reply(respond) { [self] () throws(StoreError) in
                    let matches = try answers.documents(query, records)
                    return ["data": .array(matches.documents.map(RecordViews.found)), "total": .int(matches.total)]
                }
            }
        }
    }

    /// How far the index is, and what it refused.
    func showDocumentIndex(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "documents:read")
        guard let outside = finder.outside else { return answer(["index": "embedded", "state": "ready"], respond) }
        let progress = outside.thread.progress
        store(respond) { [self] () throws(StoreError) in
            guard let state = try records.indexState() else { return nil }
            return RecordViews.index(
                outside.server.settings, state, progress, try records.indexCounts(),
                try records.refusedIndexChanges(limit: 100))
        }
    }
}

extension RecordViews {
    static func document(_ document: DocumentRecord) -> JSONValue {
        var out = found(document).object ?? [:]
        out["text"] = .string(document.text)
        return .object(out)
    }

    /// An index outside; `refused` are the first hundred.
    static func index(
        _ settings: MeilisearchSettings, _ state: IndexState, _ progress: DocumentIndexThread.Progress,
        _ counts: IndexCounts, _ refusals: [IndexRefusal]
    ) -> JSONValue {
        let word =
            progress.awaySince != nil
            ? "away" : !state.isPrepared ? "preparing" : state.isBehind ? "feeding" : "ready"
        var out: JSONObject = [
            "index": "meilisearch", "index_name": .string(settings.index), "state": .string(word),
            "waiting": .int(counts.waiting), "refused": .int(counts.refused),
        ]
        out["away_since"] = progress.awaySince.map { .string(MessageViews.time($0)) }
        out["away_code"] = progress.awayCode.map(JSONValue.string)
        out["refusals"] = .array(refusals.map { ["document": .string($0.id), "code": .string($0.code)] })
        return .object(out)
    }

    /// As a search shows it.
    static func found(_ document: DocumentRecord) -> JSONValue {
        var out: JSONObject = [
            "id": .string(document.id), "boat": .string(document.boat), "type": .string(document.type),
            "title": .string(document.title),
        ]
        out["url"] = document.url.map(JSONValue.string)
        out["media"] = document.media.map { .string($0.text(.media)) }
        out["created"] = .string(MessageViews.time(document.created))
        out["updated"] = .string(MessageViews.time(document.updated))
        return .object(out)
    }
}
