import Gateway
import HTTP
import JSON

/// Reads documents, and what is looked for among them; every fault has its JSON pointer or parameter.
struct DocumentReader {
    private var faults = RequestFaults()

    static func document(_ id: String, _ object: JSONObject, at now: Timestamp) throws(Problem) -> DocumentRecord {
        var reader = DocumentReader()
        reader.faults.addUnknown(of: object, ["id", "boat", "type", "title", "text", "url", "media"])
        var document = DocumentRecord(
            id: id, boat: reader.name(object, "boat"), type: reader.name(object, "type").lowercased(),
            title: reader.line(object, "title") ?? "", at: now)
        document.text = reader.text(object)
        document.url = reader.url(object)
        document.media = reader.media(object)
        try reader.faults.check()
        return document
    }

    private mutating func name(_ object: JSONObject, _ field: String) -> String {
        guard let value = object[field] else {
            faults.add("/" + field, "is missing")
            return ""
        }
        guard let name = value.string, JobCodec.isIdentifier(name) else {
            faults.add("/" + field, "must be 1 to 64 letters, digits, dots, dashes and underscores")
            return ""
        }
        return name
    }

    /// One line that people see.
    private mutating func line(_ object: JSONObject, _ field: String) -> String? {
        guard let value = object[field] else {
            faults.add("/" + field, "is missing")
            return nil
        }
        guard let text = value.string, (1...200).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
            faults.add("/" + field, "must be one line of 1 to 200 bytes")
            return nil
        }
        return text
    }

    private mutating func text(_ object: JSONObject) -> String {
        guard let value = object["text"] else { return "" }
        guard let text = value.string, text.utf8.count <= DocumentRecord.longestText else {
            faults.add("/text", "must be a text of at most \(DocumentRecord.longestText) bytes")
            return ""
        }
        return text
    }

    private mutating func url(_ object: JSONObject) -> String? {
        guard let value = object["url"], value != .null else { return nil }
        guard let text = value.string, text.utf8.count <= 2_000, HTTPURL(text) != nil else {
            faults.add("/url", "must be an absolute http or https URL of at most 2000 bytes")
            return nil
        }
        return text
    }

    private mutating func media(_ object: JSONObject) -> RecordID? {
        guard let value = object["media"], value != .null else { return nil }
        guard let id = value.string.flatMap({ RecordID($0, .media) }) else {
            faults.add("/media", "must be the id of a file that a person sent, such as med_…")
            return nil
        }
        return id
    }

    /// `?q=&boat=&contact=&type=&limit=`.
    static func query(_ list: ListQuery) throws(Problem) -> DocumentQuery {
        guard list.after == nil else {
            throw Problem(400, "unknown_parameter", "A search has no parameter 'cursor': the best are what it finds.")
        }
        guard list.filters["boat"] == nil || list.filters["contact"] == nil else {
            throw Problem(400, "two_scopes", "A search is among the documents of a boat or of a contact, not of both.")
        }
        var scope = DocumentQuery.Scope.all
        if let boat = list.filters["boat"] { scope = .boat(boat) }
        if let contact = list.filters["contact"] { scope = .contact(contact) }
        let text = list.filters["q"] ?? ""
        let words = SearchWords.significant(in: text)
        guard !words.isEmpty || text.isEmpty else {
            throw Problem(
                400, "no_words", "'q' has no word to look for: those that nearly every sentence has are left out.")
        }
        var query = DocumentQuery(
            scope, type: list.filters["type"]?.lowercased(), words: words, limit: list.limit)
        query.within = SearchAction.usualTime
        return query
    }

    /// Parameters of a search.
    static let filters: Set<String> = ["q", "boat", "contact", "type"]
}
