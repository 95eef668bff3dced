import HTTP
import JSON

extension SearchServer.State {
    mutating func answer(_ request: HTTPRequest) throws(SearchFault) -> (Int, JSONValue) {
        let parts = request.path.split(separator: "/").map(String.init)
        let body = request.body.isEmpty ? nil : try? JSONValue(parsing: request.body)
        if !request.body.isEmpty, body == nil { throw SearchFault(400, "malformed_payload") }
        switch (request.method, parts.count, parts.first, parts.last) {
        case ("POST", 1, "indexes", _): return try create(body)
        case ("PATCH", 3, "indexes", "settings"): return try configure(parts[1], body)
        case ("DELETE", 3, "indexes", "documents"): return queue(SearchTask(index: parts[1], work: .clear))
        case ("POST", 3, "indexes", "documents"): return try put(parts[1], request.target, body)
        case ("POST", 4, "indexes", "delete-batch"): return try remove(parts[1], body)
        case ("POST", 1, "multi-search", _): return (200, try search(body))
        case ("GET", 2, "tasks", _): return (200, try task(parts[1]))
        default: throw SearchFault(404, "not_found")
        }
    }

    private func object(_ body: JSONValue?, _ known: Set<String>) throws(SearchFault) -> JSONObject {
        guard let object = body?.object else { throw SearchFault(400, "bad_request") }
        for name in object.keys where !known.contains(name) { throw SearchFault(400, "bad_request") }
        return object
    }

    private func checkName(_ name: String) throws(SearchFault) {
        guard (1...400).contains(name.utf8.count), name.allSatisfy({ $0.isLetter || $0.isNumber || "-_".contains($0) })
        else { throw SearchFault(400, "invalid_index_uid") }
    }

    private mutating func create(_ body: JSONValue?) throws(SearchFault) -> (Int, JSONValue) {
        let object = try object(body, ["uid", "primaryKey"])
        guard let name = object["uid"]?.string else { throw SearchFault(400, "missing_index_uid") }
        try checkName(name)
        return queue(SearchTask(index: name, work: .create(primaryKey: object["primaryKey"]?.string ?? "")))
    }

    private mutating func configure(_ name: String, _ body: JSONValue?) throws(SearchFault) -> (Int, JSONValue) {
        try checkName(name)
        let known: Set = [
            "searchableAttributes", "filterableAttributes", "sortableAttributes", "displayedAttributes", "rankingRules",
            "stopWords", "synonyms", "typoTolerance", "pagination", "distinctAttribute", "faceting", "dictionary",
            "separatorTokens", "nonSeparatorTokens", "proximityPrecision", "searchCutoffMs", "localizedAttributes",
            "prefixSearch", "embedders", "facetSearch",
        ]
        let object = try object(body, known)
        for rule in object["rankingRules"]?.array ?? [] {
            let words = ["words", "typo", "proximity", "attribute", "sort", "exactness"]
            guard words.contains(rule.string ?? "") else { throw SearchFault(400, "invalid_settings_ranking_rules") }
        }
        if let value = object["typoTolerance"] {
            _ = try self.object(
                value,
                ["enabled", "minWordSizeForTypos", "disableOnWords", "disableOnAttributes", "disableOnNumbers"])
        }
        if let value = object["pagination"] { _ = try self.object(value, ["maxTotalHits"]) }
        return queue(SearchTask(index: name, work: .settings(object)))
    }

    private mutating func put(_ name: String, _ target: String, _ body: JSONValue?) throws(SearchFault)
        -> (Int, JSONValue)
    {
        try checkName(name)
        let query = target.split(separator: "?").dropFirst().first.map(String.init) ?? ""
        guard query.isEmpty || query.hasPrefix("primaryKey=") else { throw SearchFault(400, "bad_request") }
        let documents = (body?.array ?? [body].compactMap { $0 }).compactMap(\.object)
        guard !documents.isEmpty else { throw SearchFault(400, "missing_payload") }
        guard documents.count <= most else { throw SearchFault(413, "payload_too_large") }
        return queue(
            SearchTask(
                index: name, work: .put(documents, primaryKey: String(query.dropFirst("primaryKey=".count)))))
    }

    private mutating func remove(_ name: String, _ body: JSONValue?) throws(SearchFault) -> (Int, JSONValue) {
        guard let keys = body?.array else { throw SearchFault(400, "bad_request") }
        return queue(SearchTask(index: name, work: .remove(keys.compactMap(\.string))))
    }

    // MARK: tasks

    private mutating func queue(_ task: SearchTask) -> (Int, JSONValue) {
        tasks.append(task)
        return (
            202,
            [
                "taskUid": .int(tasks.count - 1), "indexUid": .string(task.index), "status": "enqueued",
                "type": .string(task.type), "enqueuedAt": "2026-11-27T08:00:00.000000Z",
            ]
        )
    }

    /// Shows a task: queued, then under way, then done with all before it.
    private mutating func task(_ text: String) throws(SearchFault) -> JSONValue {
        guard let uid = Int(text) else { throw SearchFault(400, "invalid_task_uids") }
        guard tasks.indices.contains(uid) else { throw SearchFault(404, "task_not_found") }
        tasks[uid].polls += 1
        if tasks[uid].polls > 1 { for earlier in 0...uid where tasks[earlier].error == nil { work(earlier) } }
        let task = tasks[uid]
        return [
            "uid": .int(uid), "batchUid": nil, "indexUid": .string(task.index), "type": .string(task.type),
            "status": .string(task.polls == 1 && task.status == "enqueued" ? "processing" : task.status),
            "canceledBy": nil, "details": nil, "error": task.error?.value ?? .null,
            "duration": nil, "enqueuedAt": "2026-11-27T08:00:00.000000Z", "startedAt": nil, "finishedAt": nil,
        ]
    }

    private mutating func work(_ uid: Int) {
        guard tasks[uid].status == "enqueued" else { return }
        let task = tasks[uid]
        do throws(SearchFault) {
            failures -= 1
            if failures >= 0 { throw SearchFault(500, "no_space_left_on_device", "system") }
            try work(task)
            tasks[uid].status = "succeeded"
        } catch {
            tasks[uid].status = "failed"
            tasks[uid].error = error
        }
    }

    private mutating func work(_ task: SearchTask) throws(SearchFault) {
        switch task.work {
        case .create(let primaryKey):
            guard indexes[task.index] == nil else { throw SearchFault(409, "index_already_exists") }
            indexes[task.index] = SearchIndex(primaryKey: primaryKey)
        case .settings(let settings): indexes[task.index, default: SearchIndex(primaryKey: "")].configure(settings)
        case .clear:
            guard indexes[task.index] != nil else { throw SearchFault(404, "index_not_found") }
            indexes[task.index]?.documents = [:]
        case .remove(let keys):
            guard indexes[task.index] != nil else { throw SearchFault(404, "index_not_found") }
            for key in keys { indexes[task.index]?.documents[key] = nil }
        case .put(let documents, let primaryKey):
            var index = indexes[task.index] ?? SearchIndex(primaryKey: primaryKey)
            if index.primaryKey.isEmpty { index.primaryKey = primaryKey }
            for document in documents {
                if let id = document["id"]?.string, refused.contains(id) {
                    throw SearchFault(400, "invalid_document_fields")
                }
                try index.put(document)
            }
            indexes[task.index] = index
        }
    }

    // MARK: search

    private func search(_ body: JSONValue?) throws(SearchFault) -> JSONValue {
        guard let queries = try object(body, ["queries"])["queries"]?.array else {
            throw SearchFault(400, "missing_multi_search_queries")
        }
        let known: Set = [
            "indexUid", "q", "offset", "limit", "page", "hitsPerPage", "attributesToRetrieve", "filter", "sort",
            "attributesToSearchOn", "matchingStrategy", "showRankingScore", "rankingScoreThreshold", "distinct",
        ]
        var results: [JSONValue] = []
        for query in queries {
            let query = try object(query, known)
            guard let name = query["indexUid"]?.string else { throw SearchFault(400, "missing_index_uid") }
            guard let index = indexes[name] else { throw SearchFault(404, "index_not_found") }
            let hits = try index.search(query) + lies.map { ["id": .string($0.id), "updated": 0] }
            results.append([
                "indexUid": .string(name), "hits": .array(hits), "query": query["q"] ?? "", "processingTimeMs": 1,
                "limit": query["limit"] ?? 20, "offset": 0, "estimatedTotalHits": .int(hits.count),
            ])
        }
        return ["results": .array(results)]
    }
}
