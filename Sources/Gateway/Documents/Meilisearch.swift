import JSON

/// Meilisearch's wire format (https://www.meilisearch.com/docs/reference/api), as far as documents need it.
///
/// The server is given the words as the store's own index has them, and asked for one word at a time, so that both find
/// the same: a document with any of the words, or the beginning of one (`SearchWords.stem`). Ids go over in hexadecimal
/// digits: a key there may have no dots, and filters there know no capitals.
public struct Meilisearch: Sendable {
    /// Where it is.
    public var settings: MeilisearchSettings

    /// A server.
    public init(_ settings: MeilisearchSettings) { self.settings = settings }

    /// What is found of one word in titles or texts, at most; the newest.
    static let hits = 500
    /// What one request has of documents, in bytes of their texts, unless a single one has more.
    static let batchBytes = 4 << 20

    private var index: String { "/indexes/" + settings.index }

    // MARK: feeding

    /// Something that the server is asked to do, one after the other.
    enum Step: Sendable, Hashable {
        case create
        case configure
        case clear
        case put([IndexChange])
        case remove([IndexChange])

        /// What is prepared before documents are told.
        static let preparation: [Step] = [.create, .configure, .clear]

        /// The documents that it is about.
        var changes: [IndexChange] {
            switch self {
            case .put(let changes), .remove(let changes): changes
            default: []
            }
        }
    }

    /// The request of a step; its answer has a task.
    func request(_ step: Step) -> ProviderRequest {
        switch step {
        case .create: call("POST", "/indexes", ["uid": .string(settings.index), "primaryKey": "key"])
        case .configure: call("PATCH", index + "/settings", Self.configuration)
        case .clear: call("DELETE", index + "/documents")
        case .put(let changes):
            call(
                "POST", index + "/documents?primaryKey=key",
                .array(changes.compactMap { $0.document.map(Self.document) }))
        case .remove(let changes):
            call("POST", index + "/documents/delete-batch", .array(changes.map { .string(Self.key($0.id)) }))
        }
    }

    /// Asks how far a task is.
    func request(task: Int64) -> ProviderRequest { call("GET", "/tasks/\(task)") }

    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) -> ProviderRequest {
        var headers = [ProviderField("Accept", "application/json")]
        if !settings.key.isEmpty { headers.append(ProviderField("Authorization", "Bearer " + settings.key)) }
        if body != nil { headers.append(ProviderField("Content-Type", "application/json")) }
        return ProviderRequest(method: method, url: settings.url + path, headers: headers, body: body?.bytes() ?? [])
    }

    private static let configuration: JSONValue = [
        "searchableAttributes": ["title", "text"], "filterableAttributes": ["boat", "type"],
        "sortableAttributes": ["updated"], "displayedAttributes": ["id", "updated"],
        "rankingRules": ["sort", "words"], "stopWords": [], "synonyms": [:],
        "typoTolerance": ["enabled": false], "pagination": ["maxTotalHits": .int(hits)],
    ]

    private static func document(_ document: DocumentRecord) -> JSONValue {
        [
            "key": .string(key(document.id)), "id": .string(document.id), "boat": .string(key(document.boat)),
            "type": .string(key(document.type)), "title": .string(words(document.title)),
            "text": .string(words(document.text)), "updated": .integer(document.updated.milliseconds),
        ]
    }

    private static func words(_ text: String) -> String { SearchWords.all(in: text).joined(separator: " ") }

    static func key(_ id: String) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = "b"
        for byte in id.utf8 {
            text.unicodeScalars.append(digits[Int(byte >> 4)])
            text.unicodeScalars.append(digits[Int(byte & 15)])
        }
        return text
    }

    // MARK: answers

    /// What the server makes of a step.
    enum Progress: Hashable {
        /// It is queued, or works on it.
        case task(Int64)
        case done
        /// It will never do this.
        case refused(code: String)
        /// It does not know the task, or the index.
        case forgotten
        /// It gave up what it had queued: the step is to be asked again.
        case failed(code: String)
        /// It cannot at present, or does not let us.
        case away(code: String)
    }

    /// Reads an answer.
    static func progress(_ answer: ProviderAnswer) -> Progress {
        guard case .answered(let status, _, let body) = answer else { return .away(code: "no_answer") }
        let value = try? JSONValue(parsing: body)
        let code = code(value) ?? "http_\(status)"
        switch status {
        case 200...299: return progress(value)
        case 400, 413, 422: return .refused(code: code)
        case 404 where code == "task_not_found": return .forgotten
        default: return .away(code: code)
        }
    }

    private static func progress(_ value: JSONValue?) -> Progress {
        guard let value, let task = value["taskUid"]?.int ?? value["uid"]?.int else {
            return .away(code: "bad_answer")
        }
        switch value["status"]?.string {
        case "enqueued", "processing": return .task(task)
        case "succeeded": return .done
        case "failed":
            let error = value["error"]
            let code = code(error) ?? "failed"
            if code == "index_already_exists" { return .done }
            if code == "index_not_found" { return .forgotten }
            return error?["type"]?.string == "invalid_request" ? .refused(code: code) : .failed(code: code)
        case "canceled": return .failed(code: "canceled")
        default: return .away(code: "bad_answer")
        }
    }

    /// A code of the server's as it may be shown and stored.
    static func code(_ value: JSONValue?) -> String? {
        guard let code = value?["code"]?.string, (1...64).contains(code.utf8.count),
            code.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
        else { return nil }
        return code
    }
}
