import JSON

/// An index of the stand-in. It finds as the documents say: each word of a query but the last as it is, the last one
/// also as a beginning, with typos where they are tolerated; `sort` by what may be sorted by.
struct SearchIndex: Sendable {
    var primaryKey: String
    var documents: [String: JSONObject] = [:]
    private var filterable: Set<String> = []
    private var sortable: Set<String> = []
    private var searchable: [String]?
    private var displayed: Set<String>?
    private var sorts = false
    private var toleratesTypos = true
    private var most = 1_000

    init(primaryKey: String) { self.primaryKey = primaryKey }

    mutating func configure(_ settings: JSONObject) {
        func names(_ key: String) -> [String]? { settings[key]?.array?.compactMap(\.string) }
        if let names = names("filterableAttributes") { filterable = Set(names) }
        if let names = names("sortableAttributes") { sortable = Set(names) }
        if let names = names("searchableAttributes") { searchable = names }
        if let names = names("displayedAttributes") { displayed = Set(names) }
        if let rules = names("rankingRules") { sorts = rules.contains("sort") }
        if let isOn = settings["typoTolerance"]?["enabled"]?.bool { toleratesTypos = isOn }
        if let count = settings["pagination"]?["maxTotalHits"]?.int { most = Int(count) }
    }

    mutating func put(_ document: JSONObject) throws(SearchFault) {
        guard let key = document[primaryKey]?.string else { throw SearchFault(400, "missing_document_id") }
        let isKey = key.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x5F
        }
        guard isKey, (1...511).contains(key.utf8.count) else { throw SearchFault(400, "invalid_document_id") }
        documents[key] = document
    }

    func search(_ query: JSONObject) throws(SearchFault) -> [JSONValue] {
        let attributes = query["attributesToSearchOn"]?.array?.compactMap(\.string) ?? searchable ?? []
        for attribute in attributes where !(searchable?.contains(attribute) ?? true) {
            throw SearchFault(400, "invalid_search_attributes_to_search_on")
        }
        var found = documents.values.filter { matches($0, query["q"]?.string ?? "", attributes) }
        for filter in query["filter"]?.array ?? [query["filter"]].compactMap({ $0 }) {
            let filter = try SearchFilter(filter.string ?? "", filterable)
            found = found.filter(filter.allows)
        }
        for sort in query["sort"]?.array ?? [] {
            let parts = (sort.string ?? "").split(separator: ":").map(String.init)
            guard parts.count == 2, sortable.contains(parts[0]), ["asc", "desc"].contains(parts[1]) else {
                throw SearchFault(400, "invalid_search_sort")
            }
            guard sorts else { continue }
            found.sort { left, right in
                let (one, other) = (left[parts[0]]?.int ?? 0, right[parts[0]]?.int ?? 0)
                return parts[1] == "asc" ? one < other : one > other
            }
        }
        let wanted = query["attributesToRetrieve"]?.array?.compactMap(\.string)
        return found.prefix(min(Int(query["limit"]?.int ?? 20), most)).map { document in
            .object(
                JSONObject(
                    document.members.filter { name, _ in
                        displayed?.contains(name) ?? true && wanted.map { $0.contains(name) } ?? true
                    }.map { ($0.key, $0.value) }))
        }
    }

    private func matches(_ document: JSONObject, _ text: String, _ attributes: [String]) -> Bool {
        let asked = text.split(separator: " ").map(String.init)
        let words = attributes.flatMap { (document[$0]?.string ?? "").split(separator: " ").map(String.init) }
        return asked.enumerated().allSatisfy { place, word in
            words.contains { $0 == word || (place == asked.count - 1 && $0.hasPrefix(word)) || isNear($0, word) }
        }
    }

    /// One letter is another one, in words from five letters on.
    private func isNear(_ one: String, _ other: String) -> Bool {
        guard toleratesTypos, other.count >= 5, one.count == other.count else { return false }
        return zip(one, other).count { $0 != $1 } <= 1
    }
}

/// `attribute = value` or `attribute IN [value, …]`; values are compared without capitals.
private struct SearchFilter {
    private let attribute: String
    private let values: Set<String>

    init(_ text: String, _ filterable: Set<String>) throws(SearchFault) {
        let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3, filterable.contains(parts[0]) else { throw SearchFault(400, "invalid_search_filter") }
        attribute = parts[0]
        switch parts[1] {
        case "=": values = [parts[2].lowercased()]
        case "IN" where parts[2].hasPrefix("[") && parts[2].hasSuffix("]"):
            let list = parts[2].dropFirst().dropLast().split(separator: ",")
            values = Set(list.map { $0.lowercased().filter { $0 != " " } })
        default: throw SearchFault(400, "invalid_search_filter")
        }
    }

    func allows(_ document: JSONObject) -> Bool { values.contains((document[attribute]?.string ?? "").lowercased()) }
}
